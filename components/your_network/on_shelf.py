"""Brought networks on the shelf of one's own machine: put there with a card, read with after a restart, removed again.

Offered where trainings are (``UNROLLED_TRAINING``); on a hosted page there is nothing of it.
"""

from __future__ import annotations

import streamlit as st

from components.session import brought, handover, removal, resources
from components.ui.messages import plain
from components.your_network import beside
from models.foreign import shelf
from models.foreign.model import ForeignModel
from models.jobs.training_job import allowed

_PAGES = {"read": "Read", "inside": "Inside", "compare": "Compare", "batch": "Batch"}


def ways(name: str) -> None:
    """A button for each page that opens with a network."""
    for page, title in _PAGES.items():
        st.button(title, key=f"open-{page}-{name}", on_click=handover.open_with, args=(page, name))


def button(model: ForeignModel) -> None:
    """Put a network of this visit on the shelf; nothing where that is not allowed."""
    if allowed() and model.file is not None:
        st.button(
            "Put it on the shelf", key=f"shelve-{model.card.name}", icon=":material/save:", on_click=_put,
            args=(model,),
            help="Its file, its words and a card are written to the shelf of this machine: it stays after a restart, "
            "and everybody who opens this app reads with it.",
        )  # fmt: skip


def networks() -> None:
    """Those that are on the shelf, each with its ways to the pages and a way off the shelf again."""
    if not allowed():
        return
    for card in (card for card in resources.shelf_cards() if card.facts.get("brought")):
        name, (zero, one) = card.name, card.facts["labels"]
        with st.container(border=True, key=f"shelved-{name}"):
            plain(
                f"{card.title}: P({one}), 0 is {zero}; {card.family}, {card.parameters:,} parameters. It is on the "
                f"shelf as {name}; its card is on About."
            )
            with st.container(horizontal=True):
                ways(name)
                removal.offer(card, "Take it from the shelf for good? Its file there is deleted.")
            beside.files(card)


def _put(model: ForeignModel) -> None:
    if not allowed() or model.file is None:
        return
    judged = brought.beside(model.card.name).judged
    measured = None if judged is None else (judged.figures.accuracy, judged.figures.test_reviews)
    taken = tuple(card.title for card in resources.shelf_cards())
    try:
        name = shelf.put(resources.shelf(), model, model.file, taken, measured)
    except OSError:
        st.toast("It could not be written to the shelf: is there room, may it be written to?", icon=":material/block:")
        return
    resources.look_again()
    brought.moved(model.card.name, name)
    st.toast(f"It is on the shelf as {name}.", icon=":material/check:")
