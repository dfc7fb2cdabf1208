"""Delimiter-separated text as records, read so that a forgotten quotation mark costs one line and no more."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator

from models.scoring.decoding import MOST_LINE, Again

# A quoted cell may run over many lines; one that runs over more than this was never closed.
_MOST_QUOTED_LINES = 10_000
_MOST_FAILURES = 200
csv.field_size_limit(MOST_LINE)


def records(lines: Again, delimiter: str, unbalanced: Callable[[], None] = lambda: None) -> Iterator[list[str]]:
    """Rows of delimiter-separated text. A record whose quotes do not match costs no more than its own first line.

    Python's reader is asked to be strict. Where it refuses, the first line of the record is split as it stands, marks
    that do not match and all, and reading goes on with the line after it, so that one forgotten mark cannot swallow
    the rows that follow.

    Args:
        unbalanced: called for every such line.
    """
    taken: list[str] = []
    failures = 0
    loose = re.compile(rf'"((?:[^"]|"")*+)"(?={re.escape(delimiter)}|$)|([^{re.escape(delimiter)}]*)')

    def counted() -> Iterator[str]:
        size = 0
        for line in lines:
            size = len(line) + (size if taken else 0)
            taken.append(line)
            if len(taken) > _MOST_QUOTED_LINES or size > MOST_LINE:
                raise csv.Error("a quoted cell does not end")
            yield line

    def as_it_stands(line: str) -> list[str]:
        line, cells, place = line.rstrip("\r\n"), [], 0
        while place <= len(line):
            match = loose.match(line, place)
            assert match is not None  # the second half matches anything
            cells.append(match[2] if match[1] is None else match[1].replace('""', '"'))
            place = match.end() + 1
        return cells

    reader = csv.reader(counted(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            first, *rest = taken
            lines.put_back(rest)
            failures += 1
            unbalanced()
            yield as_it_stands(first)
            reader = csv.reader(counted(), delimiter=delimiter, strict=True)
            # Marks that never match, over and over: reading ahead each time would take forever.
            if len(rest) > 100 and failures > _MOST_FAILURES:
                yield from map(as_it_stands, lines)
                return
            continue
        yield row


def find_delimiter(head: list[str]) -> str:
    """The separator under which most of the first rows have as many cells as the first one; a comma, in doubt."""

    def fit(delimiter: str) -> tuple[float, int]:
        rows = [row for row in records(Again(head), delimiter) if row]
        width = len(rows[0]) if rows else 1
        return (0, 0) if width < 2 else (sum(len(row) == width for row in rows) / len(rows), width)

    return max((",", ";", "\t", "|"), key=lambda delimiter: (fit(delimiter)[0], -",;\t|".index(delimiter)))


def raggedness(head: list[str], delimiter: str) -> float:
    """Share of the first rows that do not have as many cells as the first one."""
    rows = [row for row in records(Again(head), delimiter) if row]
    return sum(len(row) != len(rows[0]) for row in rows) / len(rows) if rows else 0.0


def fitted(cells: list[str], text: int, columns: int, delimiter: str) -> list[str]:
    """Exactly one cell a column; ``text`` is the place of the column that surplus cells go back into."""
    over = len(cells) - columns
    if over < 0:
        return [*cells, *[""] * -over]
    if over == 0:
        return cells
    end = text + over + 1
    return [*cells[:text], delimiter.join(cells[text:end]), *cells[end:]]
