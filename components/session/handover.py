"""Handing a review on: what one page found, opened on another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

from components.session import address, keys, typed
from models.examples import NAME_OF

SIDE_BY_SIDE, WHAT_IF, SMALLEST_CHANGE = "side-by-side", "what-if", "smallest-change"
MOST_STEPS = 30  # edits that can be undone
MOST_COMPARED = 4  # models that fit below each other


def open_review(
    text: str,
    *,
    page: str | None = None,
    model: str | None = None,
    compare: Sequence[str] = (),
    edited: tuple[str, str] | None = None,
) -> None:
    """Make a review the one that every page reads. For callbacks: widgets of the same run must not be drawn yet.

    Args:
        text: the review. Where it is one of our examples, that example is chosen too.
        page: the page to open, by its name in the address; without one the visitor stays.
        model: the model that reads it; without one the chosen model stays.
        compare: models that Compare reads it with; without any those chosen stay.
        edited: another version of the text, and what was done to it: Compare opens it under "What if".
    """
    example = NAME_OF.get(text)
    state = st.session_state
    state[keys.REVIEW], state[keys.EXAMPLE] = text[: typed.most_taken()], example
    state.pop(keys.BAD_LINK, None)
    address.write(keys.EXAMPLE, example)
    state.pop(keys.TIMESTEP, None)
    if model is not None:
        address.choose_model(model)
    if compare:
        state[keys.COMPARE_MODELS] = list(compare)[:MOST_COMPARED]
    if edited is not None:
        start_edit(text, *edited)
        state[keys.COMPARE_SECTION] = WHAT_IF
    if page is not None:
        go_to(page)


def open_arithmetic(model: str) -> None:
    """Open Inside at its Arithmetic, with a model: for callbacks."""
    address.choose_model(model)
    st.session_state[keys.PANEL] = "arithmetic"
    go_to("inside")


def open_with(page: str, model: str) -> None:
    """Open a page with a model, on Compare beside the LSTM: for callbacks."""
    address.choose_model(model)
    st.session_state[keys.BATCH_MODELS], st.session_state[keys.COMPARE_MODELS] = [model], [model, "lstm"]
    go_to(page)


def open_letters(cell: str) -> None:
    """Open Letters with this cell: for callbacks. The word that was there stays."""
    st.session_state[keys.LETTERS_CELL] = cell
    go_to("letters")


def go_to(page: str) -> NoReturn:
    """Open a page: ``st.switch_page`` for callbacks, which end here. The whole page runs, whatever part was clicked."""
    st.session_state[keys.GO_TO] = page
    st.rerun()


def leave_if_asked() -> None:
    """Open the page that a callback asked for, if one did."""
    page = st.session_state.pop(keys.GO_TO, None)
    if page is not None:
        st.switch_page(f"pages/{page}.py")


def start_edit(review: str, edited: str | None = None, note: str = "") -> None:
    """Begin an edit of ``review``; ``edited`` becomes its first step, named ``note``."""
    state = st.session_state
    state[keys.EDITED_FROM], state[keys.EDIT_STEPS], state[keys.EDITED] = review, [], review
    if edited is not None:
        edit_to(edited, note)


def edit_to(text: str, note: str) -> None:
    """The edited review's next version; the one before can be brought back."""
    state = st.session_state
    state[keys.EDIT_STEPS] = with_step(state[keys.EDIT_STEPS], state[keys.EDITED], note)
    state[keys.EDITED] = state[keys.EDIT_KNOWN] = text


def with_step(steps: Sequence[tuple[str, str]], before: str, note: str) -> list[tuple[str, str]]:
    """The steps that can be undone with a new one, ``(text before it, what was done)``.

    The oldest fall out beyond ``MOST_STEPS``, and where all the texts together are longer than one box takes.
    """
    kept, characters = [(before, note)], len(before)
    for step in reversed(steps):
        characters += len(step[0])
        if len(kept) == MOST_STEPS or characters > typed.most_taken():
            break
        kept.append(step)
    return kept[::-1]
