"""A shelf of tiny networks with random weights: every kind of network we can read, made in a few seconds.

Page tests and unit tests share it: ``from tests.shelves import tiny_shelf``. It is made in a process of its own, so
that TensorFlow is not imported where pages are served.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.examples import EXAMPLES
from models.text import Vocabulary, keys
from models.training.recipes import RECIPES, Recipe

ROOT = Path(__file__).resolve().parents[1]
_SMALL = {"vocabulary": 220, "embedding": 6, "max_timesteps": 300, "teachers": ()}

TINY: dict[str, Recipe] = {
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
    )
}  # fmt: skip


@pytest.fixture(scope="session")
def tiny_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shelf of all ``TINY`` networks. Shared by all tests: copy it before damaging it."""
    shelf = tmp_path_factory.mktemp("tiny_shelf")
    subprocess.run([sys.executable, "-m", "tests.shelves", str(shelf)], cwd=ROOT, check=True, timeout=120)
    return shelf


def tiny_vocabulary(size: int) -> Vocabulary:
    """The words of our example reviews, filled up with made-up ones."""
    found = Vocabulary.count((keys(example.text) for example in EXAMPLES), size).words
    return Vocabulary((*found, *(f"word{i}" for i in range(size - len(found)))))


def put_on_shelf(recipe: Recipe, shelf: Path) -> Path:
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
