"""How fast a review is read: ``model.trace`` against Keras's ``predict`` and a compiled loop, in the same run.

    python -m benchmarks.trace_speed [--model lstm] [--shelf models/pretrained]

A trace starts from the text and ends with every state, gate and running prediction; ``predict`` starts from ready
ids and ends with one probability; ``compiled_lstm.c``, built here with the system's compiler, starts from ready ids
and ends with every state and gate: the limit of what any reader could reach. They are measured in turns, and the best
time of each counts: whatever else the machine was doing made the others longer. ``predict`` uses several threads and
waits for them on a busy machine; its processor time stands beside. The loop and the trace, of one thread both, are
compared by processor time.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.timing import best_times
from models.catalog import PRETRAINED, load_model
from models.errors import ArtifactError, UnknownModel
from models.examples import EXAMPLES
from models.nn.cells import LSTM
from models.sentiment import SentimentModel
from models.text import spans

SOURCE = Path(__file__).with_name("compiled_lstm.c")
# words: how many times faster than predict a trace should be
TARGETS = {20: 150, 200: 40, 1_000: 15}
MOST_OF_COMPILED = 4.0
SECONDS_PER_LENGTH = 6.0
MINIMUM_ROUNDS = 15
CALLS_A_ROUND = 5

Compiled = Callable[[np.ndarray], dict[str, np.ndarray]]


def review_of(words: int) -> str:
    """Our example reviews one after another, cut after so many words."""
    text = " ".join(example.text for example in EXAMPLES)
    text = " ".join([text] * (1 + words // sum(1 for _ in spans(text))))
    ends = [end for _, end in spans(text)]
    return text[: ends[words - 1]]


def compiled_loop(model: SentimentModel) -> Compiled | None:
    """``compiled_lstm.c`` with the model's weights; None without a compiler or for another kind of network."""
    compiler, layers = shutil.which("cc"), model.network.layers
    if (
        compiler is None
        or len(layers) != 1
        or layers[0].backward is not None
        or not isinstance(layers[0].forward, LSTM)
    ):
        return None
    folder = tempfile.mkdtemp()
    try:
        options = "-O3 -march=native -ffast-math -fno-math-errno -shared -fPIC".split()
        subprocess.run([compiler, *options, str(SOURCE), "-o", f"{folder}/lstm.so", "-lm"], check=True)
        loop = ctypes.CDLL(f"{folder}/lstm.so").lstm
    finally:
        shutil.rmtree(folder)
    cell = layers[0].forward
    held = [np.ascontiguousarray(a) for a in (model.network.embedding, cell.kernel, cell.recurrent, cell.bias)]
    features, units = cell.kernel.shape[0], cell.units

    def read(ids: np.ndarray) -> dict[str, np.ndarray]:
        out = {name: np.empty((len(ids), n * units), np.float32) for name, n in (("gates", 4), ("cells", 1), ("h", 1))}
        arrays = [ctypes.c_void_p(array.ctypes.data) for array in (ids, *held, *out.values())]
        loop(len(ids), features, units, *arrays)
        return out

    return read


def main(arguments: list[str] | None = None) -> int:
    """Print the table; exit status 1 where a target is missed, 2 where there is no such model."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trace_speed", description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="lstm", help="a folder on the shelf (default: lstm)")
    parser.add_argument("--shelf", type=Path, default=PRETRAINED, help="folder of models")
    options = parser.parse_args(arguments)
    try:
        model = load_model(options.model, options.shelf)
    except (UnknownModel, ArtifactError) as error:
        print(f"benchmarks.trace_speed: {error}", file=sys.stderr)
        return 2

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from models.training.networks import load_network

    network, compiled = load_network(options.model, options.shelf), compiled_loop(model)
    print(f"{model.card.title}, {model.card.units} units, {os.cpu_count()} processor cores")
    print("        predict ÷ trace        of processor   trace ÷ compiled   predict ÷ compiled")
    print(" words   ratio   target               time   ratio     target            the limit         trace")
    missed = 0
    for words, target in TARGETS.items():
        review = review_of(words)
        ids = np.array([token.id for token in model.vocabulary.tokenize(review)], np.int32)
        # They must agree, or the comparison is worth nothing.
        trace = model.trace(review)
        np.testing.assert_allclose(trace.probability, network.predict(ids[None], verbose=0)[0, 0], atol=1e-5)
        calls = [lambda r=review: model.trace(r), lambda i=ids: network.predict(i[None], verbose=0)]
        if compiled is not None:
            np.testing.assert_allclose(compiled(ids)["h"], trace.layers[0].hidden_states, atol=1e-5)
            calls.append(lambda i=ids: compiled(i))
        often = (CALLS_A_ROUND, 1, CALLS_A_ROUND)
        times = best_times(*calls, rounds=MINIMUM_ROUNDS, seconds=SECONDS_PER_LENGTH, often=often)
        (ours, our_work), (keras, keras_work), *limit = times
        missed += keras / ours < target
        line = f"{words:6,}{keras / ours:8.0f}{'≥ ' + str(target):>9}{keras_work / our_work:19.0f}"
        if limit:
            ((clock, work),) = limit
            missed += our_work / work > MOST_OF_COMPILED
            line += f"{our_work / work:8.1f}{'≤ ' + str(MOST_OF_COMPILED):>11}{keras / clock:21.0f}"
        else:
            line += f"{'–':>8}{'':11}{'–':>21}"
        print(f"{line}{ours * 1e3:11.2f} ms")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
