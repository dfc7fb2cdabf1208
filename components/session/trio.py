"""What the three networks that are compared differ in, said wherever they stand beside each other."""

from __future__ import annotations

import streamlit as st

from components.session import address, keys, resources
from components.ui.messages import plain
from models.card import PLAIN_TRIO, TRIO, ModelCard

_DIFFER = (
    "They differ in more than the cell: the SimpleRNN’s verdict looks at the mean and the maximum of all states, "
    "the GRU’s at the last one, the LSTM’s at all of these, and LSTM and GRU were shown more, single sentences among "
    "it. The plain trio differs in nothing but the cell."
)
_ALIKE = (
    "The plain trio: one layer of 64 units, the last state alone read out, the same data, schedule and seeds. Only the "
    "cell differs."
)


def differs(card: ModelCard) -> None:
    """Beside one network of a trio: the line, and a way to its plain sister."""
    if card.part == "plain":
        plain(_ALIKE, muted=True)
        return
    plain(_DIFFER, muted=True)
    sister = f"plain_{card.name}"
    if card.name in TRIO and sister in {one.name for one in resources.cards()}:
        st.button(
            f"Choose the plain {card.title}",
            key="choose-plain",
            icon=":material/swap_horiz:",
            type="tertiary",
            on_click=_choose,
            args=(sister,),
        )


def _choose(name: str) -> None:
    """The whole page has another model, whatever part of it was clicked."""
    address.choose_model(name)
    st.rerun()


def compared(names: tuple[str, ...]) -> None:
    """Beside a whole trio on Compare: the line, and the other trio at a click."""
    if names == PLAIN_TRIO:
        plain(_ALIKE, muted=True)
    elif names == TRIO and set(PLAIN_TRIO) <= {one.name for one in resources.cards()}:
        plain(_DIFFER, muted=True)
        st.button(
            "Compare the plain trio",
            key="compare-plain",
            icon=":material/swap_horiz:",
            type="tertiary",
            on_click=_compare_plain,
        )


def _compare_plain() -> None:
    st.session_state[keys.COMPARE_MODELS] = list(PLAIN_TRIO)
