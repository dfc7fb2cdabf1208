"""What every form of a history comes down to: columns of cells, named; and the one error there is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.errors import SafeError
from models.settings import MB

Array = np.ndarray
Columns = dict[str, list[Any]]

MOST_BYTES = 1_000_000
MOST_LOG_BYTES = 20 * MB  # of console output and event files, of which little is history
MOST_EPOCHS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_RUNS = 8
_FEW = 6


class HistoryError(SafeError, ValueError):
    """A visitor's file is no training history.

    Attributes:
        reason: our own words.
        detail: may quote the file: plain text only.
        code: Python that saves what is wanted, or "".
    """

    def __init__(self, reason: str, detail: str = "", code: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail, self.code = reason, detail, code


@dataclass(slots=True)
class Run:
    """One run of a file, not yet drawn.

    Attributes:
        columns: cells by lower-case name.
        breaks: rows in front of which a heading stood again: training was taken up there.
        name: what the file calls the run; a visitor's words.
        notes: what was odd; may quote the file: plain text only.
        partial: whether it may lack a training loss, as a file with one curve of TensorBoard's does.
    """

    columns: Columns
    breaks: tuple[int, ...] = ()
    name: str = ""
    notes: list[str] = field(default_factory=list)
    partial: bool = False


def numbers(cells: list[Any]) -> Array:
    """Cells as finite float64; NaN where they are no numbers, or absurd ones."""
    return np.array([number(cell) for cell in cells], np.float64)


def number(cell: Any) -> float:
    """A cell as a finite number; NaN where it is none, or an absurd one."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return math.nan
    try:
        found = float(cell)
    except (ValueError, OverflowError):
        return math.nan
    return found if abs(found) < 1e12 else math.nan


def listed(names: Iterable[str]) -> str:
    """A few names, shortened, without control characters: for plain text."""
    cleaned = [re.sub(r"[\x00-\x1f\x7f]+", " ", name)[:30] or "(no name)" for name in names]
    return ", ".join(cleaned[:_FEW]) + (f" and {len(cleaned) - _FEW:,} more" if len(cleaned) > _FEW else "")


def of_rows(rows: list[dict[str, Any]]) -> Columns:
    """Rows as columns, in the order in which names first appear.

    Raises:
        HistoryError: if there are too many.
    """
    if len(rows) > MOST_ROWS:
        raise HistoryError(f"It has more than {MOST_ROWS:,} rows.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MOST_COLUMNS:
        raise HistoryError(f"It has more than {MOST_COLUMNS} columns.")
    columns: Columns = {}
    for name in names:
        columns.setdefault(str(name).strip().lower(), [row.get(name) for row in rows])
    return columns
