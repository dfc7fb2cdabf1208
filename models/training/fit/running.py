"""The largest value and the sum so far, after every timestep, in one walk: several times faster than built from parts.

Sequences are (timesteps, batch, units) float32.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf


@tf.custom_gradient  # type: ignore[untyped-decorator]
def running_maximum(x: tf.Tensor):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """The maximum of ``x`` up to and including each timestep, in the same shape.

    The gradient of a maximum goes to the timestep that set it; of equal ones, to the latest.
    """

    def forward(highest: tf.Tensor, now: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        highest = tf.maximum(highest, now)
        return highest, highest

    def back(owed: tf.Tensor, now: tf.Tensor, sets_it: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        owed += now
        paid = owed * sets_it
        return owed - paid, paid

    maximum = _walked(forward, tf.fill(tf.shape(x)[1:], x.dtype.min), x)

    def gradient(upstream: tf.Tensor) -> tf.Tensor:
        sets_it = tf.cast(tf.equal(x, maximum), x.dtype)
        return _walked(back, tf.zeros_like(x[0]), upstream, sets_it, backwards=True)

    return maximum, gradient


@tf.custom_gradient  # type: ignore[untyped-decorator]
def running_sum(x: tf.Tensor):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """The sum of ``x`` up to and including each timestep, in the same shape."""

    def step(total: tf.Tensor, now: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        total += now
        return total, total

    def gradient(upstream: tf.Tensor) -> tf.Tensor:
        return _walked(step, tf.zeros_like(x[0]), upstream, backwards=True)

    return _walked(step, tf.zeros_like(x[0]), x), gradient


def _walked(
    step: Callable[..., tuple[tf.Tensor, tf.Tensor]], start: tf.Tensor, *sequences: tf.Tensor, backwards: bool = False
) -> tf.Tensor:
    """``step(carried, *timestep)`` gives what is carried on and what is kept; all that was kept."""
    timesteps = tf.shape(sequences[0])[0]
    read = [tf.TensorArray(tf.float32, timesteps).unstack(sequence) for sequence in sequences]

    def body(i: tf.Tensor, carried: tf.Tensor, found: tf.TensorArray) -> tuple[tf.Tensor, tf.Tensor, tf.TensorArray]:
        t = timesteps - 1 - i if backwards else i
        carried, kept = step(carried, *(sequence.read(t) for sequence in read))
        return i + 1, carried, found.write(t, kept)

    first = (0, start, tf.TensorArray(tf.float32, timesteps))
    found = tf.while_loop(lambda i, *_: i < timesteps, body, first, maximum_iterations=timesteps)[2]
    return tf.ensure_shape(found.stack(), sequences[0].shape)
