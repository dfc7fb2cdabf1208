"""Bring a part of the page into sight: for links that open a page at one of its panels."""

from __future__ import annotations

import streamlit as st

from components.ui.scripts import content

_component = st.components.v2.component("unrolled_scroll", js=content("ui/sight.js", "ui/scroll.js"))


def scroll_to(key: str, request: str) -> None:
    """Scroll to the element with this key. ``request`` tells one wish from another: each is followed once."""
    _component(data={"key": key, "request": request}, key="scroll-to")
