"""Training histories as files: tables, JSON, Python's notation, console output, event files; see ``models.history``.

A file may be a visitor's, so it is read with suspicion: whatever is in it, the only thing that can come out besides
curves is a ``HistoryError``. Its ``reason`` is in our own words; its ``detail``, like every note, may quote the file
and is shown as plain text only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from models.history import forms
from models.history.epochs import Row, place
from models.history.history import History
from models.history.names import EPOCHS, QUANTITIES, SECONDS, others, sources
from models.history.run import MOST_EPOCHS, MOST_ROWS, HistoryError, Run, listed, number
from models.wording import counted, ordinal

Array = np.ndarray


def runs(data: bytes, name: str = "") -> list[History]:
    """The runs of a history file.

    Args:
        data: the whole file, UTF-8 or UTF-16; how much of each form, and how many epochs, is in ``models.history.run``.
        name: of the file, which TensorBoard's exports need.

    Raises:
        HistoryError: if there is none in it.
    """
    return [_of_run(run) for run in forms.read(data, name)]


def _of_run(run: Run) -> History:
    columns = run.columns
    found = sources(columns)
    if "loss" not in found and not (run.partial and found):
        detail = f"Its columns are: {listed(columns)}." if columns else "It has no columns."
        raise HistoryError("It has no column named loss.", detail)
    length = len(columns[found.get("loss", next(iter(found.values())))])
    counting = next((name for name in EPOCHS if name in columns and len(columns[name]) == length), None)
    if length == 0:
        raise HistoryError("It has a heading but not one epoch.")
    if length > (MOST_EPOCHS if counting is None else MOST_ROWS):
        raise HistoryError(f"It has more than {MOST_EPOCHS:,} epochs.")
    notes = list(run.notes)
    cells = {quantity: _fitted(columns[name], length, name, notes) for quantity, name in found.items()}
    rows: list[Row] = [
        {quantity: value for quantity, column in cells.items() if (value := column[row]) == value}
        for row in range(length)
    ]
    times = next((columns[name] for name in SECONDS if name in columns), None)
    if times is not None:
        for row, time in zip(rows, times, strict=False):
            if (seconds := number(time)) == seconds:
                row["seconds"] = seconds
    epochs = None if counting is None else np.array([number(cell) for cell in columns[counting]])
    placed = place(epochs, rows, run.breaks)
    if not placed.at:
        raise HistoryError("It has a heading but not one epoch.")
    if "loss" in found and not any("loss" in row for row in placed.rows):
        raise HistoryError("Its column loss has not one number in it.")
    values = {
        quantity: np.array([row.get(quantity, math.nan) for row in placed.rows], np.float64) for quantity in QUANTITIES
    }
    notes += placed.notes
    if (note := _accuracy_as_share(values)) is not None:
        notes.append(note)
    renamed = [f"{quantity} from {listed([name])}" for quantity, name in found.items() if name != quantity]
    if renamed:
        notes.append(f"Read so: {', '.join(renamed)}.")
    if left := others(columns, found.values()):
        notes.append(f"Not drawn: {listed(left)}.")
    return History(np.array(placed.at), values, _seconds(placed.rows), tuple(placed.resumes), tuple(notes), run.name)


def _fitted(cells: Sequence[Any], length: int, name: str, notes: list[str]) -> list[float]:
    """One number a row, NaN where there is none; a shorter list is put at the epochs it must be of, if any."""
    read = [number(cell) for cell in cells]
    missing = sum(cell is not None and cell != "" and value != value for cell, value in zip(cells, read, strict=True))
    if len(read) > length:
        notes.append(f"{counted(len(read) - length, 'value')} of {listed([name])} beyond the last row left out.")
        read = read[:length]
    elif 0 < len(read) < length - 1:
        every = length // len(read)
        if every < 2 or length // every != len(read):
            notes.append(
                f"{listed([name])} has {counted(len(read), 'value')} for {counted(length, 'epoch')}, and nothing says "
                "for which: it is left out."
            )
            return [math.nan] * length
        spread = [math.nan] * length
        spread[every - 1 : every * len(read) : every] = read
        notes.append(f"{listed([name])} has a value for every {ordinal(every)} epoch, and is drawn there.")
        read = spread
    if missing:
        notes.append(f"{missing:,} of {length:,} cells of {listed([name])} are not numbers and are left out.")
    return read + [math.nan] * (length - len(read))


def _seconds(rows: Sequence[Row]) -> Array | None:
    seconds = np.array([row.get("seconds", math.nan) for row in rows])
    sound = np.isfinite(seconds).all() and (seconds >= 0).all() and seconds.sum() > 0
    return seconds if sound and math.isfinite(float(seconds.sum())) else None


def _accuracy_as_share(values: dict[str, Array]) -> str | None:
    """Turn per cent into shares; leave out accuracies that are neither."""
    known = [values[name][np.isfinite(values[name])] for name in ("accuracy", "val_accuracy")]
    joined = np.concatenate(known)
    if joined.size == 0 or (joined.min() >= 0 and joined.max() <= 1):
        return None
    if joined.min() >= 0 and joined.max() <= 100:
        for name in ("accuracy", "val_accuracy"):
            values[name] = values[name] / 100
        return "Its accuracy is read as per cent."
    for name in ("accuracy", "val_accuracy"):
        values[name] = np.full_like(values[name], np.nan)
    return "Its accuracy is not between 0 and 1, nor between 0 and 100, and is left out."
