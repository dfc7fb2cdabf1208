"""Score a file row by row, larger than memory if need be, and go on where an interrupted run stopped.

While it runs, what is scored lies in ``<output>.part``, and ``<output>.part.json`` says how much of that is settled.
A run that finds both goes on from there; chunks begin at the same rows as they would have, so the result is the same
to the last digit. The finished file appears under its name in one move. A pipe or a device is written to as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from models.card import SIDES
from models.scoring.columns import pick_text
from models.scoring.decoding import TableError
from models.scoring.export import added_cells, added_columns, csv_bytes
from models.scoring.output import Part, Settled, is_stream
from models.scoring.processes import scored_ahead
from models.scoring.shape import SAMPLE, Format
from models.scoring.source import WatchedSource
from models.scoring.tables import Table
from models.sentiment import SentimentModel

CHUNK_ROWS, CHUNK_CHARACTERS = 1_024, 4_000_000
_FORMAT = 2


class UnfinishedRun(Exception):
    """There is a part of another run in the way: other settings, another file, or other models."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to score.

    Attributes:
        column: the text column, by name or by number from 1; None: find it.
        protect: put an apostrophe before cells that a spreadsheet would run as formulas.
        restart: leave an unfinished run behind and begin anew.
        form: where labels stand in lines of text, as for ``Table``; None: find out.
        jobs: processes that score; the result does not depend on it.
    """

    source: Path
    output: Path
    models: tuple[SentimentModel, ...]
    column: str | None = None
    format: Format | None = None
    header: bool | None = None
    protect: bool = True
    restart: bool = False
    form: str | None = None
    jobs: int = 1

    @property
    def sides(self) -> tuple[str, str]:
        """What the verdicts are called: the models' words for 0 and 1 where all have the same, else the usual ones."""
        found = {model.card.sides for model in self.models}
        return found.pop() if len(found) == 1 else SIDES


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: rows done, of which ``before`` by an earlier run, and the share of the file, 0…1."""

    rows: int
    before: int
    share: float


def score_file(
    task: Task, report: Callable[[Progress], None] = lambda _: None, say: Callable[[str], None] = lambda _: None
) -> int:
    """Run a task to its end; returns the number of rows written.

    Args:
        report: called after every chunk.
        say: told of every file of an earlier run (gone on with, removed, or another output's), and in the end what was
            odd in the file and how its lines were understood; our own words.

    Raises:
        TableError: if the source is no table of reviews.
        UnfinishedRun: if the part of another run is in the way.
        OutputBusy: if another run is writing to this output.
        InputChanged: if the source is written to meanwhile; what was settled stays.
        WorkerLost: if a process that scores was killed; what was settled stays.
        OSError: if a file cannot be read or written; what was settled stays.
    """
    with WatchedSource(task.source) as source:
        if is_stream(task.output):
            with task.output.open("wb") as target:
                return _run(task, source, target, None, report, say)
        part = Part(task.output)
        with part.held() as target:
            return _run(task, source, target, part, report, say)


def _run(
    task: Task,
    source: WatchedSource,
    target: BinaryIO,
    part: Part | None,
    report: Callable[[Progress], None],
    say: Callable[[str], None],
) -> int:
    try:
        table = Table(source.buffered, task.source.name, task.format, task.header, task.form)
        text = text_column(table, task.column)
    except TableError:
        if part is not None and part.settled() is None:
            part.remove()
        raise
    settings = _settings(task, table, text, source.size)
    done = before = 0
    if part is not None:
        done, written = (0, 0) if task.restart else _settled(part, source, settings)
        before = done
        _tidy(part, before, say)
        target.truncate(written)
        target.seek(written)
    if not done:
        names = [model.card.name for model in task.models]
        added_names = added_columns(names, table.columns, task.sides[1])
        target.write(csv_bytes([[*table.columns, *added_names]], task.protect))
    chunks = _chunks(table, islice(table.rows(), done, None), text)
    cells_and_texts = ((chunk, [cells[text] for cells in chunk]) for chunk in chunks)
    for chunk, scores in scored_ahead(task.models, cells_and_texts, task.jobs):
        scored = ([*cells, *added] for cells, added in zip(chunk, added_cells(scores, task.sides), strict=True))
        target.write(csv_bytes(scored, task.protect))
        target.flush()
        source.still_the_same()
        done += len(chunk)
        if part is not None:
            part.settle(Settled(done, target.tell(), source.seen, settings))
        report(Progress(done, before, min(1.0, source.buffered.tell() / max(1, source.size))))
    if done == 0:
        if part is not None:
            part.remove()
        raise TableError("It has a heading but no rows." if table.header else "It has no rows.")
    for note in table.notes:
        say(note)
    if part is not None:
        os.fsync(target.fileno())
        part.finish()
    return done


def text_column(table: Table, asked: str | None) -> int:
    """The place of the text column that was asked for, or of the one that looks like it.

    Raises:
        TableError: if there is none, or the name stands for two columns.
    """
    names = ", ".join(repr(name[:40]) for name in table.columns[:12])
    listed = f"Its columns are {names}{' and more' if len(table.columns) > 12 else ''}."
    if asked is None:
        sample = [table.fitted(row, 0) for row in islice(table.rows(), SAMPLE)]
        found = pick_text(table.columns, sample)
        if found is None and sample:
            raise TableError("No column of it has text in it.", listed)
        return found or 0
    places = [place for place, name in enumerate(table.columns) if name.strip() == asked.strip()]
    if len(places) > 1:
        raise TableError("More than one column has that name: give its number instead.", listed)
    if not places and asked.isdigit() and 1 <= int(asked) <= len(table.columns):
        places = [int(asked) - 1]
    if not places:
        raise TableError("It has no column of that name.", listed)
    return places[0]


def _chunks(table: Table, rows: Iterator[list[str]], text: int) -> Iterator[list[list[str]]]:
    """Rows in chunks of bounded size, one cell a column; where a chunk begins depends on the file alone."""
    chunk: list[list[str]] = []
    characters = 0
    for row in rows:
        cells = table.fitted(row, text)
        chunk.append(cells)
        characters += sum(map(len, cells))
        if len(chunk) == CHUNK_ROWS or characters > CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _settings(task: Task, table: Table, text: int, size: int) -> dict[str, Any]:
    """Everything that the result depends on: an unfinished run is only gone on with when all of it is the same."""
    return {
        "format": _FORMAT,
        "size": size,
        "table": [table.format, table.delimiter, table.header, text, table.form.name if table.form else None],
        "models": [[model.card.name, model.card.checksum("model.keras")] for model in task.models],
        "protect": task.protect,
        **({"sides": list(task.sides)} if task.sides != SIDES else {}),
        "chunk": [CHUNK_ROWS, CHUNK_CHARACTERS],
    }


def _settled(part: Part, source: WatchedSource, settings: dict[str, Any]) -> tuple[int, int]:
    """Rows done and bytes written by the unfinished run; nothing where it had not settled any."""
    found = part.settled()
    if found is None:
        return 0, 0
    if found.settings != settings:
        raise UnfinishedRun("an unfinished run with another file, column or model is there; --restart begins anew")
    if not source.begins_as(*found.seen):
        raise UnfinishedRun("an unfinished run is there, and the file has been changed since; --restart begins anew")
    return found.rows, found.bytes


def _tidy(part: Part, before: int, say: Callable[[str], None]) -> None:
    """Name what earlier runs have left; what nothing can be done with goes."""
    if before:
        say(f"going on after {before:,} rows of an unfinished run")
    for path in part.leftovers():
        if path != part.path:  # the part itself is written over
            path.unlink(missing_ok=True)
        say(f"removed what a broken-off run had left: {path.name}")
    for path in part.strangers():
        say(f"an unfinished run of another output is here, too: {path.name} (its command goes on with it)")
