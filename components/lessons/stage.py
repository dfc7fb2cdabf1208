"""A lesson while it is presented: its sentence on the screen, the keys of a slide clicker, all magnified to fit."""

from __future__ import annotations

import streamlit as st

from components.lessons.board import Board, Lesson, Step
from components.lessons.spelling import Spelling
from components.session import keys
from components.ui.scripts import content

_sentence = st.components.v2.component(
    "unrolled_lesson_sentence", css=content("lessons/sentence.css"), js=content("lessons/sentence.js")
)
_keys = st.components.v2.component("unrolled_lesson_keys", js=content("lessons/presenting.js"))


def sentence(lesson: Lesson, step: Step, board: Board | Spelling) -> None:
    """The sentence, large; where the step looks at a word, a click chooses it."""
    pieces = [{"text": text, "word": word if step.at_a_word else None} for text, word in board.pieces]

    def chosen() -> None:
        word = st.session_state[keys.LESSON_WORDS].get("word")
        if isinstance(word, int) and word in [place for _, place in board.pieces]:
            st.session_state[f"word/{lesson.name}"] = word

    _sentence(
        data={"pieces": pieces, "here": board.cursor if step.at_a_word else None},
        key=keys.LESSON_WORDS,
        on_word_change=chosen,
    )


def keys_and_edges() -> None:
    """Slide clickers turn the steps, F5 does nothing, and the page is magnified to the screen."""
    _keys(key="lesson-keys")
