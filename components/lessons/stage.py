"""A lesson while it is presented: its sentence on the screen, the keys of a slide clicker, all magnified to fit."""

from __future__ import annotations

import streamlit as st

from components.lessons.board import Board, Lesson, Step
from components.lessons.spelling import Spelling
from components.session import keys
from components.ui.pick_word import pick_word
from components.ui.scripts import content

_keys = st.components.v2.component("unrolled_lesson_keys", js=content("lessons/presenting.js"))


def sentence(lesson: Lesson, step: Step, board: Board | Spelling) -> None:
    """The sentence, large; where the step looks at a word, a click chooses it."""
    tokens = board.readers["lstm"].trace.tokens if isinstance(board, Board) and step.at_a_word else ()

    def chosen(word: int) -> None:
        st.session_state[f"word/{lesson.name}"] = word

    pick_word(board.sentence, tokens, board.cursor, chosen, key=keys.LESSON_WORDS, large=True)


def keys_and_edges() -> None:
    """Slide clickers turn the steps, F5 does nothing, and the page is magnified to the screen."""
    _keys(key="lesson-keys")
