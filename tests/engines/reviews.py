"""50,000 made-up reviews with a key each, what ``models.score`` writes of them, and a scorer that dies once."""

from __future__ import annotations

import csv
import os
import signal
from pathlib import Path

import numpy as np

from models.score import main
from models.scoring import Scorer

ROOT = Path(__file__).resolve().parents[2]
MODEL, ROWS = "article_simple_rnn", 50_000
_WORDS = "a the film plot was is not very good bad awful wonderful boring acting story , ! ? zzzz 7/10 it's".split()


def reviews() -> list[str]:
    """One to twelve words; every thousandth has none."""
    random = np.random.default_rng(7)
    lengths = random.integers(1, 13, ROWS)
    lengths[::1_000] = 0
    return [" ".join(random.choice(_WORDS, length)) for length in lengths]


def scored_by_the_command(folder: Path, texts: list[str]) -> list[str]:
    """What the command says of every row, as it stands in its file: six decimals, or nothing."""
    with (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "review"])
        writer.writerows(enumerate(texts))
    command = [str(folder / "reviews.csv"), "--model", MODEL, "--output", str(folder / "scored.csv"), "--header"]
    assert main([*command, "--column", "review"]) == 0
    with (folder / "scored.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["key"] for row in rows] == [str(key) for key in range(ROWS)]
    return [row[f"p_positive_{MODEL}"] for row in rows]


def assert_the_same(probabilities: list[float | None], expected: list[str]) -> None:
    """The numbers of an engine, in the order of the key, against the command's six decimals."""
    numbers = np.array([np.nan if p is None else p for p in probabilities], float)
    wanted = np.array([float(p or "nan") for p in expected])
    np.testing.assert_allclose(numbers, wanted, atol=1.5e-6)


def dying_once(folder: Path) -> Scorer:
    """A scorer that kills its process in the middle of a batch, the third of all the batches of all the workers."""

    class Dying(Scorer):  # in a function, so that it travels as it is to workers that have no tests
        def __call__(self, texts: object) -> np.ndarray:
            scored = super().__call__(texts)  # type: ignore[arg-type]
            for count in range(1, 4):
                try:
                    os.close(os.open(folder / f"batch {count}", os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    continue
                if count == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
                break
            return scored

    return Dying(MODEL)
