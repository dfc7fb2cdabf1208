"""The networks that were trained here: each can be taken from the shelf again."""

from __future__ import annotations

import streamlit as st

from components.session import resources
from models.card import ModelCard
from models.jobs import training_job
from models.jobs.job import WorkshopError
from models.jobs.training_job import Workshop


def own_networks(shop: Workshop) -> None:
    """List them, each with a button that removes it after one more question; nothing where there are none."""
    own = [card for card in resources.shelf_cards() if training_job.is_own(card.name) and not card.facts.get("brought")]
    if not own:
        return
    st.markdown("**Trained here**")
    for card in own:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"{card.title} · {card.name}", width="content")
            with st.popover("Remove", icon=":material/delete:", type="tertiary", key=f"remove-{card.name}"):
                st.text("Take it from the shelf for good?")
                st.button("Remove it", key=f"removed-{card.name}", on_click=_remove, args=(shop, card))


def _remove(shop: Workshop, card: ModelCard) -> None:
    try:
        shop.remove(card.name)
        resources.look_again()
    except (WorkshopError, OSError):
        st.toast("It could not be removed.", icon=":material/block:")
