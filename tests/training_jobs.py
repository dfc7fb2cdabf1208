"""Trainings beside a running app: a workshop of the test's own, where stand-ins train instead of Keras."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models import artifacts
from models.jobs import training_job
from models.jobs.training_job import Workshop
from models.training.data import imdb
from tests.fake_imdb import COUNTS, make_folder
from tests.waiting import until

# Reads the options as models.train gets them, and then does what a test asks for.
STAND_IN = """
import json, os, pathlib, subprocess, sys, time
options = dict(a[2:].split("=", 1) for a in sys.argv[1:] if "=" in a)
def shelve():
    folder = pathlib.Path(options["out"]) / options["name"]
    folder.mkdir()
    (folder / "card.json").write_text("{}")
def curves(text):
    run = pathlib.Path(options["work"]) / "runs" / "x"
    run.mkdir(parents=True)
    (run / "steps.csv").write_text(text)
"""


TRAIN = {"recipe": "lstm", "title": "Yours", "units": 8, "epochs": 2, "reviews": 2_000}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small dataset, as large as it should be."""
    monkeypatch.setattr(imdb, "OFFICIAL_COUNTS", COUNTS)
    return make_folder(tmp_path)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """Over an empty shelf, without a dataset."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("UNROLLED_DATA", raising=False)
    monkeypatch.setattr(artifacts, "WORK", tmp_path / "work")
    (tmp_path / "shelf").mkdir()
    made = Workshop(tmp_path / "shelf")
    yield made
    made.stop()


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say what the stand-in does."""
    return lambda body: monkeypatch.setattr(training_job, "command", lambda: [sys.executable, "-c", STAND_IN + body])


def over(shop: Workshop) -> training_job.Status:
    """How the job ended, once it has."""
    until(lambda: shop.status().state != "running")
    return shop.status()
