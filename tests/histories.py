"""A shelf of made-up training runs: cards, histories and layers, and no network behind them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from models import artifacts, histories
from models.catalog import list_models

COLUMNS = "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds"
RUNS: dict[str, tuple[str, str, int, tuple[tuple[float, float, float, float, float], ...]]] = {
    # title, family, order, rows of loss, accuracy, val_loss, val_accuracy, seconds
    "simple_rnn": ("SimpleRNN", "SimpleRNN", 1, ((0.6, 0.70, 0.55, 0.75, 60), (0.5, 0.76, 0.50, 0.78, 60))),
    "lstm": (
        "LSTM",
        "LSTM",
        2,
        ((0.5, 0.78, 0.45, 0.80, 90), (0.35, 0.86, 0.30, 0.88, 90), (0.2, 0.93, 0.36, 0.87, 90)),
    ),
    "gru": ("GRU", "GRU", 3, ((0.52, 0.77, 0.48, 0.79, 30), (0.36, 0.85, 0.32, 0.87, 30))),
    "best_bigru": ("Best: bidirectional GRU", "GRU", 4, ((0.4, 0.82, 0.28, 0.89, 200),)),
}


@pytest.fixture(scope="session")
def runs_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shelf of made-up runs, for tests that only read it."""
    return made_up_shelf(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def runs(runs_shelf: Path) -> dict[str, histories.History]:
    """Their histories, by name."""
    return histories.collect(list_models(runs_shelf))[0]


def made_up_shelf(shelf: Path) -> Path:
    """Write every run of ``RUNS`` under ``shelf``."""
    for name in RUNS:
        put_run(shelf, name)
    return shelf


def put_run(shelf: Path, name: str, called: str = "") -> Path:
    """Write one run's folder: history and steps (4 steps an epoch, a row every 2), the layers, the card."""
    title, family, order, rows = RUNS[name]
    folder = shelf / (called or name)
    folder.mkdir(parents=True)
    lines = [COLUMNS, *(f"{e},{a},{b},{c},{d},1e-3,{s}" for e, (a, b, c, d, s) in enumerate(rows, 1))]
    (folder / "history.csv").write_text("\n".join(lines) + "\n")
    fine = [f"{4 * e + 2 * k},{e + 1},{row[0]},{row[1]}" for e, row in enumerate(rows) for k in (1, 2)]
    (folder / "steps.csv").write_text("\n".join(["step,epoch,loss,accuracy", *fine]) + "\n")
    both = name.startswith("best")
    put_layers(folder, family, both)
    artifacts.write_card(
        folder,
        {
            "format": artifacts.FORMAT,
            "title": title,
            "family": family,
            "order": order,
            "bidirectional": both,
            "layers": 1,
            "units": [4],
            "embedding": 3,
            "vocabulary": 10,
            "max_timesteps": 50,
            "parameters": parameters(family, both),
            "recipe": {"output_dropout": 0.3, "teachers": ["naive_bayes"], "seed": 7, "running_loss": 0.7},
            "training": {
                "reviews": 22_380,
                "validation_reviews": 2_500,
                "unlabelled_reviews": 50_000,
                "epochs": len(rows),
                "best_epoch": 1 + min(range(len(rows)), key=lambda e: rows[e][2]),
                "machine": "a lathe, 2 cores",
            },
        },
    )
    return folder


def parameters(family: str, both: bool) -> int:
    """Of the network that ``put_layers`` tells of: embedding 10 × 3, a cell of 4 units, a readout."""
    gates = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[family]
    cell = gates * 4 * (3 + 4 + (2 if family == "GRU" else 1))
    return 30 + cell * (2 if both else 1) + (8 if both else 4) + 1


def put_layers(folder: Path, family: str, both: bool) -> None:
    """Write ``model.keras`` with an architecture and no weights."""
    cell = {"class_name": family, "config": {"name": "recurrent", "units": 4, "return_sequences": True}}
    layers: list[dict[str, Any]] = [
        {"class_name": "InputLayer", "config": {"name": "ids", "batch_shape": [None, None]}},
        {"class_name": "Embedding", "config": {"name": "embedding", "input_dim": 10, "output_dim": 3}},
        {"class_name": "NotEqual", "config": {"name": "not_equal"}},
        {"class_name": "Bidirectional", "config": {"name": "both_ways", "layer": cell}} if both else cell,
        {"class_name": "Dropout", "config": {"name": "output_dropout", "rate": 0.3}},
        {
            "class_name": "Dense",
            "config": {"name": "readout", "units": 1, "use_bias": True, "activation": "linear"},
        },
        {"class_name": "GetItem", "config": {"name": "get_item"}},
        {"class_name": "Activation", "config": {"name": "probability", "activation": "sigmoid"}},
    ]
    with zipfile.ZipFile(folder / "model.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Functional", "config": {"layers": layers}}))


def put_article(shelf: Path, name: str, reported: dict[str, float], test_accuracy: float, **recipe: Any) -> Path:
    """Write the folder of a published system, called by its name: three epochs, the second one best, the last kept.

    Args:
        recipe: of ``Article``; ``resumed=(after, from)`` for a training that was taken up again.
    """
    resumed = recipe.pop("resumed", None)
    epochs = recipe.setdefault("epochs", 3)
    folder = put_run(shelf, "simple_rnn", name)
    rows = [f"{e},{0.6 - 0.1 * e:.2f},{0.725 + 0.07 * e:.3f},{[0.5, 0.4][e == 2]},0.{80 + e % 2},1e-3,60"
            for e in range(1, epochs + 1)]  # fmt: skip
    (folder / "history.csv").write_text("\n".join([COLUMNS, *rows]) + "\n")
    fine = [f"{4 * e + 2 * k},{e + 1},0.5,0.7" for e in range(epochs) for k in (1, 2)]
    (folder / "steps.csv").write_text("\n".join(["step,epoch,loss,accuracy", *fine]) + "\n")
    facts = artifacts.read_card(folder)
    facts |= {"title": name, "order": 20, "test_accuracy": test_accuracy, "readout": ["last"], "unread_end": "start"}
    facts["recipe"] = {
        "reported": reported, "chosen": ["It was chosen."], "family": "SimpleRNN", "units": [4], "embedding": 3,
        "vocabulary": 10, "max_timesteps": 50, "padding": "front", "hidden": 0, "output_dropout": 0.0,
        "optimizer": "rmsprop", "learning_rate": None, "batch_size": 128, "test_reviews": 0, "validation_share": 0.0,
        "validation_steps": 0, "resumed_after": resumed[0] if resumed else 0, "seed": 1, **recipe,
    }  # fmt: skip
    facts["training"] = {
        "reviews": 20_000, "validation_reviews": 5_000, "unlabelled_reviews": 0, "epochs": epochs,
        "best_epoch": 2 if resumed else epochs, "minutes": 3.0, "machine": "a lathe, 2 cores",
    }  # fmt: skip
    if resumed:
        facts["training"]["resumed"] = {"after_epoch": resumed[0], "from_epoch": resumed[1]}
    artifacts.write_card(folder, facts)
    return folder
