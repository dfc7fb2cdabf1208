"""The page Lessons, opened at one of its steps."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.screen import opened


def open_lesson(name: str = "words", step: int = 1, sentence: str | None = None) -> AppTest:
    """A step of a lesson, with a sentence of the class's own."""
    written = {} if sentence is None else {f"sentence/{name}": sentence}
    return opened("lessons", written, lesson=name, step=str(step))


def answer(at: AppTest, text: str | int) -> AppTest:
    """Guess: by what the answer says, or by its place."""
    at.radio[0].set_value(at.radio[0].options.index(text) if isinstance(text, str) else text).run()
    assert not at.exception, at.exception
    return at
