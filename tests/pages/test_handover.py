"""A review that is handed on: its text, its example, the model, and the word under the cursor."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from models.examples import EXAMPLES

PAGE = """
import streamlit as st
from components.session import handover, keys
st.button("Hand on", key="hand-on", on_click=handover.open_review, args=({text!r},), kwargs={how!r})
for key in (keys.REVIEW, keys.EXAMPLE, keys.MODEL, keys.TIMESTEP):
    if st.session_state.get(key) is not None:
        st.text(f"{{key}}: {{st.session_state[key]}}")
"""


def handed(text: str, **how: object) -> list[str]:
    at = AppTest.from_string(PAGE.format(text=text, how=how)).run(timeout=30)
    at.button(key="hand-on").click().run()
    assert not at.exception
    return [element.value for element in at.text]


def test_a_review_is_handed_on_with_its_model() -> None:
    assert handed("A fine film.", model="gru") == ["review: A fine film.", "model: gru"]


def test_one_of_our_own_reviews_is_known_again() -> None:
    assert handed(EXAMPLES[1].text) == [f"review: {EXAMPLES[1].text}", f"example: {EXAMPLES[1].name}"]
