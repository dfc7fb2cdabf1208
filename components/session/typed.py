"""How much of a typed text is taken and read: one limit for every text box of the app, kindly said.

A box keeps what was typed into it, up to the limit of what is taken; the pages read the beginning of it. So no text,
however long, costs more than one of the length that is read.
"""

from __future__ import annotations

import streamlit as st

from components.ui.words import greyed
from models import settings
from models.text import beginning

_SHOWN = 400  # characters of the rest that are shown greyed


def most_taken() -> int:
    """How many characters a box takes at all."""
    return max(1, settings.value("text_taken"))


def read_of(text: str | None) -> str:
    """The beginning of a typed text, which is what pages read; the whole of all but the longest texts.

    A text is cut between two words where that is near.
    """
    return beginning(text or "", max(1, settings.value("text_read")))


def say_what_is_not_read(text: str | None) -> None:
    """Below a box: how much of a text that is too long is read, and the beginning of the rest, greyed."""
    read = len(read_of(text))
    rest = (text or "")[read:]
    if not rest:
        return
    st.info(
        f"The first {read:,} of {len(text or ''):,} characters are read. The rest stays in the box; shorten the text, "
        "or read it in parts.",
        icon=":material/content_cut:",
        title="Longer than can be read at once",
    )
    shown, more = greyed(" ".join(rest[:_SHOWN].split())), " …" if len(rest) > _SHOWN else ""
    st.html(f'<p class="u-plain"><i>not read:</i> {shown}{more}</p>')
