"""A text with every word a button: a click chooses the word that is looked at, or edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.ui.scripts import content
from components.ui.words import visible
from models.text import Token

_component = st.components.v2.component(
    "unrolled_pick_word",
    html='<p class="pick" role="group" aria-label="Words of the text"></p>',
    css=content("ui/pick_word/pick.css"),
    js=content("ui/pick_word/pick.js"),
)


def pick_word(
    text: str, tokens: Sequence[Token], chosen: int, on_choice: Callable[[int], None], *, key: str, large: bool = False
) -> None:
    """Show ``text`` with its tokens to click.

    Args:
        text: what was tokenized; the rest of it behind the last token is shown too.
        chosen: the token that is marked, 0-based.
        on_choice: called with the token that was clicked, before the page runs again.
        key: unique on the page.
        large: for the last row of a class; a long text gets smaller letters, and what is longer still scrolls.
    """
    ends = [0, *(token.end for token in tokens)]
    between = [text[end : token.start] for end, token in zip(ends, tokens, strict=False)]

    def clicked() -> None:
        place = st.session_state[key].chosen
        if isinstance(place, int) and 0 <= place < len(tokens):
            on_choice(place)

    data = {
        "words": [visible(token.text) for token in tokens],
        "between": [visible(gap) for gap in between],
        "rest": visible(text[ends[-1] :]),
        "chosen": chosen,
        "large": large,
    }
    _component(data=data, key=key, on_chosen_change=clicked)
