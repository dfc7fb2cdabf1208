"""What the visitor's browser does for a review: it has it read while it is typed, and keeps it.

A reload, or another process after this one, gets it back.

It is kept in the tab (``sessionStorage``) and goes with it. The server keeps nothing.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import streamlit as st

from components.session import keys, typed
from models.examples import EXAMPLES

_component = st.components.v2.component(
    "unrolled_browser",
    js="\n".join(
        (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("typing.js", "history.js", "browser.js")
    ),
)


def keep() -> None:
    """Give the browser the review to keep, or take back what it kept; called at the end of every page."""
    if keys.REVIEW not in st.session_state:
        return
    visit = st.session_state.setdefault(keys.VISIT, secrets.token_hex(8))
    data = {"visit": visit, "review": st.session_state[keys.REVIEW], "page": st.session_state.get(keys.LAST_PAGE, "")}
    _component(data=data, key=keys.BROWSER, on_restored_change=_restore)


def _restore() -> None:
    text = getattr(st.session_state.get(keys.BROWSER), "restored", None)
    if not isinstance(text, str):
        return
    text = text[: typed.most_taken()]
    st.session_state[keys.REVIEW] = text
    st.session_state[keys.EXAMPLE] = next((example.name for example in EXAMPLES if example.text == text), None)
    st.session_state.pop(keys.TIMESTEP, None)
