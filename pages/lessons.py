"""Short lessons for a class: a step at a time, a guess first, then the networks' own numbers."""

import streamlit as st

from components.lessons import check, classroom, handout, stage
from components.lessons import page as lessons
from components.session import presenter
from components.session.frame import page_header
from components.ui import styles, theme
from components.ui.stage import presented

page_header("Lessons", "Seven short lessons for a class. Guess first, then look: every number is the networks’ own.")
colours = theme.palette()
presenting = presenter.active()
st.html(styles.tag("lessons/lessons.css", *(["lessons/presenting.css"] if presenting else [])))

with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lesson-choice"):
    lesson = lessons.choose()
    check.button()
    classroom.controls()
step = lesson.steps[lessons.place(lesson)]

above = st.container(key="lesson-sentence")
left, right = st.columns([3, 8] if presenting and step.wide else [4, 7], gap="large")
with left.container(key="lesson-text"):
    lessons.show_step(lesson, step)
    board = lessons.board(lesson, step)
    question = step.asks(board) if board is not None and step.asks is not None else None
    if board is not None:
        classroom.show(lesson, lessons.place(lesson), step, board, question)
    answered = board is None or question is None or lessons.guess(lesson, question, board)
    if board is not None and answered:
        lessons.see(step)
    if answered and question is not None:
        classroom.answered()
    if classroom.room() is not None:
        classroom.vote(lesson)
    lessons.move(lesson)
    if board is not None and answered and step is lesson.steps[-1]:
        handout.offer(lesson, board)
if presenting and board is not None:
    with above:
        stage.sentence(lesson, step, board)

with right.container(key="lesson-stage"), presented(presenting):
    if board is not None and answered:
        step.shows(board, colours)
    elif board is not None:
        lessons.wait()
if presenting:
    stage.keys_and_edges()
