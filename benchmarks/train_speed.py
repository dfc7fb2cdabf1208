"""How fast a layer learns: the fused layers against those of Keras, in the same run.

    python -m benchmarks.train_speed [--units 64 512] [--timesteps 250]

One round is the states and all gradients of one batch of 64 reviews, padded at the end, on one thread. Each time is a
median, the two measured in turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

FAMILIES = ("SimpleRNN", "LSTM", "GRU")
REVIEWS, EMBEDDING, ROUNDS = 64, 100, 7


def learning(layer: keras.layers.Layer, timesteps: int) -> Callable[[], object]:
    """One round of it, compiled."""
    import tensorflow as tf

    vectors = tf.random.stateless_normal((REVIEWS, timesteps, EMBEDDING), (1, 2))
    shortest = timesteps - timesteps // 10
    mask = tf.sequence_mask([shortest + row % (timesteps + 1 - shortest) for row in range(REVIEWS)], timesteps)
    layer.build(vectors.shape)

    @tf.function  # type: ignore[untyped-decorator]
    def once() -> object:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(vectors, mask=mask, training=True) ** 2)
        return tape.gradient(loss, [weight.value for weight in layer.trainable_weights])

    return once


def measure(*rounds: Callable[[], object]) -> list[float]:
    """Median seconds of each."""
    for once in rounds:
        once()
    taken: list[list[float]] = [[] for _ in rounds]
    for _ in range(ROUNDS):
        for once, seconds in zip(rounds, taken, strict=True):
            started = time.perf_counter()
            once()
            seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in taken]


def main(arguments: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train_speed", description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="+", default=[64, 512], help="sizes of the layer")
    parser.add_argument("--timesteps", type=int, default=250, help="words of a review")
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    import keras

    from models.training.fit import fused

    print(f"{'layer':<14}{'Keras':>12}{'fused':>12}{'times faster':>14}")
    for units in options.units:
        for family in FAMILIES:
            layers = [getattr(kind, family)(units, return_sequences=True) for kind in (keras.layers, fused)]
            plain, ours = measure(*(learning(layer, options.timesteps) for layer in layers))
            print(f"{f'{family} {units}':<14}{1e3 * plain:>9.0f} ms{1e3 * ours:>9.0f} ms{plain / ours:>14.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
