"""What the visitor's browser does for the pages: it reads a review while it is typed, keeps it, and tells of the theme.

A reload, or another process after this one, gets it back.

It is kept in the tab (``sessionStorage``, and for Back each step's text in ``history.state``) and goes with it. The
server keeps nothing beyond the visit.
"""

from __future__ import annotations

import secrets

import streamlit as st

from components.session import keys, typed
from components.ui import theme
from components.ui.scripts import content
from models.examples import EXAMPLES

_SCRIPTS = ("typing.js", "history.js", "theme.js", "browser.js")
_component = st.components.v2.component(
    "unrolled_browser",
    js=content(*(f"session/browser/{name}" for name in _SCRIPTS)),
)


def keep() -> None:
    """Give the browser the review to keep, or take back what it kept; called at the end of every page."""
    state = st.session_state
    visit = state.setdefault(keys.VISIT, secrets.token_hex(8))
    data = {"visit": visit, "review": state.get(keys.REVIEW), "page": state.get(keys.LAST_PAGE, "")}
    data["dark"] = theme.is_dark()
    _component(data=data, key=keys.BROWSER, on_restored_change=_restore, on_theme_change=_draw_all)


def _draw_all() -> None:
    """A new theme needs nothing but a run of the whole page, whatever part of it this stands in."""
    st.rerun()


def _restore() -> None:
    text = getattr(st.session_state.get(keys.BROWSER), "restored", None)
    if not isinstance(text, str):
        return
    text = text[: typed.most_taken()]
    st.session_state[keys.REVIEW] = text
    st.session_state[keys.EXAMPLE] = next((example.name for example in EXAMPLES if example.text == text), None)
    st.session_state.pop(keys.TIMESTEP, None)
