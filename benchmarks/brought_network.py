"""What a brought network costs: opening a file of 20 MB, and reading with it against one of ours of the same size.

    python -m benchmarks.brought_network [--model plain_lstm]

The file is made here with random weights: the same layers, units and words as the shelf's network. Opening is timed
whole, with the process in which the file is taken apart. Readings are compared by processor time, in turns, the best
time of each. "Padding read" is a network that also reads the padding behind the words, which ours do not: it is read
layer by layer as its file has it, and its credits take another walk. It is shown without a target.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
import zipfile
from functools import partial
from typing import Any

import h5py
import numpy as np

from benchmarks.timing import best_times
from benchmarks.trace_speed import review_of
from models.catalog import load_model
from models.foreign.model import ForeignModel
from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from models.sentiment import SentimentModel

MOST_SECONDS, MOST_RATIO = 2.0, 1.5
WORDS_READ, ROUNDS = 200, 15


def file_of(rows: int, features: int, units: int, mask: bool) -> bytes:
    """A ``.keras`` file: Embedding, LSTM, one sigmoid."""
    random = np.random.default_rng(0)
    shapes = {
        "embedding/vars/0": (rows, features), "lstm/cell/vars/0": (features, 4 * units),
        "lstm/cell/vars/1": (units, 4 * units), "lstm/cell/vars/2": (4 * units,), "dense/vars/0": (units, 1),
        "dense/vars/1": (1,),
    }  # fmt: skip
    layers: list[tuple[str, dict[str, Any]]] = [
        ("Embedding", {"name": "embedding", "input_dim": rows, "output_dim": features, "mask_zero": mask}),
        ("LSTM", {"name": "lstm", "units": units, "return_sequences": False}),
        ("Dense", {"name": "dense", "units": 1, "activation": "sigmoid"}),
    ]
    weights, network = io.BytesIO(), io.BytesIO()
    with h5py.File(weights, "w") as made:
        for path, shape in shapes.items():
            made[f"layers/{path}"] = random.normal(0, 0.1, shape).astype(np.float32)
    config = {"class_name": "Sequential", "config": {"layers": [{"class_name": k, "config": c} for k, c in layers]}}
    with zipfile.ZipFile(network, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("model.weights.h5", weights.getvalue())
    return network.getvalue()


def brought(ours: SentimentModel, mask: bool) -> ForeignModel:
    """A network from a file, of the size of one of ours and with its words."""
    words = {word: row for row, word in enumerate(ours.vocabulary.words) if row > 1}
    data = file_of(len(ours.vocabulary), ours.card.embedding, ours.card.units, mask)
    prepared = Preparation(oov_id=1, maxlen=WORDS_READ, padding="post", truncating="post")
    return assemble(read_plan(data, "x.keras"), Words("a dictionary", words, Preparation()), prepared)


def main() -> int:
    """Print both tables; 1 if a target is missed."""
    purpose = __doc__.partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.brought_network", description=purpose)
    parser.add_argument("--model", default="plain_lstm", metavar="NAME", help="an LSTM of the shelf")
    ours = load_model(parser.parse_args().model)
    data = file_of(38_000, 128, 64, True)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        read_plan(data, "x.keras")
        times.append(time.perf_counter() - began)
    print(f"opening {len(data) / 1e6:.1f} MB: {min(times):.2f} s, {max(times):.2f} s at worst (at most {MOST_SECONDS})")
    text = review_of(WORDS_READ)
    models: dict[str, SentimentModel] = {
        "ours": ours, "brought": brought(ours, True), "brought, padding read": brought(ours, False),
    }  # fmt: skip
    missed = min(times) > MOST_SECONDS
    for what, call in (("trace", lambda m: m.trace(text)), ("predict of 50", lambda m: m.predict([text] * 50))):
        times = best_times(*(partial(call, model) for model in models.values()), rounds=ROUNDS)
        for name, (_, seconds) in zip(models, times, strict=True):
            ratio = seconds / times[0].processor
            missed |= name == "brought" and ratio > MOST_RATIO
            target = f" (at most {MOST_RATIO})" if name == "brought" else ""
            print(f"{what:14} {name:22} {1e3 * seconds:8.2f} ms   {ratio:.2f} times ours{target}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
