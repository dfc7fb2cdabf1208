"""The verdict: P(positive) as a point on a bar from 0 to 1, with the threshold marked, and in words."""

from __future__ import annotations

import html
from typing import Any

import streamlit as st

from components import resources
from components.theme import Palette
from models import figures as science
from models.catalog import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.sentiment import Trace

_SENTENCE = 25  # words up to which a text is read like a single sentence rather than like a review
_WORDS = ((0.9, "clearly"), (0.75, "rather"), (0.6, "slightly"))


def in_words(probability: float) -> str:
    """``clearly positive``, ``slightly negative``, ``undecided``."""
    side = "positive" if probability >= 0.5 else "negative"
    sure = max(probability, 1 - probability)
    return next((f"{word} {side}" for least, word in _WORDS if sure >= least), f"undecided, a touch {side}")


def verdict(trace: Trace, card: ModelCard, colours: Palette) -> None:
    """Show the verdict of one reading."""
    p = trace.probability
    colour = colours.positive if p >= 0.5 else colours.negative
    sign = "+" if p >= 0.5 else "−"
    st.html(
        f'<div role="img" aria-label="P(positive) is {p:.3f}; the threshold is 0.5">'
        '<div style="display:flex;align-items:baseline;gap:.6rem;flex-wrap:wrap">'
        f'<span style="font-size:1.7rem;font-weight:650;color:{colour}">{sign} {in_words(p).capitalize()}</span>'
        f'<span style="font-size:1.05rem">P(positive) = <b>{p:.3f}</b></span></div>'
        '<div style="position:relative;height:14px;margin:.55rem 8px .2rem;border-radius:7px;'
        f'background:linear-gradient(90deg,{colours.diverging[1][1]},{colours.neutral},{colours.diverging[-2][1]})">'
        f'<div style="position:absolute;left:50%;top:-5px;height:24px;border-left:2px dashed {colours.ink}"></div>'
        f'<div style="position:absolute;left:{100 * p:.2f}%;top:-4px;width:22px;height:22px;margin-left:-11px;'
        f"border-radius:50%;background:{colour};border:3px solid {colours.paper};box-shadow:0 0 0 1.5px {colours.ink};"
        'box-sizing:border-box"></div></div>'
        '<div style="display:flex;justify-content:space-between;font-size:.85rem;opacity:.85">'
        "<span>0 negative</span><span>threshold 0.5</span><span>positive 1</span></div></div>"
    )


def evidence(trace: Trace, card: ModelCard) -> str:
    """What a score like this meant on the test set, or what is known if that was never measured.

    Test reviews are long: beside a short text stands how often single sentences are judged as they are meant.
    """
    figures = resources.evaluation(card) or {}
    return f"{_scored_alike(trace, card, figures)} {_of_sentences(trace, figures)}".rstrip()


def _scored_alike(trace: Trace, card: ModelCard, figures: dict[str, Any]) -> str:
    bin_ = science.scored_alike(figures, trace.probability)
    if bin_ is None:
        return "How often a score like this is right was not measured for this model."
    if bin_["reviews"] < science.FEW:
        return f"Only {bin_['reviews']:,} test reviews were scored like this, too few to say how often it is right."
    return (
        f"Of {bin_['reviews']:,} test reviews that {card.title} scored between {bin_['from']:.2f} and "
        f"{bin_['to']:.2f}, {100 * bin_['positive']:.0f}\u00a0% were positive."
    )


def _of_sentences(trace: Trace, figures: dict[str, Any]) -> str:
    if len(trace.tokens) > _SENTENCE:
        return ""
    cuts = (figures.get("challenges") or {}).get("cuts") or []
    row = next((row for row in cuts if row["kind"] == "any_sentence" and row["reviews"]), None)
    if row is None:
        return ""
    return (
        f"Yours is short: of {row['reviews']:,} single sentences from held-out reviews it judged "
        f"{100 * row['accuracy']:.0f}\u00a0% as the whole review was meant."
    )


def all_verdicts(review: str, cards: tuple[ModelCard, ...], chosen: ModelCard, colours: Palette) -> None:
    """The same review judged by our own models and the chosen one, a point on a bar each; ``chosen`` is set in bold."""
    rows = []
    for card in [card for card in cards if card.part in ("trio", "best") or card.name == chosen.name]:
        try:
            p: float | None = float(resources.model(card.name).predict([review])[0])
        except (ArtifactError, UnknownModel):
            p = None
        colour = colours.families.get(card.family, colours.muted)
        weight = 650 if card.name == chosen.name else 400
        bar = (
            '<span style="position:relative;flex:1 1 4rem;min-width:4rem;height:6px;border-radius:3px;'
            f'background:{colours.surface};box-shadow:inset 0 0 0 1px {colours.line}">'
            '<span style="position:absolute;left:50%;top:-3px;height:12px;'
            f'border-left:1.5px dashed {colours.muted}"></span>'
            + (
                f'<span style="position:absolute;left:{100 * p:.1f}%;top:-4px;width:14px;height:14px;margin-left:-7px;'
                f'border-radius:50%;background:{colour};box-shadow:0 0 0 2px {colours.paper}"></span>'
                if p is not None
                else ""
            )
            + "</span>"
        )
        value = f"{p:.3f} {'+' if p >= 0.5 else '−'}" if p is not None else "out of order"
        rows.append(
            f'<div style="display:flex;align-items:center;gap:.8rem;margin:.35rem 0;font-weight:{weight}">'
            f'<span style="flex:0 1 9.5rem;overflow-wrap:anywhere">{html.escape(card.title)}</span>{bar}'
            f'<span style="min-width:4.2rem;text-align:right;font-variant-numeric:tabular-nums">{value}</span></div>'
        )
    st.html(
        '<div role="group" aria-label="P(positive) of this review by several models">'
        '<p style="margin:.2rem 0 .3rem;font-weight:650">P(positive), model by model</p>' + "".join(rows) + "</div>"
    )
