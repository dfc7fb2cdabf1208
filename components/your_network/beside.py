"""What may be dropped in beside a network: its training history, and a labelled file to judge it by."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.session import brought, resources, work
from components.ui.format import agreeing, percent
from components.ui.messages import plain
from models import settings
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.history.run import MOST_LOG_BYTES, HistoryError
from models.jobs import tasks
from models.scoring.decoding import TableError


def files(card: ModelCard) -> None:
    """Two places for files; what was read of them, or why it was not."""
    name, sides = card.name, card.sides
    with st.expander("Beside it: its training history, a labelled file", icon=":material/attach_file:"):
        st.file_uploader(
            "Training history, as on Training: CSV, JSON, printed, the console output of fit",
            key=f"history-{name}",
            max_upload_size=min(MOST_LOG_BYTES // settings.MB, settings.value("upload_file")),
            on_change=_came,
            args=(name, "history"),
        )
        beside = _read_what_is_due("history", card)
        if beside.runs:
            plain(f"On Training {agreeing(len(beside.runs), 'its curve is', 'its curves are')} beside ours.")
        if beside.history_problem:
            plain(beside.history_problem)
        st.file_uploader(
            "Labelled file, as on Batch: CSV, TSV, JSON lines or text",
            key=f"labelled-{name}",
            max_upload_size=settings.value("upload_file"),
            on_change=_came,
            args=(name, "labelled"),
            help=f"Labels are 0 and 1, or {sides[0]} and {sides[1]}, or any that Batch reads.",
        )
        beside = _read_what_is_due("labelled", card)
        if beside.judged is not None:
            figures = beside.judged.figures
            plain(f"Right on {percent(figures.accuracy, 1)}: {beside.judged.summary} Evaluation shows the rest.")
        if beside.labelled_problem:
            plain(beside.labelled_problem)


def _came(name: str, what: str) -> None:
    """A file has come, or was taken away: it is read as soon as the page comes to it."""
    brought.put_beside(name, due=brought.beside(name).due | {what})


def _read_what_is_due(what: str, card: ModelCard) -> brought.Beside:
    """What is there, once it is read, in a worker unless it is small; where there is no room it stays due."""
    name = card.name
    due = brought.beside(name).due
    if what in due:
        file = work.file_of(f"{what}-{name}")
        try:
            changes = _history(file) if what == "history" else _labelled(file, card)
            brought.put_beside(name, due=due - {what}, **changes)
        except (work.Busy, work.TaskFailed) as error:
            work.say_no_answer(error, again=f"{what}-again-{name}")
    return brought.beside(name)


def _history(file: UploadedFile | None) -> dict[str, Any]:
    try:
        runs = work.read("runs", file.getvalue(), 1, file.name, what="Reading it") if file is not None else ()
    except HistoryError as error:
        return {"runs": (), "history_problem": f"The history is not read. {error.reason}"}
    return {"runs": runs, "history_problem": ""}


def _labelled(file: UploadedFile | None, card: ModelCard) -> dict[str, Any]:
    if file is None:
        return {"judged": None, "labelled_problem": ""}
    limits = settings.value("batch_seconds") or 60, max(1, settings.value("text_read"))
    try:
        model = tasks.named(resources.model(card.name))
        found = work.run("judge", file.getvalue(), model, file.name, card.sides, *limits, what="Reading it")
        return {"judged": found, "labelled_problem": ""}
    except (ArtifactError, UnknownModel):
        return {"judged": None, "labelled_problem": "The network cannot be read any more."}
    except TableError as error:
        return {"judged": None, "labelled_problem": f"The labelled file is not read. {error.reason}"}
