"""The address and the screen agree: Back and Forward undo and redo what the address tells, on every page.

Pages write what they show into the address, and take from it what a visit opens with. When the browser comes with
another address than the last run left, the visitor has gone back or forward: then what the address tells is forgotten,
and the page takes it from the address as if it opened there. A setting that is as it opens is not in the address, so a
page that is merely opened writes nothing. The text is not in the address; ``browser/history.js`` brings it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from components.session import keys, links
from models.examples import BY_NAME

DEFAULT_MODEL = "lstm"  # which an address that names none means
# What a page begins anew with when this parameter of the address has changed.
_RESETS = {
    keys.MODEL: (keys.MODEL, keys.ASKED_MODEL),
    keys.COMPARE_SECTION: (keys.COMPARE_SECTION,),
    keys.JUDGED: (keys.JUDGED,),
    keys.RUNS: (keys.RUNS,),
    keys.ONE_RUN: (keys.ONE_RUN,),
    keys.LESSON: (keys.LESSON,),
    "word": (keys.LETTERS_WORD, keys.LETTERS_UNITS, keys.LETTERS_CELL),
    keys.LESSON_STEP: (keys.LESSON,),
    **{
        key.removeprefix("letters_"): (keys.LETTERS_UNITS, keys.LETTERS_CELL)
        for key in (
            keys.LETTERS_CELL,
            keys.LETTERS_UNITS,
            keys.LETTERS_SEED,
            keys.LETTERS_UPDATES,
            keys.LETTERS_RATE,
            keys.LETTERS_CLIP,
        )
    },
}


@contextmanager
def followed(page: str) -> Iterator[None]:
    """Around the run of a page: first the state follows an address that the visitor went back to."""
    _follow(page)
    try:
        yield
    finally:
        st.session_state[keys.ADDRESS] = (page, _current())


def write(key: str, value: str | Sequence[str] | None) -> None:
    """Put a setting into the address; None or nothing, as where it is as it opens, takes it away."""
    if not value:
        st.query_params.pop(key, None)
    elif st.query_params.get_all(key) != ([value] if isinstance(value, str) else [*value]):
        st.query_params[key] = value


def remember() -> None:
    """The address has changed in a run of a part of the page: a later run knows it as its own."""
    left = st.session_state.get(keys.ADDRESS)
    if left is not None:
        st.session_state[keys.ADDRESS] = (left[0], _current())


def model() -> str:
    """The chosen model; before one is, the one that the address means."""
    return str(st.session_state.get(keys.MODEL) or st.query_params.get(keys.MODEL) or DEFAULT_MODEL)


def choose_model(name: str) -> None:
    """Let a model be the chosen one on the page that is opened next; not for a page whose picker is drawn already."""
    st.session_state[keys.MODEL] = name
    st.session_state.pop(keys.ASKED_MODEL, None)


def take_unit() -> None:
    """Look at the layer and the unit that the address names, as ``0.34``, if it does."""
    layer, _, unit = st.query_params.get(keys.UNIT, "").partition(".")
    if layer.isdecimal() and unit.isdecimal() and len(layer + unit) < 8:
        st.session_state[f"{keys.LAYER}/{model()}"] = int(layer)
        st.session_state[f"{keys.UNIT}/{model()}/{int(layer)}"] = int(unit)


def _follow(page: str) -> None:
    left = st.session_state.get(keys.ADDRESS)
    if left is None:  # a visit begins: pages take what they need
        return
    last_page, last = left
    now = _current()
    # A page opened from the menu has a bare address and keeps what was set elsewhere.
    changed = {key for key in now | last if now.get(key) != last.get(key)} if last_page == page else set(now)
    for forgotten in {name for key in changed for name in _RESETS.get(key, ())}:
        st.session_state.pop(forgotten, None)
    example = BY_NAME.get(st.query_params.get(keys.EXAMPLE, ""))
    if keys.EXAMPLE in changed and example and st.session_state.get(keys.REVIEW) != example.text:
        st.session_state[keys.REVIEW], st.session_state[keys.EXAMPLE] = example.text, example.name
        st.session_state.pop(keys.TIMESTEP, None)
    at = links.whole_number(st.query_params.get(keys.TIMESTEP, ""))
    if keys.TIMESTEP in changed and at is not None:
        st.session_state[keys.TIMESTEP] = at
    if keys.UNIT in changed:
        take_unit()


def _current() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}
