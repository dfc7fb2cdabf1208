"""Choosing several models: one way for every page that reads, compares or judges with more than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.session import address
from models.card import TRIO, ModelCard


def several_models(
    question: str,
    cards: Sequence[ModelCard],
    key: str,
    label: Callable[[ModelCard], str],
    *,
    in_address: bool = False,
    help: str | None = None,
) -> list[ModelCard]:
    """Ask which models; the trio at first, or the first ones of a shelf without it.

    What is no longer on the shelf is dropped from the choice; a visitor may leave nothing chosen.

    Args:
        question: what the choice is called.
        key: of the session, and of the address where it is kept there too.
        label: how a model is shown.
        in_address: whether a link carries the choice; what is as a visit opens is not written there.

    Returns:
        The chosen ones, in the order of the shelf, whatever the order they were clicked in.
    """
    by_name = {card.name: card for card in cards}
    first = [name for name in TRIO if name in by_name] or list(by_name)[: len(TRIO)]
    asked = st.query_params.get_all(key) if in_address else []
    before = st.session_state.get(key, asked or first) or []
    there = [name for name in by_name if name in before]
    st.session_state[key] = there if there or not before else first
    names = st.pills(
        question,
        list(by_name),
        selection_mode="multi",
        format_func=lambda name: label(by_name[name]),
        key=key,
        persist_state="session",
        help=help,
        wrap=True,
    )
    if in_address:
        address.write(key, None if names == first else names)
    return [card for name, card in by_name.items() if name in names]
