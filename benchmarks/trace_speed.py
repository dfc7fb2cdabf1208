"""How fast a review is read: ``model.trace`` against one Keras ``predict`` call, in the same run.

    python -m benchmarks.trace_speed [--model lstm] [--shelf models/pretrained]

A trace starts from the text and ends with every state, gate and running prediction; ``predict`` starts from ready
ids and ends with one probability. Each time is a median, the two measured in turns, so that a busy machine slows
both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.catalog import PRETRAINED, load_model
from models.errors import ArtifactError, UnknownModel
from models.examples import EXAMPLES
from models.text import spans

# words: how many times faster than predict a trace should be
TARGETS = {20: 150, 200: 40, 1_000: 12}
SECONDS_PER_LENGTH = 6.0
MINIMUM_ROUNDS = 15


def review_of(words: int) -> str:
    """Our example reviews one after another, cut after so many words."""
    text = " ".join(example.text for example in EXAMPLES)
    text = " ".join([text] * (1 + words // sum(1 for _ in spans(text))))
    ends = [end for _, end in spans(text)]
    return text[: ends[words - 1]]


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(trace: Callable[[], object], predict: Callable[[], object]) -> tuple[float, float, int]:
    """Median seconds of the two, and the number of rounds; in each round, ``trace`` runs five times."""
    for _ in range(3):
        trace()
        predict()
    traces, predictions = [], []
    started = time.perf_counter()
    while len(predictions) < MINIMUM_ROUNDS or time.perf_counter() - started < SECONDS_PER_LENGTH:
        predictions.append(seconds(predict))
        traces += [seconds(trace) for _ in range(5)]
    return statistics.median(traces), statistics.median(predictions), len(predictions)


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

    network = load_network(options.model, options.shelf)
    print(f"{model.card.title}, {model.card.units} units, {os.cpu_count()} processor cores")
    print(f"{'words':>6}{'trace':>12}{'predict':>12}{'times faster':>14}{'target':>8}{'rounds':>8}")
    missed = 0
    for words, target in TARGETS.items():
        review = review_of(words)
        ids = np.array([[token.id for token in model.vocabulary.tokenize(review)]], np.int32)
        # The two must agree, or the comparison is worth nothing.
        np.testing.assert_allclose(model.trace(review).probability, network.predict(ids, verbose=0)[0, 0], atol=1e-5)
        ours, theirs, rounds = measure(lambda r=review: model.trace(r), lambda i=ids: network.predict(i, verbose=0))
        missed += theirs / ours < target
        print(f"{words:6,}{ours * 1e3:9.2f} ms{theirs * 1e3:9.1f} ms{theirs / ours:14.0f}{target:8}{rounds:8}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
