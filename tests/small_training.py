"""A training small enough for a test: a recipe, a made-up dataset, and where the result goes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.training.data import imdb
from models.training.recipe import Recipe
from models.training.recipes import RECIPES
from tests.fake_imdb import COUNTS, make_folder

MORE = {**COUNTS, "train": 400, "unsup": 240}
TINY = replace(
    RECIPES["lstm"],
    vocabulary=40,
    embedding=6,
    units=(4,),
    window=24,
    max_timesteps=40,
    epochs=2,
    batch_size=8,
    learning_rate=0.02,
    averaging=0.5,
    unlabelled_per_epoch=80,
    sentences_per_epoch=20,
    parts_per_epoch=40,
    negated_per_epoch=4,
    joined_per_epoch=5,
    mirrored_per_epoch=6,
    validation_size=40,
    short_epochs=0,
    teachers=("naive_bayes",),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset's folder."""
    return make_folder(tmp_path_factory.mktemp("data"), MORE)


@pytest.fixture(scope="module", autouse=True)
def small_counts():
    """The dataset is as large as it should be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imdb, "OFFICIAL_COUNTS", MORE)
        yield


Train = Callable[..., Path]


@pytest.fixture(scope="module")
def train(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Train:
    """Train into a new folder, or go on in an old one."""
    pytest.importorskip("gensim")
    pytest.importorskip("sklearn")
    from models.training.fit.fit import train as fit

    def run(root: Path | None = None, recipe: Recipe = TINY) -> Path:
        root = root or tmp_path_factory.mktemp("run")
        return fit(recipe, data, root / "shelf", root / "work")

    return run


def command(monkeypatch: pytest.MonkeyPatch, *arguments: object, recipe: Recipe = TINY) -> int:
    """``python -m models.train ARGUMENTS``; returns its exit status."""
    from models.train import main

    monkeypatch.setitem(RECIPES, "lstm", recipe)
    return main([str(argument) for argument in arguments])


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a curve's file."""
    return list(csv.DictReader(path.read_text().splitlines()))
