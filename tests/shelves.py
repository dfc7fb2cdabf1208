"""A shelf of tiny networks with random weights: every kind of network we can read, made in a few seconds.

Page tests and unit tests share it: ``from tests.shelves import tiny_shelf``. It is made in a process of its own, so
that TensorFlow is not imported where pages are served.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.catalog import load_model
from models.examples import EXAMPLES
from models.sentiment import SentimentModel
from models.text import Vocabulary, keys
from models.training.recipe import Article, Recipe
from models.training.recipes import RECIPES

ROOT = Path(__file__).resolve().parents[1]
_SMALL = {
    "vocabulary": 220, "embedding": 6, "max_timesteps": 300, "teachers": (),
    "sentences_per_epoch": 0, "parts_per_epoch": 0, "negated_per_epoch": 0, "joined_per_epoch": 0,
    "mirrored_per_epoch": 0, "short_epochs": 0,
}  # fmt: skip

_ARTICLE = {"vocabulary": 220, "embedding": 6, "validation_steps": 0, "validation_share": 0.2}

TINY: dict[str, Recipe | Article] = {
    recipe.name: recipe
    for recipe in (
        replace(RECIPES["simple_rnn"], **_SMALL, units=(7,), readout=("mean", "max")),
        replace(RECIPES["lstm"], **_SMALL, units=(5,)),
        replace(RECIPES["gru"], **_SMALL, units=(6,)),
        replace(RECIPES["best_bigru"], **_SMALL, units=(4,)),
        replace(RECIPES["lstm"], **_SMALL, name="stacked_lstm", title="Stacked LSTM", order=11, units=(5, 4)),
        replace(
            RECIPES["gru"], **_SMALL, name="stacked_bigru", title="Stacked bidirectional GRU", order=12, units=(4, 3),
            bidirectional=True, readout=("mean", "max"),
        ),
        replace(
            RECIPES["gru"], **_SMALL, name="gru_all", title="GRU, all poolings", order=13, units=(5,),
            readout=("last", "mean", "max"),
        ),
        # Padding in front that is read; of reviews of more than 40 words the beginning is not.
        replace(RECIPES["article_simple_rnn"], **_ARTICLE, units=(5,), max_timesteps=40),
        replace(RECIPES["article_bilstm"], **_ARTICLE, units=(4,), max_timesteps=40, test_reviews=0),
        replace(RECIPES["tutorial_stacked_bilstm"], **_ARTICLE, units=(4, 3), max_timesteps=300, hidden=5),
    )
}  # fmt: skip


@pytest.fixture(scope="session")
def tiny_shelf(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The shelf of all ``TINY`` networks. Shared by all tests: copy it before damaging it.

    Made once for a state of the files it comes from, and kept in pytest's cache: TensorFlow takes its time.
    """
    sources = [
        "tests/shelves.py",
        *(f"models/training/{name}" for name in ("recipe.py", "recipes.toml", "networks.py")),
    ]
    state = hashlib.sha256(b"".join((ROOT / path).read_bytes() for path in sources)).hexdigest()[:16]
    kept = request.config.cache.mkdir("tiny_shelf") / state
    if not kept.is_dir():
        fresh = Path(tempfile.mkdtemp(dir=kept.parent, prefix="unfinished-"))
        subprocess.run([sys.executable, "-m", "tests.shelves", str(fresh)], cwd=ROOT, check=True, timeout=600)
        with contextlib.suppress(OSError):  # another test run may have been faster
            fresh.rename(kept)
    shelf = tmp_path_factory.mktemp("tiny_shelf")
    shutil.copytree(kept, shelf, dirs_exist_ok=True)
    return shelf


@pytest.fixture(params=list(TINY))
def tiny_model(request: pytest.FixtureRequest, tiny_shelf: Path) -> SentimentModel:
    """Each of the ``TINY`` networks in turn."""
    return load_model(request.param, tiny_shelf)


def tiny_vocabulary(size: int) -> Vocabulary:
    """The words of our example reviews, filled up with made-up ones."""
    found = Vocabulary.count((keys(example.text) for example in EXAMPLES), size).words
    return Vocabulary((*found, *(f"word{i}" for i in range(size - len(found)))))


def put_on_shelf(recipe: Recipe | Article, shelf: Path) -> Path:
    """Build a recipe's network with random weights and write its folder. Imports TensorFlow."""
    from models.training.networks import build

    network = build(recipe)
    randomize(network, recipe.seed)
    folder = shelf / recipe.name
    folder.mkdir(parents=True)
    network.save(folder / "model.keras")
    tiny_vocabulary(recipe.vocabulary).save(folder / "vocabulary.txt")
    (folder / "history.csv").write_text(
        "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n"
        "1,0.60000,0.70000,0.55000,0.72000,2.00e-03,10.0\n"
        "2,0.40000,0.82000,0.45000,0.80000,1.00e-03,9.5\n"
    )
    (folder / "steps.csv").write_text("step,epoch,loss,accuracy\n20,1,0.65000,0.61000\n40,2,0.41000,0.81000\n")
    shown = ("name", "title", "family", "order", "summary", "bidirectional", "embedding", "max_timesteps")
    artifacts.write_card(
        folder,
        {
            "format": artifacts.FORMAT,
            **{key: getattr(recipe, key) for key in shown},
            "layers": len(recipe.units),
            "units": list(recipe.units),
            "vocabulary": recipe.vocabulary,
            "parameters": network.count_params(),
            "readout": list(recipe.readout),
            "unread_end": recipe.unread_end,
            "recipe": recipe.as_dict(),
            "test_accuracy": 0.5,
        },
    )
    return folder


def randomize(network, seed: int) -> None:  # type: ignore[no-untyped-def]
    """Give every weight, biases too, a size at which mistakes show: fresh Keras biases are zero, embeddings tiny."""
    random = np.random.default_rng(seed)
    for variable in network.trainable_variables:
        spread = {"embeddings": 1.0, "bias": 0.5, "recurrent_kernel": 0.3}.get(variable.name, 0.6)
        variable.assign(random.normal(0, spread, variable.shape).astype(np.float32))


if __name__ == "__main__":
    for tiny in TINY.values():
        put_on_shelf(tiny, Path(sys.argv[1]))
