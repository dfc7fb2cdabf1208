"""The page Compare, opened at one of its sections."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from components.session import resources
from tests.screen import opened

SIDE, WHAT_IF, SMALLEST = "side-by-side", "what-if", "smallest-change"


def open_compare(review: str | None = None, section: str = SIDE, **state) -> AppTest:
    typed = {} if review is None else {"review": review, "example": None}
    at = opened("compare", {"section": section} | typed | state)
    assert not at.exception, at.exception
    return at


def read(name: str, text: str):
    return resources.model(name).trace(text)
