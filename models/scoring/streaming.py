"""Score a file row by row, larger than memory if need be, and go on where an interrupted run stopped.

While it runs, what is scored lies in ``<output>.part``, and ``<output>.part.json`` says how much of that is settled.
A run that finds both goes on from there; chunks begin at the same rows as they would have, so the result is the same
to the last digit. The finished file appears under its name in one move.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from models.scoring.columns import pick_text
from models.scoring.decoding import TableError
from models.scoring.export import added_cells, added_columns, csv_bytes
from models.scoring.scoring import Scores, score
from models.scoring.tables import Format, Table
from models.sentiment import SentimentModel

Chunk = TypeVar("Chunk")
CHUNK_ROWS, CHUNK_CHARACTERS = 1_024, 4_000_000
_WORKERS = 2
_SAMPLE = 200
_FORMAT = 1


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: rows done, of which ``before`` by an earlier run, and the share of the file, 0…1."""

    rows: int
    before: int
    share: float


def score_file(
    task: Task,
    report: Callable[[Progress], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """Run a task to its end; returns the number of rows written.

    Args:
        report: told how far it has come.
        say: told what was odd in the file, and how its lines were understood; our own words.

    Raises:
        TableError: if the source is no table of reviews.
        UnfinishedRun: if the part of another run is in the way.
        OSError: if a file cannot be read or written; what was settled stays.
    """
    part = task.output.with_name(task.output.name + ".part")
    checkpoint = task.output.with_name(task.output.name + ".part.json")
    with task.source.open("rb") as file:
        table = Table(file, task.source.name, task.format, task.header, task.form)
        text = text_column(table, task.column)
        settings = _settings(task, table, text, file)
        done, written = (0, 0) if task.restart or not part.exists() else _settled(checkpoint, settings)
        before, size = done, task.source.stat().st_size
        with part.open("r+b" if written else "wb") as target:
            target.truncate(written)
            target.seek(written)
            if not written:
                names = [model.card.name for model in task.models]
                target.write(csv_bytes([[*table.columns, *added_columns(names, table.columns)]], task.protect))
            rows = islice(table.rows(), done, None)
            chunks = _chunks(table, rows, text)
            for chunk, scores in scored_ahead(task.models, ((c, [cells[text] for cells in c]) for c in chunks)):
                scored = ([*cells, *added] for cells, added in zip(chunk, added_cells(scores), strict=True))
                target.write(csv_bytes(scored, task.protect))
                target.flush()
                done += len(chunk)
                _write(checkpoint, {"rows": done, "bytes": target.tell(), "settings": settings})
                report(Progress(done, before, min(1.0, file.tell() / max(1, size))))
            if done == 0:
                target.close()
                part.unlink()
                raise TableError("It has a heading but no rows." if table.header else "It has no rows.")
            os.fsync(target.fileno())
        for note in table.notes:
            say(note)
    os.replace(part, task.output)
    checkpoint.unlink(missing_ok=True)
    return done


def scored_ahead(
    models: Sequence[SentimentModel], chunks: Iterable[tuple[Chunk, Sequence[str]]]
) -> Iterator[tuple[Chunk, Scores]]:
    """Score the texts of each chunk, in order, the next one already while the last is being written.

    NumPy lets go of the interpreter while it computes, so that one thread can look for words while the other reads.
    Every chunk is scored by itself: the numbers do not depend on the threads.
    """
    waiting: deque[tuple[Chunk, Future[Scores]]] = deque()
    with ThreadPoolExecutor(_WORKERS) as pool:
        try:
            for chunk, texts in chunks:
                waiting.append((chunk, pool.submit(score, models, texts)))
                if len(waiting) > _WORKERS:
                    done, scores = waiting.popleft()
                    yield done, scores.result()
            while waiting:
                done, scores = waiting.popleft()
                yield done, scores.result()
        finally:
            for _, unwanted in waiting:
                unwanted.cancel()


def text_column(table: Table, asked: str | None) -> int:
    """The place of the text column that was asked for, or of the one that looks like it.

    Raises:
        TableError: if there is none, or the name stands for two columns.
    """
    names = ", ".join(repr(name[:40]) for name in table.columns[:12])
    listed = f"Its columns are {names}{' and more' if len(table.columns) > 12 else ''}."
    if asked is None:
        sample = [table.fitted(row, 0) for row in islice(table.rows(), _SAMPLE)]
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


def _settings(task: Task, table: Table, text: int, file: BinaryIO) -> dict[str, Any]:
    """Everything that the result depends on: an unfinished run is only gone on with when all of it is the same."""
    size = task.source.stat().st_size
    file.seek(0)
    digest = hashlib.sha256(file.read(1_000_000))
    file.seek(max(0, size - 1_000_000))
    digest.update(file.read())
    weights = [model.card.facts.get("files", {}).get("model.keras", {}).get("sha256") for model in task.models]
    return {
        "format": _FORMAT,
        "source": [size, digest.hexdigest()],
        "table": [table.format, table.delimiter, table.header, text, table.form.name if table.form else None],
        "models": [[model.card.name, sha] for model, sha in zip(task.models, weights, strict=True)],
        "protect": task.protect,
        "chunk": [CHUNK_ROWS, CHUNK_CHARACTERS],
    }


def _settled(checkpoint: Path, settings: dict[str, Any]) -> tuple[int, int]:
    """Rows done and bytes written by the unfinished run; nothing where it had not settled any."""
    try:
        found = json.loads(checkpoint.read_text(encoding="utf-8"))
        rows, written, made_with = int(found["rows"]), int(found["bytes"]), found["settings"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0
    if made_with != settings:
        raise UnfinishedRun("an unfinished run with another file, column or model is there; --restart begins anew")
    if checkpoint.with_suffix("").stat().st_size < written:
        return 0, 0
    return rows, written


def _write(path: Path, content: dict[str, Any]) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    os.replace(fresh, path)
