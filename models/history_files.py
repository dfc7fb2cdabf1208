"""Training histories as files: CSV as Keras's ``CSVLogger`` writes it, or JSON of ``History.history``.

A file may be a visitor's, so it is read with suspicion: whatever is in it, the only thing that can come out besides
curves is a ``HistoryError``. Its ``reason`` is in our own words; its ``detail``, like every note, may quote the file
and is shown as plain text only.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

Array = np.ndarray
Columns = dict[str, list[Any]]
Curves = tuple[dict[str, Array], Array | None, tuple[str, ...]]

MOST_BYTES = 1_000_000
MOST_EPOCHS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
QUANTITIES = ("loss", "accuracy", "val_loss", "val_accuracy")
_ACCURACIES = ("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")
_SECONDS = ("seconds", "epoch_seconds", "time", "epoch_time", "duration")
_FEW = 6


class HistoryError(ValueError):
    """A visitor's file is no training history. ``reason``: our own words; ``detail``: may quote the file."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, detail


def read(data: bytes) -> Curves:
    """The curves of a history file.

    Args:
        data: the whole file, UTF-8 or UTF-16; at most ``MOST_BYTES``, ``MOST_EPOCHS`` epochs, ``MOST_COLUMNS`` columns.

    Returns:
        values: (epochs,) float64 each, by ``QUANTITIES``; loss in nats, accuracy 0…1, NaN where not known.
        seconds: (epochs,) each epoch's duration, or None.
        notes: what was odd but could be mended.

    Raises:
        HistoryError: if it is anything else.
    """
    columns, notes = table(data)
    values, seconds, more = _curves(columns)
    return values, seconds, (*notes, *more)


def table(data: bytes) -> tuple[Columns, tuple[str, ...]]:
    """The cells of a CSV or JSON file by lower-case column name, and what was odd.

    Raises:
        HistoryError: if it is no table.
    """
    if len(data) > MOST_BYTES:
        raise HistoryError(f"It is larger than {MOST_BYTES // 1_000_000} MB; a history is a few kilobytes.")
    text = _text(data)
    return _json_columns(text) if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") else _csv_columns(text)


def numbers(cells: list[Any]) -> Array:
    """Cells as finite float64; NaN where they are no numbers, or absurd ones."""
    return np.array([_number(cell) for cell in cells], np.float64)


def _text(data: bytes) -> str:
    """Decode UTF-8 or UTF-16, with or without a byte-order mark."""
    if not data.strip(b"\x00 \t\r\n"):
        raise HistoryError("It is empty.")
    encoding = "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif len(data) > 3 and (data[1:20:2].count(0) > 3 or data[0:20:2].count(0) > 3):
        encoding = "utf-16-le" if data[1] == 0 else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise HistoryError("It is not a text file, or not in UTF-8 or UTF-16.") from error
    if "\x00" in text:
        raise HistoryError("It is not a text file.")
    if not text.strip("\ufeff \t\r\n"):
        raise HistoryError("It is empty.")
    return text


def _csv_columns(text: str) -> tuple[Columns, tuple[str, ...]]:
    """Columns by lower-case name, and notes; the separator is the one that the first line has most of."""
    lines = text.lstrip("\ufeff \t\r\n").splitlines() or [""]
    if len(lines) > MOST_ROWS:
        raise HistoryError(f"It has more than {MOST_ROWS:,} rows.")
    separator = max(",;\t", key=lines[0].count)
    try:
        read_rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        rows = [row for row in read_rows if any(map(str.strip, row))]
    except csv.Error as error:
        raise HistoryError("It cannot be read as a table.") from error
    if not rows:
        raise HistoryError("It is empty.")
    header, body = [cell.strip().lower() for cell in rows[0]], rows[1:]
    if len(header) > MOST_COLUMNS:
        raise HistoryError(f"It has more than {MOST_COLUMNS} columns.")
    notes = []
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        notes.append(f"These columns stand there more than once, and the first one counts: {_listed(twice)}.")
    ragged = sum(len(row) != len(header) for row in body)
    if ragged:
        notes.append(f"{ragged:,} of {len(body):,} rows do not have {len(header)} cells; what is missing is left out.")
    columns: Columns = {}
    for place, name in enumerate(header):
        if name and name not in columns:
            cells = [row[place].strip() if place < len(row) else "" for row in body]
            columns[name] = [_without_decimal_comma(cell) for cell in cells] if separator == ";" else cells
    return columns, tuple(notes)


def _without_decimal_comma(cell: str) -> str:
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell


def _json_columns(text: str) -> tuple[Columns, tuple[str, ...]]:
    """Columns of ``History.history``, alone or under "history", of a DataFrame's JSON, or of a list of rows."""
    try:
        content = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise HistoryError("It begins like JSON but cannot be read as JSON.") from error
    if isinstance(content, dict) and isinstance(content.get("history"), dict | list):
        content = content["history"]
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        if len(content) > MOST_ROWS:
            raise HistoryError(f"It has more than {MOST_ROWS:,} rows.")
        names = list(dict.fromkeys(name for row in content for name in row))
        content = {name: [row.get(name) for row in content] for name in names[: MOST_COLUMNS + 1]}
    if not isinstance(content, dict):
        raise HistoryError("Its JSON is not an object of lists, like History.history.")
    if len(content) > MOST_COLUMNS:
        raise HistoryError(f"It has more than {MOST_COLUMNS} columns.")
    columns: Columns = {}
    for name, column in content.items():
        listed = list(column.values()) if isinstance(column, dict) else column
        if isinstance(listed, list):
            columns.setdefault(name.strip().lower(), listed)
    return columns, ()


def _curves(columns: Columns) -> Curves:
    """The four curves, each epoch's seconds, and notes."""
    if "loss" not in columns:
        found = f"Its columns are: {_listed(columns)}." if columns else "It has no columns."
        raise HistoryError("It has no column named loss.", found)
    epochs = len(columns["loss"])
    if epochs == 0:
        raise HistoryError("It has a heading but not one epoch.")
    if epochs > MOST_EPOCHS:
        raise HistoryError(f"It has more than {MOST_EPOCHS:,} epochs.")
    accuracy = next((name for name in _ACCURACIES if name in columns), "accuracy")
    sources = dict(zip(QUANTITIES, ("loss", accuracy, "val_loss", f"val_{accuracy}"), strict=True))
    values: dict[str, Array] = {}
    notes: list[str] = []
    for quantity, source in sources.items():
        values[quantity], odd = _fitted(columns.get(source, []), epochs)
        if source in columns and odd:
            notes.append(f"{odd:,} of {epochs:,} cells of {source} are not numbers and are left out.")
    if not np.isfinite(values["loss"]).any():
        raise HistoryError("Its column loss has not one number in it.")
    if (note := _accuracy_as_share(values)) is not None:
        notes.append(note)
    seconds = next((_fitted(columns[name], epochs)[0] for name in _SECONDS if name in columns), None)
    if seconds is not None and not (np.isfinite(seconds).all() and (seconds >= 0).all() and seconds.sum() > 0):
        seconds = None
    if seconds is not None and not math.isfinite(float(seconds.sum())):
        seconds = None
    return values, seconds, tuple(notes)


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


def _fitted(cells: list[Any], epochs: int) -> tuple[Array, int]:
    """(epochs,) numbers, cut or filled with NaN, and how many of the cells are none."""
    filled = np.full(epochs, np.nan)
    filled[: len(cells)] = numbers(cells[:epochs])
    return filled, int(np.isnan(filled).sum())


def _number(cell: Any) -> float:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return math.nan
    try:
        number = float(cell)
    except (ValueError, OverflowError):
        return math.nan
    return number if abs(number) < 1e12 else math.nan


def _listed(names: Iterable[str]) -> str:
    """A few names, shortened, without control characters: for plain text."""
    cleaned = [re.sub(r"[\x00-\x1f\x7f]+", " ", name)[:30] or "(no name)" for name in names]
    return ", ".join(cleaned[:_FEW]) + (f" and {len(cleaned) - _FEW:,} more" if len(cleaned) > _FEW else "")
