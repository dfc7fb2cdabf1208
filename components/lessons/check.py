"""What was learnt: five questions, the same for everybody, once before the lessons and once after them.

Scored on the page and kept for the visit alone. Before the second time it is said how many were right, not which.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.session import keys
from components.ui.html_table import html_table
from components.ui.messages import escaped, plain
from models.question import Question

Answers = list[int | None]


# That each right answer is what the networks and the figures of this app say is held by tests/unit/test_check.py.
QUESTIONS = (
    Question(
        "Two words that are not in the LSTM’s list stand in a sentence. What does it see of them?",
        ("How each is spelt", "The same for both", "Nothing: they are left out"),
        1,
        "All words that are not in the list share one id, and so one word vector.",
        lesson="One word at a time",
    ),
    Question(
        "At a word, the forget gate of an LSTM’s unit is 1 and its input gate is 0. What becomes of its cell state?",
        ("It is emptied", "It takes the word’s candidate", "It stays as it was"),
        2,
        "1 · old cell state + 0 · candidate is the old cell state.",
        lesson="What a gate does",
    ),
    Question(
        "A gradient is halved at every step back. How much of it is left after ten steps?",
        ("About a thousandth", "About a twentieth", "About a fifth"),
        0,
        "0.5 to the power of 10 is 1 / 1,024.",
        lesson="Why long sentences are hard",
    ),
    Question(
        "“This film was good, not bad.” and the same words backwards: what does the LSTM say?",
        ("The same P(positive) for both", "Another P(positive) for each", "Nothing: backwards is no sentence"),
        1,
        "It reads one word after the other, so the order counts; and it gives a verdict on any words.",
        lesson="Order matters",
    ),
    Question(
        "What does P(positive) = 0.8 have to mean, so that one can rely on it?",
        (
            "80 % of the words are positive",
            "The review is good by 8 points of 10",
            "Of 100 reviews with this score about 80 are positive",
        ),
        2,
        "That is called calibrated, and it can be counted on test reviews.",
        lesson="How sure is sure?",
    ),
)


def right(answers: Sequence[int | None]) -> int:
    """How many answers are right; none given is not."""
    return sum(given == asked.right for given, asked in zip(answers, QUESTIONS, strict=True))


def button() -> None:
    """What opens the five questions."""
    st.button("Five questions", icon=":material/quiz:", type="tertiary", key="check-open", on_click=_open)
    if st.session_state.pop(keys.LESSON_CHECK_OPEN, False):
        _dialog()


@st.dialog("Five questions, before and after", width="large")
def _dialog() -> None:
    given: dict[str, Answers] = st.session_state.setdefault(keys.LESSON_CHECK, {})
    if "after" in given:
        _compared(given["before"], given["after"])
    elif "before" in given:
        plain(
            f"Before the lessons: {right(given['before'])} of {len(QUESTIONS)} right. Which ones is said after the "
            "second time. Close this, go through the lessons, and answer again."
        )
        with st.expander("Answer again, after the lessons", icon=":material/quiz:"):
            _form(given, "after")
    else:
        plain(
            "Answer before the lessons, and again after them: the same five, the same for everybody. Nobody sees your "
            "answers, and they are gone when you close the page."
        )
        _form(given, "before")


def _form(given: dict[str, Answers], when: str) -> None:
    with st.form(f"check-{when}", border=False):
        for number, asked in enumerate(QUESTIONS, 1):
            st.radio(
                f"{number}. {asked.asks}",
                range(len(asked.answers)),
                format_func=asked.answers.__getitem__,
                index=None,
                key=f"check-{when}-{number}",
            )
        st.form_submit_button("Done", type="primary", on_click=_done, args=(given, when))


def _done(given: dict[str, Answers], when: str) -> None:
    given[when] = [st.session_state.get(f"check-{when}-{number}") for number in range(1, len(QUESTIONS) + 1)]


def _compared(before: Answers, after: Answers) -> None:
    first, second, count = right(before), right(after), len(QUESTIONS)
    gain = "as many as before" if first == second else f"{abs(second - first)} {'more' if second > first else 'fewer'}"
    plain(f"Before the lessons {first} of {count} were right, after them {second}: {gain}.")
    rows = [
        f"<tr><td>{number}. {escaped(asked.asks)}<br><b>{escaped(asked.answers[asked.right])}.</b> "
        f"{escaped(asked.why)} <i>{escaped(asked.lesson)}</i></td>"
        f"<td>{_mark(one, asked)}</td><td>{_mark(other, asked)}</td></tr>"
        for number, (asked, one, other) in enumerate(zip(QUESTIONS, before, after, strict=True), 1)
    ]
    html_table(("question, and what is right", "before", "after"), rows, "The five questions, before and after")
    st.button("Begin anew", icon=":material/undo:", type="tertiary", key="check-anew", on_click=_forget)


def _mark(given: int | None, asked: Question) -> str:
    if given is None:
        return "no answer"
    return "✓ right" if given == asked.right else "✗ wrong"


def _open() -> None:
    st.session_state[keys.LESSON_CHECK_OPEN] = True


def _forget() -> None:
    st.session_state.pop(keys.LESSON_CHECK, None)
