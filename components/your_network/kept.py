"""The networks that this visitor has brought so far, each with its ways to the pages and "Forget this network"."""

from __future__ import annotations

import streamlit as st

from components.session import brought, keys
from components.ui.messages import plain
from components.your_network import beside, on_shelf
from models.foreign.model import ForeignModel


def keep(model: ForeignModel) -> None:
    """The button that makes the network one of the models of every page."""
    st.button(
        "Read with it", key="your-network-keep", type="primary", icon=":material/check:", on_click=_keep, args=(model,)
    )
    if st.session_state.pop(keys.BROUGHT_FULL, False):
        st.info(
            "Other visitors’ networks fill the memory that is set aside for them. Try again in a while, or run "
            "Unrolled on your own machine.",
            icon=":material/hourglass_empty:",
            title="No room just now",
        )


def _keep(model: ForeignModel) -> None:
    size = 3 * 4 * model.plan.parameters + 200 * len(model.vocabulary) + len(model.file or b"")
    try:
        brought.keep(model, size)
    except brought.Full:
        st.session_state[keys.BROUGHT_FULL] = True


def networks() -> None:
    """What is there, under the names that the pickers have."""
    for name, model in brought.mine().items():
        with st.container(border=True, key=f"kept-{name}"):
            summary = (
                f"{model.card.title}: P({model.labels[1]}), {model.card.family}, {model.card.parameters:,} parameters."
            )
            plain(f"{summary} It stands in every model picker under “Yours”.")
            if not model.exact:
                plain(
                    "Its layers or its padding are not those of our own networks: states, gates, verdicts and credits "
                    "are exact; gradients, held units and the arithmetic of a timestep are not offered for it.",
                    muted=True,
                )
            with st.container(horizontal=True):
                on_shelf.ways(name)
                on_shelf.button(model)
                st.button(
                    "Forget this network", key=f"forget-{name}", icon=":material/delete:", on_click=brought.forget,
                    args=(name,), type="tertiary",
                )  # fmt: skip
            beside.files(model.card)
