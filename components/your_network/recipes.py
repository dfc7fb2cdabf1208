"""How to save what the page needs, for the six usual ways in which tutorials build such a network."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FILE = Path(__file__).with_suffix(".txt")  # "## " and a way of building, then the Python that saves it


def recipes(expanded: bool) -> None:
    """Six short pieces of Python, one a way of building."""
    with st.expander("How to save what is needed here", icon=":material/code:", expanded=expanded):
        for recipe in _FILE.read_text(encoding="utf-8").removeprefix("## ").split("\n## "):
            name, _, code = recipe.partition("\n")
            st.markdown(f"**{name}**")
            st.code(code.strip(), language="python", wrap_lines=True)
