"""A button that copies a text, always in sight, and says that it has."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "unrolled_copy",
    html='<button type="button"></button><span role="status"></span>',
    css=(_HERE / "copy.css").read_text(encoding="utf-8"),
    js=(_HERE / "copy.js").read_text(encoding="utf-8"),
)


def copy_button(text: str, label: str, *, key: str) -> None:
    """Offer ``text`` to the clipboard under ``label``, which is our own words. Nothing is said to the server."""
    _component(data={"text": text, "label": label}, key=key)
