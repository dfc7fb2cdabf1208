"""What may be dropped in beside a network: its training history, and a labelled file to judge it by."""

from __future__ import annotations

import streamlit as st

from components.session import brought, resources
from components.ui import labels
from components.ui.messages import plain
from models import histories, settings
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.figures.own_file import judge
from models.history_files import MOST_LOG_BYTES, HistoryError
from models.scoring.decoding import TableError


def files(card: ModelCard) -> None:
    """Two places for files; what was read of them, or why it was not."""
    name, sides = card.name, labels.of(card)
    beside = brought.beside(name)
    with st.expander("Beside it: its training history, a labelled file", icon=":material/attach_file:"):
        st.file_uploader(
            "Training history, as on Training: CSV, JSON, printed, the console output of fit",
            key=f"history-{name}",
            max_upload_size=max(1, MOST_LOG_BYTES // 1_000_000),
            on_change=_history_came,
            args=(name,),
        )
        if beside.runs:
            plain(f"On Training {'its curve is' if len(beside.runs) == 1 else 'its curves are'} beside ours.")
        if beside.history_problem:
            plain(beside.history_problem)
        st.file_uploader(
            "Labelled file, as on Batch: CSV, TSV, JSON lines or text",
            key=f"labelled-{name}",
            max_upload_size=settings.value("upload_file"),
            on_change=_labelled_came,
            args=(card,),
            help=f"Labels are 0 and 1, or {sides[0]} and {sides[1]}, or any that Batch reads.",
        )
        if beside.judged is not None:
            figures = beside.judged.figures
            plain(f"Right on {100 * figures.accuracy:.1f} %: {beside.judged.said} Evaluation shows the rest.")
        if beside.labelled_problem:
            plain(beside.labelled_problem)


def _history_came(name: str) -> None:
    file = st.session_state.get(f"history-{name}")
    try:
        runs = histories.visitors_runs(file.getvalue(), 1, file.name) if file is not None else ()
    except HistoryError as error:
        brought.put_beside(name, runs=(), history_problem=f"The history is not read. {error.reason}")
    else:
        brought.put_beside(name, runs=runs, history_problem="")


def _labelled_came(card: ModelCard) -> None:
    name = card.name
    file = st.session_state.get(f"labelled-{name}")
    try:
        judged = (
            judge(
                resources.model(name), file.getvalue(), file.name, labels.of(card),
                settings.value("batch_seconds") or 60, settings.value("text_taken"),
            )
            if file is not None
            else None
        )  # fmt: skip
    except TableError as error:
        brought.put_beside(name, judged=None, labelled_problem=f"The labelled file is not read. {error.reason}")
    except (ArtifactError, UnknownModel):
        brought.put_beside(name, judged=None, labelled_problem="The network cannot be read any more.")
    else:
        brought.put_beside(name, judged=judged, labelled_problem="")
