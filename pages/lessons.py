"""Short lessons for a class: a step at a time, a guess first, then the networks' own numbers."""

import streamlit as st

from components.lessons import page as lessons
from components.session.frame import page_header
from components.ui import theme

page_header("Lessons", "Seven short lessons for a class. Guess first, then look: every number is the networks’ own.")
colours = theme.palette()

lesson = lessons.choose()
step = lesson.steps[lessons.place(lesson)]

left, right = st.columns([4, 7], gap="large")
with left:
    lessons.tell(lesson, step)
    board = lessons.board(lesson, step)
    question = step.asks(board) if board is not None and step.asks is not None else None
    answered = board is None or question is None or lessons.guess(lesson, question, board)
    lessons.move(lesson)

with right:
    if board is not None and answered:
        step.shows(board, colours)
    elif board is not None:
        lessons.wait()
