"""The verdict: P(positive) as a point on a bar from 0 to 1, with the threshold marked, and in words."""

from __future__ import annotations

import html

import streamlit as st

from components.ui.theme import Palette
from models.card import ModelCard
from models.sentiment import Trace

SHAPES = {"SimpleRNN": "■", "LSTM": "●", "GRU": "◆"}
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


def family_mark(card: ModelCard, colours: Palette) -> str:
    """A model's name with its family's colour and marker, as escaped HTML."""
    symbol = SHAPES.get(card.family, "●")
    colour = colours.families.get(card.family, colours.ink)
    return f'<span style="color:{colour}" aria-hidden="true">{symbol}</span>&nbsp;{html.escape(card.title)}'


def position_bar(p: float, colours: Palette) -> str:
    """P(positive) as a point between 0 and 1 with the threshold marked, as HTML."""
    colour = colours.positive if p >= 0.5 else colours.negative
    return (
        '<span class="unrolled-bar" aria-hidden="true" style="position:relative;display:inline-block;height:.7rem;'
        f'border-bottom:2px solid {colours.line}">'
        '<span style="position:absolute;left:50%;top:0;height:100%;'
        f'border-left:1.5px dashed {colours.muted}"></span><span style="position:absolute;left:{100 * p:.1f}%;'
        f'top:.22rem;width:.7rem;height:.7rem;margin-left:-.35rem;border-radius:50%;background:{colour}"></span></span>'
    )


def marked_title(card: ModelCard) -> str:
    """A model on a pill: its family's marker and its title."""
    return f"{SHAPES.get(card.family, '▲')} {card.title}"
