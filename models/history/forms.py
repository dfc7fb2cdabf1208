"""From the bytes of a file to its runs: what kind of file it is, and the columns in it."""

from __future__ import annotations

import csv
import json
from typing import Any

from models.history import console, events, python_text, trackers
from models.history.names import EPOCHS, sources
from models.history.run import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_LOG_BYTES,
    MOST_ROWS,
    MOST_RUNS,
    Columns,
    HistoryError,
    Run,
    listed,
    of_rows,
)
from models.settings import MB

_SAVE = """import json
plain = {name: [float(x) for x in values] for name, values in history.history.items()}
json.dump(plain, open("history.json", "w"))"""
_SAVE_ARRAY = """import json
import numpy as np
history = np.load("history.npy", allow_pickle=True).item()
plain = {name: [float(x) for x in values] for name, values in history.items()}
json.dump(plain, open("history.json", "w"))"""
_LINES = " These lines of Python save a history as JSON:"
_BINARY = (
    (b"\x89HDF", "This is an HDF5 file: a Keras model belongs on the page “Your network”."),
    (b"PK\x03\x04", "This is an archive: a Keras model (.keras) belongs on the page “Your network”."),
    (b"\x1f\x8b", "This is a compressed file: unpack it first."),
    (b"\x89PNG", "This is not a text file but a picture."),
)


def read(data: bytes, name: str = "") -> list[Run]:
    """The runs of a file, at least one.

    Raises:
        HistoryError: if it is no history.
    """
    if len(data) > MOST_LOG_BYTES:
        raise HistoryError(f"It is larger than {MOST_LOG_BYTES // MB} MB.")
    if events.is_events(data):
        return [events.read(data, name)]
    _refuse_binary(data)
    text = _text(data)
    if console.is_console(text):
        return [console.read(text)]
    if len(data) > MOST_BYTES:
        raise HistoryError(f"It is larger than {MOST_BYTES // 1_000_000} MB; a history is a few kilobytes.")
    bare = text.lstrip("\ufeff \t\r\n")
    if bare[:1] in ("{", "[") or "{'" in bare[:500]:
        return _of_json(bare)
    found = _of_table(bare)
    return trackers.split(found.columns, name) or [found]


def _refuse_binary(data: bytes) -> None:
    if data[:1] == b"\x80" and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise _unread("This is a Python pickle, which may hold code and is never opened.")
    if data.startswith(b"\x93NUMPY"):
        raise _unread("This is a NumPy file, which may hold code and is never opened.", _SAVE_ARRAY)
    for signature, reason in _BINARY:
        if data.startswith(signature):
            raise _unread(reason)


def _unread(reason: str, code: str = _SAVE) -> HistoryError:
    return HistoryError(reason + _LINES, code=code)


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
        raise _unread("It is not a text file, or not in UTF-8 or UTF-16.") from error
    if "\x00" in text:
        raise _unread("It is not a text file.")
    if not text.strip("\ufeff \t\r\n"):
        raise HistoryError("It is empty.")
    return text


def _of_table(text: str) -> Run:
    """A CSV; the separator is the one that the first line has most of. A heading that stands there again is no row."""
    lines = text.splitlines() or [""]
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
    header = [cell.strip().lower() for cell in rows[0]]
    if len(header) > MOST_COLUMNS:
        raise HistoryError(f"It has more than {MOST_COLUMNS} columns.")
    notes = []
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        notes.append(f"These columns stand there more than once, and the first one counts: {listed(twice)}.")
    breaks: list[int] = []
    body: list[dict[str, Any]] = []
    ragged = 0
    current = header
    for row in rows[1:]:
        cells = [cell.strip() for cell in row]
        if _heads(cells, header):
            current = [cell.lower() for cell in cells]
            breaks.append(len(body))
            continue
        ragged += len(cells) != len(current)
        own: dict[str, Any] = {}
        for name, cell in zip(current, cells, strict=False):
            own.setdefault(name, _without_decimal_comma(cell) if separator == ";" else cell)
        body.append(own)
    if ragged:
        notes.append(f"{ragged:,} of {len(body):,} rows do not have {len(header)} cells; what is missing is left out.")
    names = [name for name in dict.fromkeys([*header, *(name for row in body for name in row)]) if name]
    if len(names) > MOST_COLUMNS:
        raise HistoryError(f"It has more than {MOST_COLUMNS} columns.")
    return Run({name: [row.get(name, "") for row in body] for name in names}, tuple(breaks), notes=notes)


def _heads(cells: list[str], header: list[str]) -> bool:
    """Whether a row is a heading again: the same one, or another with a loss and an epoch in it."""
    names = [cell.lower() for cell in cells]
    if names == header:
        return True
    return "loss" in sources(names) and any(name in EPOCHS for name in names)


def _without_decimal_comma(cell: str) -> str:
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell


def _of_json(text: str) -> list[Run]:
    """``History.history`` alone or under "history", a DataFrame's JSON, rows, lines of rows, or several runs."""
    content = _parsed(text)
    if isinstance(content, dict) and isinstance(content.get("log_history"), list):
        content = content["log_history"]
    return _several(content) or [_one(content)]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        rows = _json_lines(text)
        found = rows if rows is not None else python_text.parse(text)
        if found is None:
            raise HistoryError("It begins like JSON but cannot be read as JSON.") from error
        return found


def _json_lines(text: str) -> list[Any] | None:
    lines = [line.strip().removesuffix(",") for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or len(lines) > MOST_ROWS:
        return None
    try:
        rows = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None
    return rows if all(isinstance(row, dict) for row in rows) else None


def _several(content: Any) -> list[Run] | None:
    """The runs of an object of histories, or of a list of them; None where it is one history."""
    if isinstance(content, dict):
        named = [(str(name), _history(run)) for name, run in content.items() if name != "history"]
    elif isinstance(content, list):
        named = [(str(run.get("name", run.get("run", ""))), _history(run)) for run in content if isinstance(run, dict)]
    else:
        return None
    whole = len(content) and len(named) == len(content) and all(run is not None for _, run in named)
    if not whole or len(named) > MOST_RUNS:
        return None
    return [Run(run.columns, run.breaks, name, run.notes) for name, found in named if (run := found) is not None]


def _history(content: Any) -> Run | None:
    """One of several runs: an object with lists of losses in it, or of rows."""
    if isinstance(content, dict) and isinstance(content.get("history"), dict | list):
        content = content["history"]
    if isinstance(content, dict) and not any(isinstance(column, list) for column in content.values()):
        return None
    if isinstance(content, list) and not (content and all(isinstance(row, dict) for row in content)):
        return None
    try:
        found = _one(content)
    except HistoryError:
        return None
    return found if "loss" in sources(found.columns) else None


def _one(content: Any) -> Run:
    epochs: Any = None
    if isinstance(content, dict) and isinstance(content.get("history"), dict | list):
        epochs, content = content.get("epoch"), content["history"]
    if isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        columns = of_rows(content)
        runs = trackers.split(columns)
        return runs[0] if runs else Run(columns)
    if not isinstance(content, dict):
        raise HistoryError("Its JSON is not an object of lists, like History.history.")
    if len(content) > MOST_COLUMNS:
        raise HistoryError(f"It has more than {MOST_COLUMNS} columns.")
    columns = {}
    for name, column in _aligned(content).items():
        if isinstance(column, list):
            columns.setdefault(name.strip().lower(), column)
    if isinstance(epochs, list) and not any(name in columns for name in EPOCHS):
        columns["epoch"] = epochs
    return Run(columns)


def _aligned(content: dict[str, Any]) -> Columns:
    """Columns that are objects by row, as pandas writes them, as lists of the same rows."""
    objects = [column for column in content.values() if isinstance(column, dict)]
    keys = list(dict.fromkeys(key for column in objects for key in column))
    return {
        name: [column.get(key) for key in keys] if isinstance(column, dict) else column
        for name, column in content.items()
    }
