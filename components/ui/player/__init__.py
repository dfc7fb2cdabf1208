"""The review played word by word in the visitor's browser: the numbers are sent once, no frame asks the server.

It is plain HTML, CSS and JavaScript, without a build step: ``payload.py`` says what is sent, the scripts beside it what
is drawn. The scripts share one module and are put together in order. A component's code travels with every message of
its own, so there are two: the stage, which is always the same and is therefore sent once, and a courier of a few lines
that brings it the reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import streamlit as st

from components.ui.panel import heading
from components.ui.player.payload import payload, summary
from components.ui.scripts import content
from components.ui.stage import on_stage
from components.ui.theme import Palette
from models.card import ModelCard
from models.sentiment import Trace

_SCRIPTS = (
    "data.js",
    "review.js",
    "score.js",
    "layouts.js",
    "cell.js",
    "notes.js",
    "announce.js",
    "playback.js",
    "controls.js",
    "player.js",
    "mount.js",
)
_stage = st.components.v2.component(
    "unrolled_player",
    html=content("ui/player/player.html"),
    css=content("ui/player/player.css"),
    js=content("ui/drawing.js", *(f"ui/player/{name}" for name in _SCRIPTS)),
)
_courier = st.components.v2.component("unrolled_player_courier", js=content("ui/player/courier.js"))


def player(
    trace: Trace,
    card: ModelCard,
    colours: Palette,
    review: str = "",
    *,
    title: str = "Play the review",
    part: str = "",
    small: bool = False,
    cursor: int | None = None,
    unit: int | None = None,
    table: Callable[[], pd.DataFrame] | None = None,
    on_choice: Callable[[int, int | None], None] | None = None,
    key: str = "player",
) -> None:
    """Play a reading: the words, P(positive), the hidden state and the cell move together, all in the browser.

    Position and speed survive reruns and visits to other pages. In its large form a reading begins complete and paused;
    in its small form, without the cell, a reading that is new to the browser plays once by itself, until anything is
    touched, unless the visitor's system asks for less motion.

    Args:
        review: the text that was read, to show it with its own punctuation; without it, the words alone are shown.
        part: a heading above the title that is only heard, where the page has none.
        small: the form without the cell and its numbers.
        cursor: the word under the page's cursor, 0-based; the player goes there when it changes.
        unit: the unit that the page looks at; the player follows it where it has its numbers.
        table: the numbers behind it, for the CSV.
        on_choice: called with the word, and the unit in the large form, that the visitor has chosen in the player, once
            he rests there; playing says nothing to the server.
        key: unique on the page; also the name of the CSV file.
    """
    heading(title, summary(trace), key=key, table=table, part=part)
    data = payload(trace, card, colours, review, small=small, unit=unit)
    data |= {"small": small, "cursor": cursor, "unit": unit, "tells": on_choice is not None, "staged": on_stage()}
    stage, courier = f"{key}-stage", f"{key}-courier"
    data["stage"] = stage

    def chosen() -> None:
        choice = st.session_state[courier].chosen
        # It comes from a browser, so it may be anything.
        if on_choice and isinstance(choice, list) and len(choice) == 2 and all(isinstance(c, int) for c in choice):
            word, which = choice
            size = trace.layers[-1].hidden_states.shape[1]
            on_choice(min(max(word, 0), len(trace.tokens) - 1), which if 0 <= which < size else None)

    _stage(data={"stage": stage}, key=stage)
    # As bytes: a dictionary would be looked through for tables, and written twice.
    _courier(data=json.dumps(data, separators=(",", ":")).encode(), key=courier, on_chosen_change=chosen)
