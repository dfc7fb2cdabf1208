"""A network of one's own taken from the shelf, after one more question."""

from __future__ import annotations

import streamlit as st

from components.session import brought, resources
from models.card import ModelCard
from models.jobs.job import WorkshopError
from models.jobs.training_job import Workshop


def offer(card: ModelCard, asks: str) -> None:
    """The button; ``asks`` is the question behind it."""
    with st.popover("Remove", icon=":material/delete:", type="tertiary", key=f"remove-{card.name}"):
        st.text(asks)
        st.button("Remove it", key=f"removed-{card.name}", on_click=_remove, args=(card.name,))


def _remove(name: str) -> None:
    try:
        Workshop(resources.shelf()).remove(name)
    except (WorkshopError, OSError):
        st.toast("It could not be removed.", icon=":material/block:")
        return
    resources.look_again()
    brought.forget(name)
