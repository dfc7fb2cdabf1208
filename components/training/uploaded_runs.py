"""A visitor's own training histories: dropped in, drawn beside ours, never stored. Their names are plain text only."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.session import brought, keys, resources, work
from components.training.charts.curves import symbol
from components.ui.format import counted, shortened
from components.ui.messages import plain
from models import settings
from models.history.history import History
from models.history.run import MOST_LOG_BYTES, HistoryError

FILES = "own-histories"
MOST_RUNS = 4
_MARKERS = {"star": "★", "cross": "✚", "x": "✖", "triangle-up": "▲"}


def uploaded() -> tuple[list[History], list[str]]:
    """Ask for files and read them: the histories, and a line of plain text on each.

    A wrong file is answered where it was dropped, and changes nothing else.
    """
    notes: list[str] = []
    found: list[History] = []
    with st.expander("Draw your own training history beside these", icon=":material/upload_file:"):
        files = st.file_uploader(
            "A CSV as Keras's CSVLogger writes it, History.history as JSON or as printed, the console output of fit, "
            "TensorBoard's CSV and event files, or a tracker's export",
            accept_multiple_files=True,
            max_upload_size=min(MOST_LOG_BYTES // settings.MB, settings.value("upload_file")),
            key=FILES,
            help="It is read in memory, drawn for you alone, and forgotten when you leave. A file may hold several "
            "runs.",
        )
        left = max(0, len(files) - MOST_RUNS)
        for file in files[:MOST_RUNS]:
            runs = _runs_of(file, len(found) + 1)
            if isinstance(runs, HistoryError):
                _refused(file.name, runs)
                continue
            drawn = runs[: MOST_RUNS - len(found)]
            left += len(runs) - len(drawn)
            found += drawn
            notes += [_read_as(file.name, history) for history in drawn]
        _forget_all_but({file.file_id for file in files})
        own = brought.runs(resources.brought_cards(), len(found), MOST_RUNS)
        notes += [_read_as("dropped in beside it", history) for history in own]
        found += own
        if left:
            st.info(f"The first {MOST_RUNS} runs are drawn; more would hide each other.", icon=":material/info:")
    return found, notes


def _runs_of(file: UploadedFile, number: int) -> tuple[History, ...] | HistoryError:
    """The runs of a file, read once: every run of the page asks for them."""
    kept: dict[tuple[str, int], tuple[History, ...] | HistoryError] = st.session_state.setdefault(keys.OWN_RUNS, {})
    asked = file.file_id, number
    if asked not in kept:
        try:
            kept[asked] = work.read(
                "runs", file.getvalue(), number, file.name, what=f"Reading {shortened(file.name, 60)}"
            )
        except HistoryError as error:
            kept[asked] = error
        except (work.Busy, work.TaskFailed) as error:
            work.say_no_answer(error, again=f"history_again_{number}_{file.file_id}")
            return ()
    return kept[asked]


def _forget_all_but(files: set[str]) -> None:
    kept = st.session_state.get(keys.OWN_RUNS, {})
    st.session_state[keys.OWN_RUNS] = {asked: runs for asked, runs in kept.items() if asked[0] in files}


def _refused(name: str, error: HistoryError) -> None:
    wanted = (
        "A history has one row an epoch and a column named loss; accuracy, val_loss and val_accuracy are drawn where "
        "they are there. Everything else on this page is as it was."
    )
    st.warning(
        error.reason if error.code else f"{error.reason} {wanted}",
        icon=":material/draft:",
        title="This file could not be drawn",
    )
    if error.code:
        st.code(error.code, language="python")
    plain(f"{shortened(name, 60)}. {error.detail}".strip(), muted=True)


def _read_as(name: str, history: History) -> str:
    marker = _MARKERS[symbol(history)]
    called = f" ({shortened(history.called, 60)})" if history.called else ""
    epochs = counted(history.epochs, "epoch")
    return " ".join([f"{marker} {history.title}: {shortened(name, 60)}{called}, {epochs}.", *history.notes])
