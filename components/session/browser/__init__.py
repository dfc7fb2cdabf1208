"""What the visitor's browser does for the pages: it reads a review while it is typed, keeps it, and tells of the theme.

A reload, or another process after this one, gets it back; a reload also the class that was opened and the sentence of
its lesson.

All is kept in the tab (``sessionStorage``, and for Back each step's text in ``history.state``) and goes with it. The
server keeps nothing beyond the visit, but for the class.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

import streamlit as st

from components.session import keys, typed
from components.ui import theme
from components.ui.scripts import content
from models.classroom.classes import CLASSES
from models.examples import NAME_OF

_SCRIPTS = ("tab.js", "typing.js", "history.js", "theme.js", "browser.js")
_component = st.components.v2.component(
    "unrolled_browser",
    js=content(*(f"session/browser/{name}" for name in _SCRIPTS)),
)


def keep() -> None:
    """Give the browser the review to keep, or take back what it kept; called at the end of every page."""
    state = st.session_state
    visit = state.setdefault(keys.VISIT, secrets.token_hex(8))
    data = {"visit": visit, "review": state.get(keys.REVIEW), "page": state.get(keys.LAST_PAGE, "")}
    data |= {"dark": theme.is_dark(), "beside": _beside()}
    _component(
        data=json.dumps(data).encode(),  # a dictionary would be looked through for tables
        key=keys.BROWSER,
        on_restored_change=_restore,
        on_beside_change=_restore_beside,
        on_theme_change=_draw_all,
    )


def _beside() -> dict[str, Any]:
    state = st.session_state
    found: dict[str, Any] = {}
    if keys.CLASS in state:
        found["class"] = list(state[keys.CLASS])
    if state.get(keys.LESSON_OWN):
        found["sentence"] = [state[keys.LESSON], state[keys.LESSON_OWN]]
    return found


def _draw_all() -> None:
    """A new theme needs nothing but a run of the whole page, whatever part of it this stands in."""
    st.rerun()


def _restore() -> None:
    text = getattr(st.session_state.get(keys.BROWSER), "restored", None)
    if not isinstance(text, str):
        return
    text = text[: typed.most_taken()]
    st.session_state[keys.REVIEW] = text
    st.session_state[keys.EXAMPLE] = NAME_OF.get(text)
    st.session_state.pop(keys.TIMESTEP, None)


def _restore_beside() -> None:
    """It comes from a browser, so it may be anything; a class is its teacher's by its secret alone."""
    kept = getattr(st.session_state.get(keys.BROWSER), "beside", None)
    if not isinstance(kept, dict):
        return
    opened, sentence = (_two_texts(kept.get(name)) for name in ("class", "sentence"))
    if opened and opened[1].isascii() and CLASSES.of_teacher(*opened):
        st.session_state[keys.CLASS] = opened
    if sentence and not st.session_state.get(keys.LESSON_OWN):
        st.session_state[keys.CLASS_SENTENCE] = (sentence[0], sentence[1][: typed.most_taken()])


def _two_texts(value: object) -> tuple[str, str] | None:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value):
        return value[0], value[1]
    return None
