"""What a page does for a pointer in the browser: a click in a chart chooses, a click in a list of panels jumps.

Plotly tells nothing of clicks on heatmaps and plain lines through ``st.plotly_chart``; its own event in the browser
does. A panel that is jumped to is opened as by a click on its header. The script is the same in every run, so it is
sent once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "unrolled_pointing",
    js="\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("jump.js", "point.js")),
)
_KEY = "pointing"


def pointing(charts: Mapping[str, Sequence[str]], on_point: Callable[[int | None, int | None], None]) -> None:
    """Listen to clicks on this page.

    Args:
        charts: by chart key, what a point means: "word" (its x is the word's number, from 1), "unit" (the unit's
            number, from 0, is its ``customdata`` or, in a heatmap, its y).
        on_point: called with the word (0-based) and the unit that a click chose, None for what it did not choose;
            they come from a browser, so they may be any whole numbers from 0.
    """

    def pointed() -> None:
        found = st.session_state[_KEY].pointed
        if not isinstance(found, dict):
            return
        word, unit = (value if _counts(value := found.get(name)) else None for name in ("word", "unit"))
        on_point(word, unit)

    _component(data={"charts": {key: list(of) for key, of in charts.items()}}, key=_KEY, on_pointed_change=pointed)


def _counts(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
