"""How fast running maxima and sums are learnt through: ours against TensorFlow's and Keras's, in the same run.

    python -m benchmarks.train_speed [--units 64 512] [--timesteps 250]

One round is the values after every timestep and the gradient of one batch of 64 reviews, on one thread. The two are
measured in turns, and the best processor time of each counts.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.timing import best_times

if TYPE_CHECKING:
    import tensorflow as tf

REVIEWS, ROUNDS = 64, 7


def learning(function: Callable[[tf.Tensor], tf.Tensor], units: int, timesteps: int) -> Callable[[], object]:
    """One round of it, compiled."""
    import tensorflow as tf

    states = tf.random.stateless_normal((timesteps, REVIEWS, units), (1, 2))
    upstream = tf.random.stateless_normal((timesteps, REVIEWS, units), (3, 4))

    @tf.function(jit_compile=False)  # type: ignore[untyped-decorator]
    def once() -> object:
        with tf.GradientTape() as tape:
            tape.watch(states)
            found = function(states)
        return found, tape.gradient(found, states, upstream)

    return once


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

    from models.training.fit.running import running_maximum, running_sum

    def theirs_maximum(states: tf.Tensor) -> tf.Tensor:
        return keras.ops.associative_scan(keras.ops.maximum, states, axis=0)

    kinds = (
        ("maximum", theirs_maximum, running_maximum),
        ("sum", lambda states: tf.cumsum(states, axis=0), running_sum),
    )
    print(f"{'running':<14}{'built from parts':>18}{'ours':>12}{'times faster':>14}")
    for units in options.units:
        for name, theirs, ours in kinds:
            calls = (learning(each, units, options.timesteps) for each in (theirs, ours))
            (_, parts), (_, one) = best_times(*calls, rounds=ROUNDS)
            print(f"{f'{name} {units}':<14}{1e3 * parts:>15.0f} ms{1e3 * one:>9.0f} ms{parts / one:>14.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
