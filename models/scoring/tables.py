"""Reviews in files: CSV, TSV, JSON lines, or plain text with one review a line. Standard library only.

Such files come from everywhere, so nothing in them is trusted and nothing is lost: every record stays in its place
with all its cells, whether or not it can be scored. Rows are read one at a time.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from models.scoring import inline, json_forms
from models.scoring.decoding import Again, Lines, TableError
from models.scoring.records import find_delimiter, fitted, raggedness, records
from models.scoring.shape import SAMPLE, Format, declared_separator, first_lines, format_of, looks_like_header, tabbed
from models.wording import counted

MOST_COLUMNS = 1_000
_MOST_CELLS = 2 * MOST_COLUMNS  # of one row
_SURROGATE = re.compile("[\ud800-\udfff]")
# What may be odd in a file and is said of it: what is counted, and what of that.
_ODD = {
    "unbalanced": ("line", "with quotation marks that do not match: taken as it stands, mark for mark."),
    "ragged": ("row", "with more or fewer cells than the heading; nothing of them is left out."),
    "broken": ("line", "that cannot be read as JSON."),
    "blank": ("blank line", "skipped."),
}


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
        form: of lines of text, where their labels stand: a name of ``inline.forms()``, or ``inline.WHOLE``: they have
            none; None: find out.
        seconds: reading stops after so many; 0: it takes as long as it takes.

    Attributes:
        columns: the names as they stand in the file, twice the same one too.
        format: what it is read as.
        header: whether the first line named them.
        form: where the labels stand in lines of text; None where there are none. ``asked``: it was not found out.
        notes: once rows have been read, what was odd; our own words.

    Raises:
        TableError: if it is no such file.
    """

    def __init__(
        self,
        file: BinaryIO,
        name: str = "",
        format: Format | None = None,
        header: bool | None = None,
        form: str | None = None,
        seconds: float = 0.0,
    ) -> None:
        self._file, self._seconds = file, seconds
        self._odd: Counter[str] = Counter()
        self._lines = Lines(file, seconds)
        head = first_lines(self._lines)
        self.format: Format = format or format_of(name, head)
        self.form: inline.Form | None = None
        self.asked = form is not None
        if self.format == "text" and form is None and tabbed(head):
            self.format = "tsv"
        self.delimiter = "\t" if self.format == "tsv" else ","
        self.header = False
        self._separator_line = False
        self._content: list[Any] | None = None
        if self.format == "jsonl":
            if json_forms.needs_the_whole(head):
                self._content = json_forms.records(self._everything())
            self.columns = self._keys()
        elif self.format == "text":
            self.form = inline.forms().get(form) if form else inline.find_form(head)
            self.header = self.form is not None and self.form.header is not None
            self.columns = inline.columns(self.form)
        else:
            if (declared := declared_separator(head)) is not None:
                self.delimiter, self._separator_line, head = declared, True, head[1:]
            elif self.format == "csv":
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
        self._odd.clear()
        self._lines = Lines(self._file, self._seconds)
        try:
            if self.format == "jsonl":
                yield from self._json_rows()
            elif self.format == "text":
                lines = _without_trailing_blanks([line.rstrip("\r\n")] for line in self._lines)
                yield from lines if self.form is None else self._split(lines, self.form)
            else:
                if self._separator_line:
                    next(self._lines, None)
                rows = records(self._lines, self.delimiter, lambda: self._odd.update(["unbalanced"]))
                if self.header:
                    next(filter(None, rows), None)
                yield from _without_trailing_blanks(self._without_blanks(rows))
        finally:
            self._lines.close()

    def fitted(self, cells: list[str], text: int) -> list[str]:
        """Exactly one cell a column. Cells too many were cut out of the text by an unquoted comma: they go back."""
        return fitted(cells, text, len(self.columns), self.delimiter)

    @property
    def cut(self) -> bool:
        """Whether the last reading was stopped before the end of the file."""
        return self._lines.cut

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd but could be read."""
        notes = []
        if self.form is not None:
            notes.append(inline.form_sentence(self.form, self._odd["unlabelled"]))
        if self._lines.cut:
            notes.append(
                f"Reading took longer than {self._seconds:g} s and was stopped: there are more rows than these."
            )
        if self._lines.mended and self._lines.encoding.startswith("utf-8"):
            notes.append(f"{counted(self._lines.mended, 'line')} not in UTF-8, read as Windows-1252 (Latin-1).")
        elif self._lines.mended:
            notes.append(f"{counted(self._lines.mended, 'line')} with damaged characters, shown as �.")
        notes += [f"{counted(self._odd[odd], noun)} {rest}" for odd, (noun, rest) in _ODD.items() if self._odd[odd]]
        if len(set(self.columns)) < len(self.columns):
            notes.append("Some columns have the same name; they are told apart by their place.")
        return tuple(notes)

    def _without_blanks(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Rows without blank lines, which in a table of several columns are no rows."""
        width = len(self.columns)
        for row in rows:
            if not row and width > 1:
                self._odd["blank"] += 1
                continue
            if len(row) != width and width > 1:
                self._odd["ragged"] += 1
            if len(row) > _MOST_CELLS:  # a line of separators: what is too much of it stays together
                row[_MOST_CELLS:] = [self.delimiter.join(row[_MOST_CELLS:])]
            yield row or [""]

    def _split(self, lines: Iterable[list[str]], form: inline.Form) -> Iterator[list[str]]:
        """Lines as label and text, in the order of the file; a line without a label keeps all of its text."""
        if form.header is not None:
            lines = islice(lines, 1, None)
        for (line,) in lines:
            label, text = form.split(line)
            if not label and line.strip():
                self._odd["unlabelled"] += 1
            yield [label, text] if form.end == "front" else [text, label]

    def _everything(self) -> str:
        """The whole file, for JSON that is one value."""
        self._lines.close()
        self._lines = Lines(self._file)
        parts, size = [], 0
        for line in self._lines:
            parts.append(line)
            size += len(line)
            if size > json_forms.MOST_CHARACTERS:
                most = json_forms.MOST_CHARACTERS // 1_000_000
                raise TableError(f"It is one JSON value of more than {most} MB. Write one JSON object a line.")
        return "".join(parts)

    def _values(self) -> Iterator[tuple[Any, str]]:
        """Every JSON value of the file with its line; None for a line that cannot be read."""
        if self._content is not None:
            yield from ((value, "") for value in self._content)
            return
        for line in self._lines:
            if line.strip("\ufeff \t\r\n"):
                yield json_forms.parsed(line), line
            else:
                self._odd["blank"] += 1

    def _keys(self) -> tuple[str, ...]:
        """Every key of a JSON file, in the order of first appearance: one walk through the file."""
        self._lines.close()
        self._lines = Lines(self._file, self._seconds)
        keys: dict[str, None] = {}
        usable = unreadable = 0
        for content, _ in self._values():
            if content is None:
                unreadable += 1
                if unreadable >= SAMPLE and not usable:
                    break
                continue
            usable += 1
            keys.update(dict.fromkeys(_pairs(content)))
            if len(keys) > MOST_COLUMNS:
                raise TableError(f"Its objects have more than {MOST_COLUMNS:,} different keys.")
        if not usable:
            raise TableError("Not one line of it can be read as JSON.")
        return (*keys, *(("unreadable line",) if unreadable else ()))

    def _json_rows(self) -> Iterator[list[str]]:
        places = {key: place for place, key in enumerate(self.columns)}
        for content, line in self._values():
            if content is None:
                self._odd["broken"] += 1
                row: list[str] = [Broken("")] * len(self.columns)
                row[-1] = Broken(_clean(line.rstrip("\r\n")))
                yield row
                continue
            row = [""] * len(self.columns)
            for key, value in _pairs(content).items():
                if key in places:  # always, but for a file that changed while it was read
                    row[places[key]] = _cell(value)
            yield row


def _pairs(content: Any) -> dict[str, Any]:
    """A JSON value as one row: an object's keys, a list's places, anything else as the text."""
    if isinstance(content, dict):
        return {_clean(key): value for key, value in content.items()}
    if isinstance(content, list):
        return {f"column {place}": value for place, value in enumerate(content, 1)}
    return {"text": content}


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


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return _clean(value)
    return "" if value is None else NotText(_clean(json.dumps(value, ensure_ascii=False)))


def _clean(text: str) -> str:
    """Without half characters, which JSON can name and no file can hold."""
    return _SURROGATE.sub("\ufffd", text)
