"""What a page does for a pointer in the browser: a click in a chart chooses, a click in a list of panels jumps.

What is chosen is marked there too: charts, coloured texts and the player show where the cursor is (``here``) without
being sent or drawn again.

Plotly tells nothing of clicks on heatmaps and plain lines through ``st.plotly_chart``; its own event in the browser
does. A panel that is jumped to is opened as by a click on its header. The script is the same in every run, so it is
sent once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.ui import word_axis
from components.ui.scripts import content

_component = st.components.v2.component(
    "unrolled_pointing",
    js=content("ui/sight.js", "ui/pointing/jump.js", "ui/pointing/mark.js", "ui/pointing/point.js"),
)
_here = st.components.v2.component("unrolled_here", js=content("ui/pointing/here.js"))
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


def here(word: int, words: int, unit: int | None, player: str) -> None:
    """Mark the word under the cursor in all that is on the screen; needs ``pointing`` on the same page.

    Charts that follow have a shape named "cursor", one column of their word axis wide; coloured texts say so
    (``components/ui/words``).

    Args:
        word: 0-based, of so many ``words``.
        unit: that the player goes to; None leaves it at its own.
        player: the key of the player that follows.
    """
    column = word_axis.place(word, words)
    start = str(word_axis.columns(words)[column] + 1)  # by which the axis calls the column
    data = {"word": word, "column": column, "start": start, "unit": unit, "stage": f"{player}-stage"}
    _here(data=data, key="here")


def _counts(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
