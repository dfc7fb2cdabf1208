"""The page Inside, opened with a network and a review."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.screen import opened, typed

# The sections that are open when nothing is asked for.
CLOSED = dict.fromkeys(("gates-section", "equation-section", "unit-section"), False)


def open_inside(model: str, review: str | None = None, **state: Any) -> AppTest:
    """The page with a network; ``state`` is what the session holds besides."""
    return opened("inside", typed(review) | state, model=model)


def known_words(words: int) -> str:
    """A review of so many words, all known."""
    return " ".join(("a wonderful film but the ending was boring and bad".split() * (words // 10 + 1))[:words])
