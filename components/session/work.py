"""Long work for the visitor of this session: through the gate, while the session lives, with its place shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.ui.format import counted
from components.ui.messages import plain
from models.jobs.gate import Busy as Busy
from models.jobs.gate import Job, Piece, Work, gate
from models.jobs.gate import TaskFailed as TaskFailed
from models.jobs.tasks import TASKS

SMALL = 256 * 1024  # bytes of a file that are read here: a worker would take longer to be asked
_AT_ONCE = 0.3  # seconds in which an answer needs no word about waiting
_LOOKS = 0.2, 0.02


def submit(work: Work) -> Job:
    """Let a job of this visit through the gate; it ends within two seconds of the visit.

    Raises:
        Busy: if there is no room for it.
    """
    context = get_script_run_ctx()
    session = context.session_id if context is not None else None
    return gate().submit(work, session, _lives(session))


def run(task: str, *arguments: Any, what: str) -> Any:
    """Let a worker do one task and wait for it; meanwhile the page says how it stands.

    Where the visitor does something else meanwhile, this run of the page ends and the task with it.

    Args:
        what: what is computed, for the visitor: ``"Integrated gradients"``.

    Raises:
        Busy: if there is no room for it.
        TaskFailed: if it came to an error; the text is the error's name.
        SafeError: if it came to one that may be shown, as what is wrong with a file.
    """
    return _result(submit(_one(Piece(task, arguments))), what)


def read(task: str, data: bytes, *arguments: Any, what: str) -> Any:
    """What a task reads of a file: of a small one here and at once, of any other in a worker, as ``run`` does.

    Raises:
        Busy: if there is no room for it.
        TaskFailed, SafeError: as ``run`` does.
    """
    small = len(data) <= SMALL
    return TASKS[task](None, data, *arguments) if small else run(task, data, *arguments, what=what)


def file_of(widget: str) -> UploadedFile | None:
    """The file of an uploader by its key; None where there is none, or none any more, as after a server's restart."""
    file = st.session_state.get(widget)
    return file if isinstance(file, UploadedFile) else None


def run_here(function: Callable[[Callable[[], None]], Any], what: str) -> Any:
    """The same for a function that waits for a process of its own; it is given what it has to call now and then.

    Raises:
        Busy: if there is no room for it.
        TaskFailed: if it came to an error; the text is the error's name.
        SafeError: if it came to one that may be shown, as what is wrong with a file.
    """
    return _result(submit(_one(Piece(here=function))), what)


def _result(job: Job, what: str) -> Any:
    try:
        if not job.wait(_AT_ONCE):
            place = st.empty()
            while not job.wait(look_every(*_LOOKS)):
                with place:
                    plain(f"{what}: {stands(job)}", muted=True)
            place.empty()
    finally:
        if job.running:
            job.cancel()
    if job.raised is not None:
        raise job.raised
    if job.state != "done":
        raise TaskFailed(job.error or job.state)
    return job.result


def stands(job: Job) -> str:
    """How a job stands that is not at its end, in words."""
    before = job.place - 1
    if before < 0:
        return "being computed …"
    if before == 0:
        return "next in the queue …"
    return f"waiting, {counted(before, 'job')} before it in the queue …"


def look_every(least: float, each: float) -> float:
    """Seconds between two looks of a page at its work: ``each`` for every job at the gate, and at least ``least``.

    So the looks of many visitors do not take the time of the others.
    """
    return max(least, each * sum(gate().counts()))


def looks_too_seldom(every: float, least: float, each: float) -> bool:
    """Whether a page that looks every so many seconds should look twice as often by now, or oftener."""
    return every > 2 * look_every(least, each)


def say_busy() -> None:
    """There is no room at the gate."""
    st.info(
        "Much is being computed for others just now. Your text and settings are still here: try again in a moment.",
        icon=":material/hourglass_empty:",
        title="Busy",
    )


def say_no_answer(error: Busy | TaskFailed, again: str = "") -> None:
    """Why ``run`` gave none, which is not the visitor's fault; ``again`` is the key of a button to try again with."""
    if isinstance(error, Busy):
        say_busy()
    else:
        st.warning(
            "The computation came to an unexpected end. The text is still here; try again.",
            icon=":material/error:",
            title="No answer",
        )
    if again:
        st.button("Try again", icon=":material/refresh:", key=again)


def _one(piece: Piece) -> Work:
    return (yield piece)


def _lives(session: str | None) -> Callable[[], bool]:
    """Whether somebody is connected to the session. Without a server there is nobody to ask."""
    if session is None or not runtime.exists():
        return lambda: True
    server = runtime.get_instance()
    return lambda: bool(server.is_active_session(session))
