"""The reviews of one file in memory: as many of its rows as are scored, and how the file was understood.

A file may be made so that it takes time or memory out of all proportion to its size; here is where both end. Workers
read larger files (``jobs/tasks.py``), so what comes out can be sent through a pipe.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass

from models.scoring import inline
from models.scoring.decoding import TableError
from models.scoring.records import fitted
from models.scoring.shape import Format
from models.scoring.tables import Table

_CELLS_AT_ONCE = 20_000  # unpacked at once; between two lots other threads have their turn


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file was understood; the attributes are those of ``Table`` once its rows have been read."""

    columns: tuple[str, ...]
    format: Format
    header: bool
    form: inline.Form | None
    asked: bool
    delimiter: str
    notes: tuple[str, ...]
    cut: bool

    def fitted(self, cells: list[str], text: int) -> list[str]:
        """See ``tables.fitted``."""
        return fitted(cells, text, len(self.columns), self.delimiter)


@dataclass(frozen=True, slots=True)
class Reviews:
    """The rows of a file, as many as are scored.

    Attributes:
        name: the file's name, a visitor's words.
        rows: as they stand in the file.
        total: how many rows the file has, these and those beyond the limits.
    """

    name: str
    table: Layout
    rows: list[list[str]]
    total: int

    def __reduce__(self) -> tuple[Callable[..., Reviews], tuple[object, ...]]:
        lots: list[bytes] = []
        lot: list[list[str]] = []
        cells = 0
        for row in self.rows:
            lot.append(row)
            cells += len(row)
            if cells >= _CELLS_AT_ONCE:
                lots.append(pickle.dumps(lot, pickle.HIGHEST_PROTOCOL))
                lot, cells = [], 0
        lots.append(pickle.dumps(lot, pickle.HIGHEST_PROTOCOL))
        return _unpacked, (self.name, self.table, lots, self.total)


def read(
    data: bytes,
    name: str,
    format: Format | None,
    header: bool | None,
    form: str | None,
    seconds: float,
    most_rows: int,
    most_cells: int,
) -> Reviews:
    """The reviews of a file or of pasted lines; see ``Table`` for the first arguments.

    Args:
        seconds: of work after which reading stops, whatever the file is made of; the notes say so.
        most_rows: rows that are kept, if they have no more than ``most_cells`` cells.

    Raises:
        TableError: if it is no table of reviews.
    """
    table = Table(io.BytesIO(data), name, format, header, form, seconds)
    rows: list[list[str]] = []
    total = cells = 0
    for row in table.rows():
        total += 1
        cells += len(row)
        if len(rows) < most_rows and (cells <= most_cells or not rows):
            rows.append(row)
    if not rows:
        raise TableError("It has a heading but no rows." if table.header else "It has no rows.")
    layout = Layout(
        table.columns, table.format, table.header, table.form, table.asked, table.delimiter, table.notes, table.cut
    )
    return Reviews(name, layout, rows, total)


def _unpacked(name: str, table: Layout, lots: list[bytes], total: int) -> Reviews:
    rows: list[list[str]] = []
    for lot in lots:
        rows += pickle.loads(lot)  # noqa: S301, a worker of ours has packed it a moment ago
    return Reviews(name, table, rows, total)
