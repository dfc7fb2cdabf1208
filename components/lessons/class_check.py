"""The five questions on the phones of a class: asked before the lessons and after them, and what came of it."""

from __future__ import annotations

import streamlit as st

from components.lessons.check import QUESTIONS
from components.ui.messages import plain
from models.classroom.check import ROUNDS
from models.classroom.classes import Classroom
from models.wording import counted


def offer(mine: Classroom) -> None:
    """What asks them, while they are not asked."""
    if not mine.check.when:
        when = mine.check.following
        st.button(
            f"Five questions on the phones, {when} the lessons",
            key="class-check",
            icon=":material/quiz:",
            on_click=mine.ask,
            args=(when, QUESTIONS),
        )


def show(mine: Classroom) -> None:
    """How many phones have answered, and once both times are over how many answers were right."""
    check = mine.check
    if check.when:
        plain(f"{check.answered(check.when)} of {counted(mine.phones, 'phone')} answered the five questions.")
        if st.button("Close the five questions", key="class-check-close"):
            mine.ask("")
            st.rerun()  # of the whole page: the class's menu offers the next time
    elif sentence := outcome(mine):
        plain(sentence)


def outcome(mine: Classroom) -> str:
    """How many of the five were right on average, each time that they were asked; "" before that."""
    told = []
    for when in ROUNDS:
        answered = mine.check.answered(when)
        if answered:
            mean = sum(mine.check.right(when)) / answered
            told.append(f"{when} the lessons {mean:.1f} of {len(QUESTIONS)} ({counted(answered, 'phone')})")
    return f"The five questions, right on average: {', '.join(told)}." if told else ""
