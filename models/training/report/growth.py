"""``growth.npz``: the example reviews read by the network of every epoch. Read by ``models.explain.epochs``.

``models.train`` writes it. For a run that is already over::

    python -m models.training.report.growth lstm [--run FOLDER] [--shelf FOLDER]

finds the run whose history the model's is, writes the file into the model's folder and its checksum into the card.
Needs no TensorFlow: the weights of every epoch are read like those of the finished network.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from models import artifacts, card_facts, one_move
from models.card import ModelCard
from models.catalog import PRETRAINED, load_model, read_card
from models.errors import ArtifactError, UnknownModel
from models.examples import EXAMPLES
from models.explain.epochs import FILE
from models.nn import network
from models.sentiment import SentimentModel, Trace
from models.text import Vocabulary
from models.training.fit.calibration import Calibration

Array = np.ndarray

MOST_BYTES = 3_000_000
_BY_EPOCH = re.compile(r"/(logits|running_logits|states_\d+)$")
_STEP = 1 / 256  # of the states' range from −1 to 1: finer than colours can be told apart, and packs well


def write_growth(folder: Path, run: Path, before: Path | None = None) -> Path:
    """Read the examples with every ``epoch_NN.weights.h5`` of ``run``; write ``growth.npz``, its checksum on the card.

    Args:
        folder: of the finished model; its card's calibration is applied to every epoch's output layer.
        run: working folder of its training.
        before: folder of the finished network that the training went on from; its file holds the epochs until then.

    Raises:
        ArtifactError: if the card cannot be read.
        FileNotFoundError: if the weights of an epoch of its ``history.csv`` are not there.
    """
    card = read_card(folder)
    history = artifacts.read_history(run / "history.csv")
    earlier = _earlier(before) if before else {}
    if earlier:
        history = history[history.epoch > earlier["epochs"].max()]
    files = {int(epoch): run / f"epoch_{epoch:02d}.weights.h5" for epoch in history.epoch}
    missing = [file.name for file in files.values() if not file.is_file()]
    if missing:
        raise FileNotFoundError(f"{run} lacks {', '.join(missing)}")
    training = card_facts.training(card)
    calibration = Calibration(training.temperature or 1.0, training.shift or 0.0)
    vocabulary = Vocabulary.load(folder / "vocabulary.txt")
    traces: list[list[Trace]] = []
    for file in files.values():
        epoch = network.load(folder / "model.keras", file)
        weights, bias = calibration.readout(epoch.weights, np.array(epoch.bias))
        epoch = replace(epoch, weights=weights, bias=float(bias))
        model = SentimentModel(card, vocabulary, epoch)
        traces.append([model.trace(example.text) for example in EXAMPLES])
    path = folder / FILE
    names = [layer.name for layer in traces[0][0].layers]
    top = 2 if card.bidirectional else 1
    upper = range(len(names) - top, len(names))
    with one_move.written(path) as fresh:
        for layers, step in ((range(len(names)), 0.0), (upper, 0.0), (upper, _STEP)):
            arrays = _arrays(traces, list(layers), step)
            arrays["layers"] = np.array([names[place] for place in layers])
            arrays["epochs"] = np.array(list(files))
            arrays |= {name: np.concatenate([earlier[name], arrays[name]]) for name in earlier if name in arrays}
            arrays["kept"] = np.array(training.best_epoch, int)
            with fresh.open("wb") as out:
                np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
            if fresh.stat().st_size <= MOST_BYTES:
                break
    artifacts.write_card(folder, artifacts.read_card(folder))
    return path


def _earlier(folder: Path) -> dict[str, Array]:
    """What goes on from epoch to epoch in the file of a finished network."""
    with np.load(folder / FILE) as saved:
        return {name: saved[name] for name in saved.files if name == "epochs" or _BY_EPOCH.search(name)}


def find_run(card: ModelCard, runs: Path) -> Path | None:
    """The working folder under ``runs`` whose ``history.csv`` is the model's."""
    history = (card.folder / "history.csv").read_bytes()
    for run in sorted(runs.glob(f"{card.name}-*")):
        if (run / "history.csv").is_file() and (run / "history.csv").read_bytes() == history:
            return run
    return None


def _arrays(traces: list[list[Trace]], layers: list[int], step: float) -> dict[str, Array]:
    """Everything but the epochs, with an epoch's traces in every row of ``traces``; states rounded to ``step``."""
    arrays: dict[str, Array] = {"format": np.array(artifacts.FORMAT)}
    arrays["reviews"] = np.array([example.name for example in EXAMPLES])
    for example, column in zip(EXAMPLES, zip(*traces, strict=True), strict=True):
        arrays[f"{example.name}/ids"] = np.array([token.id for token in column[0].tokens], np.int32)
        arrays[f"{example.name}/logits"] = np.array([trace.logit for trace in column], np.float32)
        running = [trace.running_logits for trace in column if trace.running_logits is not None]
        if running:
            arrays[f"{example.name}/running_logits"] = np.array(running, np.float32)
        for saved, place in enumerate(layers):
            states = np.array([trace.layers[place].hidden_states for trace in column])
            if step:
                states = np.round(states / step) * step
            arrays[f"{example.name}/states_{saved}"] = states.astype(np.float16)
    return arrays


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (2 on bad input)."""
    parser = argparse.ArgumentParser(prog="python -m models.training.report.growth", description="Write growth.npz.")
    parser.add_argument("name", help="which model of the shelf")
    parser.add_argument("--run", type=Path, help="the training's working folder (default: the one with its history)")
    parser.add_argument("--work", type=Path, default=artifacts.WORK, help="where trainings keep their working folders")
    parser.add_argument("--shelf", type=Path, default=PRETRAINED, help="where the model's folder lies")
    options = parser.parse_args(arguments)
    try:
        card = load_model(options.name, options.shelf).card
        run = options.run or find_run(card, options.work / "runs")
        if run is None:
            raise FileNotFoundError("no training with this model's history was found; name it with --run")
        path = write_growth(card.folder, run)
    except (UnknownModel, ArtifactError, OSError, ValueError) as error:
        print(f"models.training.report.growth: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print(f"{path}: {path.stat().st_size:,} bytes")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
