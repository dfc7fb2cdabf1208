"""The review played word by word in the visitor's browser: the numbers are sent once, no frame asks the server.

It is one Streamlit component of plain HTML, CSS and JavaScript, without a build step: ``payload.py`` says what is
sent, the scripts beside it what is drawn. The scripts share one module and are put together in order.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.inside.player.payload import payload, summary
from components.session import reading as readings
from components.ui.panel import heading
from components.ui.theme import Palette
from models.card import ModelCard
from models.sentiment import Trace

_HERE = Path(__file__).parent
_SCRIPTS = ("data.js", "review.js", "score.js", "layouts.js", "cell.js", "notes.js", "player.js")


def _read(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


_component = st.components.v2.component(
    "unrolled_player", html=_read("player.html"), css=_read("player.css"), js=_read(*_SCRIPTS)
)


def player(trace: Trace, card: ModelCard, colours: Palette, review: str = "", key: str = "player") -> None:
    """Play a reading: the words, P(positive), the hidden state and the cell move together, all in the browser.

    Position, speed and unit survive reruns and visits to other pages; a new reading begins complete and paused.

    Args:
        trace: the reading; any family, one or two directions, any number of words.
        card: of the model that read it.
        colours: of the theme that the visitor looks at.
        review: the text that was read, to show it with its own punctuation; without it, the words alone are shown.
        key: unique on the page; also the name of the CSV file.
    """
    heading("Play the review", summary(trace), key=key, table=lambda: readings.state_table(trace))
    _component(data=payload(trace, card, colours, review), key=f"{key}-stage")
