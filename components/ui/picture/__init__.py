"""Download this picture: any chart as SVG or PNG, light or dark, with a caption and where it comes from.

Everything happens in the visitor's browser: the picture is put together from what Plotly has drawn there, so nothing
that is in it, a visitor's words included, goes to the server. There is one such script on a page; every chart's heading
has a button that calls it (``components/ui/panel.py``).
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.ui import theme
from components.ui.scripts import content
from components.ui.theme import Palette

_SCRIPTS = ("recolour.js", "compose.js", "picture.js")
CITATION = "Unrolled: watch a recurrent network read a movie review. The Unrolled authors, version 1.0.0."


_component = st.components.v2.component(
    "unrolled_picture",
    html=content("ui/picture/picture.html"),
    css=content("ui/picture/picture.css"),
    js=content("ui/drawing.js", *(f"ui/picture/{name}" for name in _SCRIPTS)),
)


def pictures() -> None:
    """Let the charts of this page be downloaded; once a page."""
    now = "dark" if theme.is_dark() else "light"
    _component(data={"now": now, "palettes": _PALETTES, "citation": CITATION}, key="picture")


def _colours(colours: Palette) -> dict[str, Any]:
    return {
        "plain": colours.named,
        "scales": [[list(stop) for stop in scale] for scale in (colours.diverging, colours.states, colours.sequential)],
    }


_PALETTES = {"light": _colours(theme.LIGHT), "dark": _colours(theme.DARK)}
