"""A button that copies a text, always in sight, and says that it has."""

from __future__ import annotations

import streamlit as st

from components.ui.scripts import content

_component = st.components.v2.component(
    "unrolled_copy",
    html='<button type="button"></button><span role="status"></span>',
    css=content("ui/copy/copy.css"),
    js=content("ui/copy/copy.js"),
)


def copy_button(text: str, label: str, *, key: str) -> None:
    """Offer ``text`` to the clipboard under ``label``, which is our own words. Nothing is said to the server."""
    _component(data={"text": text, "label": label}, key=key)
