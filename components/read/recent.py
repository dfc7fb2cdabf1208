"""The readings of this visit, to go back to. They live in the session's memory alone and end with it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.session import keys, resources
from components.session.handover import open_review
from components.ui import labels
from components.ui.format import shortened
from components.ui.verdict import in_words
from models.card import ModelCard
from models.sentiment import Trace

MOST_READINGS = 20
MOST_CHARACTERS = 1_000_000
_EXCERPT = 90


@dataclass(frozen=True, slots=True)
class Earlier:
    """One reading: the review, the model's name, and P(positive), 0…1."""

    review: str
    model: str
    probability: float


def with_new(readings: Sequence[Earlier], new: Earlier) -> list[Earlier]:
    """The readings with a new one first; the same review by the same model stands once, the oldest fall out."""
    kept, characters = [new], len(new.review)
    for reading in readings:
        if (reading.review, reading.model) == (new.review, new.model):
            continue
        characters += len(reading.review)
        if len(kept) == MOST_READINGS or characters > MOST_CHARACTERS:
            break
        kept.append(reading)
    return kept


def remember(place: DeltaGenerator, review: str, card: ModelCard | None, trace: Trace | None) -> None:
    """Keep this reading, if there is one, and offer the earlier ones at ``place``; nothing while there are none."""
    known: list[Earlier] = st.session_state.get(keys.RECENT, [])
    current = None
    if trace is not None and card is not None:
        current = Earlier(review, card.name, trace.probability)
        known = st.session_state[keys.RECENT] = with_new(known, current)
    earlier = [reading for reading in known if reading != current]
    if earlier:
        with (
            place,
            st.popover(
                "Earlier readings", icon=":material/history:", type="tertiary", key=keys.EARLIER_OPEN, on_change="rerun"
            ) as opened,
        ):
            if opened.open:
                _offer(earlier)


def _offer(earlier: Sequence[Earlier]) -> None:
    cards = {card.name: card for card in resources.cards()}
    st.caption("Kept in the memory of this visit, and nowhere else.")
    for place, reading in enumerate(earlier):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", wrap=False, key=f"earlier-row-{place}"
        ):
            st.html(_line(reading, cards.get(reading.model)), width="stretch")
            st.button(
                "Open",
                key=f"earlier-{place}",
                help="Reads this review again",
                on_click=_return_to,
                args=(reading,),
                width="content",
            )
            st.button(
                "Compare",
                key=f"earlier-compare-{place}",
                help="Reads it with several models",
                on_click=_compare,
                args=(reading,),
                type="tertiary",
                width="content",
            )
    st.button("Clear", key="earlier-clear", icon=":material/delete:", on_click=_clear, type="tertiary")


def _line(reading: Earlier, card: ModelCard | None) -> str:
    """A row of the list; the visitor's text is escaped, never a label, because labels are Markdown."""
    excerpt = shortened(" ".join(reading.review[: 3 * _EXCERPT].split()), _EXCERPT)
    sides = labels.USUAL if card is None else card.sides
    verdict = f"P({sides[1]}) {reading.probability:.3f}, {in_words(reading.probability, sides)}"
    model = reading.model if card is None else card.title
    return (
        f'<div class="u-plain">{html.escape(excerpt)}<br>'
        f'<span class="u-key">{html.escape(f"{model} · {verdict}")}</span></div>'
    )


def _return_to(reading: Earlier) -> None:
    st.session_state[keys.EARLIER_OPEN] = False
    open_review(reading.review, model=reading.model)


def _compare(reading: Earlier) -> None:
    open_review(reading.review, model=reading.model, page="compare")


def _clear() -> None:
    st.session_state.pop(keys.RECENT, None)
