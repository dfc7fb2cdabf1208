"""Reviews in files: CSV, TSV, JSON lines, or plain text with one review a line. Standard library only.

Such files come from everywhere, so nothing in them is trusted and nothing is lost: every record stays in its place
with all its cells, whether or not it can be scored. Rows are read one at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, Literal

from models.scoring.decoding import Lines, TableError
from models.scoring.records import Again, find_delimiter, raggedness, records

Format = Literal["csv", "tsv", "jsonl", "text"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "jsonl", "text")
MOST_COLUMNS = 1_000
_ENDINGS: dict[str, Format] = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl", "txt": "text",
    "text": "text",
}  # fmt: skip
_SAMPLE, _SAMPLE_CHARACTERS = 200, 2_000_000
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotText(str):
    """A JSON value that is no text (a number, a list), written as JSON."""

    __slots__ = ()


class Broken(NotText):
    """A cell of a line that could not be read as JSON."""

    __slots__ = ()


class Table:
    """A file of reviews, read row by row.

    Args:
        file: binary and seekable; left open.
        name: the file's name, whose ending tells the format; the content has the last word.
        format: instead of finding it out.
        header: whether the first line names the columns; None: find out.

    Attributes:
        columns: the names as they stand in the file, twice the same one too.
        format: what it is read as.
        header: whether the first line named them.
        notes: once rows have been read, what was odd; our own words.

    Raises:
        TableError: if it is no such file.
    """

    def __init__(
        self, file: BinaryIO, name: str = "", format: Format | None = None, header: bool | None = None
    ) -> None:
        self._file = file
        self._unbalanced = self._blank = self._broken = self._ragged = 0
        self._lines = Lines(file)
        head = _head(self._lines)
        self.format: Format = format or _format(name, head)
        self.delimiter = "\t" if self.format == "tsv" else ","
        self.header = False
        if self.format == "jsonl":
            self.columns = self._keys()
        elif self.format == "text":
            self.columns = ("text",)
        else:
            if self.format == "csv":
                self.delimiter = find_delimiter(head)
            first = next(filter(None, records(Again(head), self.delimiter)), [""])
            self.header = looks_like_header(first) if header is None else header
            width = len(first)
            if not self.header and self.format == "csv" and raggedness(head, self.delimiter) > 0.4:
                width = 1  # lines of running text with commas in them, not a table
            if width > MOST_COLUMNS:
                raise TableError(f"It has more than {MOST_COLUMNS:,} columns.")
            if self.header:
                self.columns = tuple(first)
            else:
                self.columns = ("text",) if width == 1 else tuple(f"column {i + 1}" for i in range(width))
        self._lines.close()

    def rows(self) -> Iterator[list[str]]:
        """All rows in order, as they stand in the file: a row may have too few or too many cells (see ``fitted``).

        Raises:
            TableError: if the file turns out unreadable after all.
        """
        self._unbalanced = self._blank = self._broken = self._ragged = 0
        self._lines = Lines(self._file)
        try:
            if self.format == "jsonl":
                yield from self._json_rows()
            elif self.format == "text":
                yield from _without_trailing_blanks([line.rstrip("\r\n")] for line in self._lines)
            else:
                rows = records(self._lines, self.delimiter, self._count_unbalanced)
                if self.header:
                    next(filter(None, rows), None)
                yield from _without_trailing_blanks(self._whole(rows))
        finally:
            self._lines.close()

    def fitted(self, cells: list[str], text: int) -> list[str]:
        """Exactly one cell a column. Cells too many were cut out of the text by an unquoted comma: they go back."""
        over = len(cells) - len(self.columns)
        if over < 0:
            return [*cells, *[""] * -over]
        if over == 0:
            return cells
        end = text + over + 1
        return [*cells[:text], self.delimiter.join(cells[text:end]), *cells[end:]]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd but could be read."""
        notes = []
        if self._lines.mended and self._lines.encoding.startswith("utf-8"):
            notes.append(f"{_count(self._lines.mended, 'line')} not in UTF-8, read as Windows-1252 (Latin-1).")
        elif self._lines.mended:
            notes.append(f"{_count(self._lines.mended, 'line')} with damaged characters, shown as �.")
        if self._unbalanced:
            notes.append(
                f"{_count(self._unbalanced, 'line')} with quotation marks that do not match: taken as it stands, mark "
                "for mark."
            )
        if self._ragged:
            notes.append(
                f"{_count(self._ragged, 'row')} with more or fewer cells than the heading; nothing of them is left out."
            )
        if self._broken:
            notes.append(f"{_count(self._broken, 'line')} that cannot be read as JSON.")
        if self._blank:
            notes.append(f"{_count(self._blank, 'blank line')} skipped.")
        twice = len(self.columns) - len(set(self.columns))
        if twice:
            notes.append("Some columns have the same name; they are told apart by their place.")
        return tuple(notes)

    def _count_unbalanced(self) -> None:
        self._unbalanced += 1

    def _whole(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Rows without blank lines, which in a table of several columns are no rows."""
        width = len(self.columns)
        for row in rows:
            if not row and width > 1:
                self._blank += 1
                continue
            self._ragged += len(row) != width and width > 1
            yield row or [""]

    def _keys(self) -> tuple[str, ...]:
        """Every key of a JSON-lines file, in the order of first appearance: one walk through the file."""
        self._lines.close()
        self._lines = Lines(self._file)
        keys: dict[str, None] = {}
        usable = unreadable = 0
        for line in self._lines:
            if not line.strip("\ufeff \t\r\n"):
                continue
            content = _json(line)
            if isinstance(content, list) and not usable:
                raise TableError("It is one JSON list. Write one JSON object a line (JSON Lines).")
            if content is None:
                unreadable += 1
                if unreadable >= _SAMPLE and not usable:
                    break
                continue
            usable += 1
            keys.update(dict.fromkeys(map(_clean, content)) if isinstance(content, dict) else {"text": None})
            if len(keys) > MOST_COLUMNS:
                raise TableError(f"Its objects have more than {MOST_COLUMNS:,} different keys.")
        if not usable:
            raise TableError("Not one line of it can be read as JSON.")
        return (*keys, *(("unreadable line",) if unreadable else ()))

    def _json_rows(self) -> Iterator[list[str]]:
        places = {key: place for place, key in enumerate(self.columns)}
        for line in self._lines:
            if not line.strip("\ufeff \t\r\n"):
                self._blank += 1
                continue
            content = _json(line)
            if content is None:
                self._broken += 1
                row: list[str] = [Broken("")] * len(self.columns)
                row[-1] = Broken(_clean(line.rstrip("\r\n")))
                yield row
                continue
            row = [""] * len(self.columns)
            for key, value in (content if isinstance(content, dict) else {"text": content}).items():
                row[places[_clean(key)]] = _cell(value)
            yield row


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a first row names columns: short, no numbers; alone, it must be a single word."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or any(re.fullmatch(r"[-+]?[\d.,/]+", cell) for cell in filled):
        return False
    if len(cells) == 1:
        return re.fullmatch(r"[\w.-]{1,40}(?: [\w.-]{1,20})?", filled[0]) is not None and not filled[0].endswith(".")
    return all(len(cell) <= 60 and len(cell.split()) <= 6 and cell[-1] not in ".!?" for cell in filled)


def _head(lines: Lines) -> list[str]:
    """The first lines, enough to tell what kind of file it is."""
    head: list[str] = []
    size = 0
    for line in islice(lines, _SAMPLE):
        head.append(line)
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            break
    return head


def _format(name: str, head: list[str]) -> Format:
    first = next((line.strip("\ufeff \t\r\n") for line in head if line.strip("\ufeff \t\r\n")), "")
    if first.startswith("{") and isinstance(_json(first), dict):
        return "jsonl"
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if "\t" in first:
        return "tsv"
    delimiter = find_delimiter(head)
    return "csv" if delimiter in first and raggedness(head, delimiter) <= 0.1 and len(head) > 1 else "text"


def _without_trailing_blanks(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Blank rows are kept in their places, but not at the end of a file."""
    waiting = 0
    for row in rows:
        if len(row) == 1 and not row[0].strip():
            waiting += 1
            continue
        for _ in range(waiting):
            yield [""]
        waiting = 0
        yield row


def _json(line: str) -> Any:
    """What a line says; None where it says nothing readable (``null`` neither)."""
    try:
        return json.loads(line.strip("\ufeff \t\r\n"))
    except (ValueError, RecursionError):
        return None


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return _clean(value)
    return "" if value is None else NotText(_clean(json.dumps(value, ensure_ascii=False)))


def _clean(text: str) -> str:
    """Without half characters, which JSON can name and no file can hold."""
    return _SURROGATE.sub("\ufffd", text)


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"
