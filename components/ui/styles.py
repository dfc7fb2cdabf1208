"""Style sheets: CSS in files beside what it styles, colours as custom properties of the theme, put into a page once.

``page_styles`` is called by the page's frame. A component writes HTML with the classes of its sheet and, where a colour
depends on data, ``style="background:…"`` with that one property.
"""

from __future__ import annotations

import functools
import re

import streamlit as st

from components.ui.scripts import content
from components.ui.theme import Palette, ink_on

# Sheets that every page gets: our own classes, and the few selectors that lean on Streamlit's insides.
SHARED = ("ui/words.css", "ui/verdict.css", "ui/table.css", "ui/text.css", "ui/streamlit.css")


@functools.cache
def sheet(name: str) -> str:
    """A style sheet by its path below ``components/``, without its comments' and lines' white space."""
    text = re.sub(r"/\*.*?\*/", "", content(name), flags=re.DOTALL)
    return " ".join(text.split()) + " "


def variables(colours: Palette) -> str:
    """The theme's colours as CSS custom properties: for example ``var(--positive)`` and ``var(--lstm)``."""
    plain = {name.lower(): colour for name, colour in colours.named.items()}
    plain |= {"deep-negative": colours.diverging[1][1], "deep-positive": colours.diverging[-2][1]}
    faint = ink_on(colours.neutral)
    plain |= {"on-faint": faint, "on-deep": "#ffffff" if faint == "#000000" else "#000000"}
    return ":root{" + ";".join(f"--{name}:{value}" for name, value in plain.items()) + "}"


def page_styles(colours: Palette, *extra: str) -> None:
    """Style the page: the theme's colours, the shared sheets, and ``extra`` ones (paths below ``components/``)."""
    st.html(f"<style>{variables(colours)}{''.join(map(sheet, (*SHARED, *extra)))}</style>")


def tag(*names: str) -> str:
    """Sheets of some page or component alone, as the HTML element that stands before what they style."""
    return f"<style>{''.join(map(sheet, names))}</style>"
