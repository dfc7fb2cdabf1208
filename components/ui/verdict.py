"""The verdict: P(positive) as a point on a bar from 0 to 1, with the threshold marked, and in words."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable

from components.ui import labels
from models.card import ModelCard
from models.sentiment import Trace

SHAPES = {"SimpleRNN": "■", "LSTM": "●", "GRU": "◆"}
# Of further models of a family, where several stand beside each other; as their lines' markers in the charts.
_FURTHER = {"SimpleRNN": "□▣⊞⊠", "LSTM": "○◉⊕⊗", "GRU": "◇◈❖⬖"}
_WORDS = ((0.9, "clearly"), (0.75, "rather"), (0.6, "slightly"))


def in_words(probability: float, sides: labels.Labels | None = None) -> str:
    """``clearly positive``, ``slightly negative``, ``undecided``.

    Args:
        sides: what 0 and 1 are called; None: as they are called on this page.
    """
    side = "positive" if probability >= 0.5 else "negative"
    sure = max(probability, 1 - probability)
    return labels.relabelled(
        next((f"{word} {side}" for least, word in _WORDS if sure >= least), f"undecided, a touch {side}"),
        sides,
    )


def verdict_html(trace: Trace) -> str:
    """The verdict of one reading, in words and on a bar."""
    p = trace.probability
    side, sign = ("positive", "+ ") if p >= 0.5 else ("negative", "− ")
    if max(p, 1 - p) < _WORDS[-1][0]:
        side, sign = "undecided", ""
    low, high = (html.escape(labels.relabelled(word)) for word in labels.USUAL)
    aria_text = f"{html.escape(in_words(p).capitalize())}: P({high}) is {p:.3f}"
    return (
        f'<p class="u-heard" role="status" aria-live="polite">{aria_text}</p>'
        f'<div class="u-verdict" role="img" aria-label="{aria_text}; '
        'the threshold is 0.5">'
        f'<div class="words"><span class="u-{side}">{sign}{html.escape(in_words(p).capitalize())}</span>'
        f"<span>P({high}) = <b>{p:.3f}</b></span></div>"
        f'<div class="scale"><div></div><div class="u-dot-{side}" style="left:{100 * p:.2f}%"></div></div>'
        f'<div class="ends"><span>0 {low}</span><span>threshold 0.5</span><span>{high} 1</span></div></div>'
    )


def ranks(cards: Iterable[ModelCard]) -> dict[str, int]:
    """By model: how many models of its family come before it among these."""
    seen: Counter[str] = Counter()
    found = {}
    for card in cards:
        found[card.name] = seen[card.family]
        seen[card.family] += 1
    return found


def shape(family: str, rank: int = 0) -> str:
    """A family's marker as a letter, in a variant for every further model of the family."""
    further = _FURTHER.get(family, "△▽")
    return further[(rank - 1) % len(further)] if rank else SHAPES.get(family, "▲")


def family_mark(card: ModelCard, rank: int = 0) -> str:
    """A model's name with its family's colour and marker, as escaped HTML; ``rank``: see ``ranks``."""
    symbol = shape(card.family, rank)
    colour = f"var(--{card.family.lower()},var(--ink))"
    return f'<span style="color:{colour}" aria-hidden="true">{symbol}</span>&nbsp;{html.escape(card.title)}'


def position_bar(p: float) -> str:
    """P(positive) as a point between 0 and 1 with the threshold marked, as HTML."""
    side = "positive" if p >= 0.5 else "negative"
    return (
        '<span class="unrolled-bar" aria-hidden="true"><span></span>'
        f'<span class="u-dot-{side}" style="left:{100 * p:.1f}%"></span></span>'
    )


def marked_title(card: ModelCard) -> str:
    """A model on a pill: its family's marker and its title."""
    return f"{shape(card.family)} {card.title}"
