"""The same review judged by the other networks on the shelf.

The page does not wait for them: they are asked for by the browser once the page is painted, the quick networks first,
each of the large ones by itself, and kept for the text. A visitor who types on is not asked for at all.
"""

from __future__ import annotations

import hashlib
import html
import math
import threading
import time
from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.session import reading as readings
from components.session import resources
from components.ui.scripts import content
from components.ui.theme import Palette
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.sentiment import Trace

_QUICK = 200  # units up to which a network reads a review in a few milliseconds
_WAIT_QUICK, _WAIT_LARGE = 150, 700  # ms after the page is painted
_component = st.components.v2.component("unrolled_verdicts", js=content("read/verdicts.js"))
_reading = threading.Lock()  # one visitor's other verdicts at a time: nobody's own reading waits behind them


def all_verdicts(review: str, cards: tuple[ModelCard, ...], chosen: ModelCard, trace: Trace, colours: Palette) -> None:
    """The same review judged by our own models and the chosen one, a point on a bar each; ``chosen`` is set in bold.

    Args:
        trace: the chosen model's own reading, which is not made again.
    """
    readings.kept().verdicts(review)[chosen.name] = trace.probability
    asked = [card for card in cards if card.part in ("trio", "best") or card.name == chosen.name]
    _verdicts(review, asked, chosen, colours)


@st.fragment
def _verdicts(review: str, asked: Sequence[ModelCard], chosen: ModelCard, colours: Palette) -> None:
    known = readings.kept().verdicts(review)
    st.html(table(known, asked, chosen, colours))
    missing = [card for card in asked if card.name not in known]
    if missing:
        wait_for(review, missing)


def wait_for(review: str, missing: Sequence[ModelCard]) -> None:
    """Have the browser ask for the next verdicts as soon as it has painted what there is."""
    question = f"{review}\0{len(missing)}\0{time.time_ns() if _reading.locked() else ''}"
    _component(
        key="verdicts-next",
        data={
            "of": hashlib.blake2b(question.encode(errors="replace"), digest_size=8).hexdigest(),
            "wait": _WAIT_QUICK if any(card.units <= _QUICK for card in missing) else _WAIT_LARGE,
        },
        on_next_change=partial(judge_next, review, missing),
    )


def judge_next(review: str, missing: Sequence[ModelCard]) -> None:
    """Let the quick ones of the missing networks read the review, or, when they have, one of the large ones.

    While another visitor's are being read nothing happens, and the browser asks again.
    """
    quick = [card for card in missing if card.units <= _QUICK]
    known = readings.kept().verdicts(review)
    if not _reading.acquire(blocking=False):
        return
    try:
        for card in quick or sorted(missing, key=lambda card: card.units)[:1]:
            try:
                known[card.name] = float(resources.model(card.name).predict([review])[0])
            except (ArtifactError, UnknownModel):
                known[card.name] = float("nan")
    finally:
        _reading.release()


def table(known: dict[str, float], asked: Sequence[ModelCard], chosen: ModelCard, colours: Palette) -> str:
    """A row a model, as HTML: its title, where P(positive) lies, and the number; a dot while it is not known yet.

    Args:
        known: P(positive), 0…1, by model; NaN where a model is out of order.
    """
    rows = []
    for card in asked:
        p = known.get(card.name)
        read = p is not None and p == p
        dot = (
            f'<i style="left:{100 * p:.1f}%;background:{colours.families.get(card.family, colours.muted)}"></i>'
            if p is not None and read
            else ""
        )
        value = "…" if p is None else f"{p:.3f}" if read else "out of order"
        mark = ' class="chosen"' if card.name == chosen.name else ""
        rows.append(f"<div{mark}><span>{html.escape(card.title)}</span><b><s></s>{dot}</b><span>{value}</span></div>")
    return (
        '<div class="u-by-model" role="group" aria-label="P(positive) of this review by several models">'
        f"<p>P(positive) of the whole text, model by model</p><p class=agree>{agreement(known, asked)}</p>"
        + "".join(rows)
        + "</div>"
    )


def agreement(known: dict[str, float], asked: Sequence[ModelCard]) -> str:
    """Whether the networks agree, once all have read: who stands alone, or how many say what. Empty before that."""
    positive = [card for card in asked if known.get(card.name, math.nan) >= 0.5]
    negative = [card for card in asked if known.get(card.name, math.nan) < 0.5]
    count = len(positive) + len(negative)
    if count < 2 or any(card.name not in known for card in asked):
        return ""
    if not positive or not negative:
        return f"All {count} say {'positive' if positive else 'negative'}."
    fewer, side = (positive, "positive") if len(positive) <= len(negative) else (negative, "negative")
    other = "negative" if side == "positive" else "positive"
    if len(fewer) == 1:
        return f"They disagree: {html.escape(fewer[0].title)} alone says {side}, the other {count - 1} {other}."
    return f"They disagree: {len(positive)} say positive, {len(negative)} negative."
