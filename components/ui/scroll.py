"""Bring a part of the page into sight: for links that open a page at one of its panels."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "unrolled_scroll", js=Path(__file__).with_name("scroll.js").read_text(encoding="utf-8")
)


def scroll_to(key: str, request: str) -> None:
    """Scroll to the element with this key. ``request`` tells one wish from another: each is followed once."""
    _component(data={"key": key, "request": request}, key="scroll-to")
