"""A lesson on paper: its sentence's own numbers to work through by hand, and the answers on a second page."""

from __future__ import annotations

from string import Template

import streamlit as st

from components.lessons.board import Board, Lesson
from components.lessons.spelling import Spelling
from components.ui.messages import escaped
from components.ui.scripts import content
from models.task import Task

_TEMPLATE = Template(content("lessons/handout.html"))
_LINES = 2  # to write on, below each task


def offer(lesson: Lesson, board: Board | Spelling) -> None:
    """The button at a lesson's end."""
    st.download_button(
        "Hand-out",
        data=page(lesson, board).encode(errors="replace"),
        file_name=f"unrolled-lesson-{lesson.name}.html",
        mime="text/html",
        key="handout",
        icon=":material/print:",
        help="One page to print on A4, with this sentence’s own numbers to work through by hand; the answers are on a "
        "second one.",
        on_click="ignore",
        type="tertiary",
    )


def page(lesson: Lesson, board: Board | Spelling) -> str:
    """The hand-out as one HTML file; visitors' words are escaped."""
    tasks = lesson.tasks(board)
    return _TEMPLATE.substitute(
        title=escaped(lesson.title),
        sentence=escaped(board.sentence),
        tasks="\n".join(_task(task) for task in tasks),
        answers="\n".join(f"<li><p>{escaped(task.answer)}</p></li>" for task in tasks),
        argue=escaped(lesson.argue),
        note="Every number is the networks’ own, of the text above; figures of test reviews and of long texts do not "
        "depend on it. A pocket calculator with eˣ, tanh and log is enough.",
    )


def _task(task: Task) -> str:
    head = "".join(f"<th>{escaped(name)}</th>" for name in task.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{escaped(cell)}</td>' for cell in row)}</tr>" for row in task.rows)
    table = f"<table><tr>{head}</tr>{rows}</table>" if rows else ""
    return f"<li><p>{escaped(task.asks)}</p>{table}{'<p class=line></p>' * _LINES}</li>"
