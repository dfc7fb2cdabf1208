"""Scoring a file of 160 rows from a test, in chunks of 16."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.catalog import load_model
from models.scoring import streaming
from models.scoring.streaming import Progress, Task, score_file

NAME = "article_simple_rnn"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every test of a module that imports it."""
    monkeypatch.setattr(streaming, "CHUNK_ROWS", 16)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The file of reviews."""
    path = tmp_path / "a.csv"
    path.write_text("id,review\n" + "".join(f"{i:04},a good film number {i:04} of many\n" for i in range(160)))
    return path


def task(source: Path, name: str = "b.csv", **more) -> Task:
    """Score ``source`` into a file beside it."""
    return Task(source, source.with_name(name), (load_model(NAME),), column="review", **more)


def stopped(work: Task, after: int = 2) -> None:
    """A run that is interrupted after so many chunks."""
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(work, stop)


def command(source: Path, output: Path | str, *more: str) -> list[str]:
    """The same as arguments of ``models.score``."""
    return [str(source), "--model", NAME, "--column", "review", "--output", str(output), *more]
