"""Whole sequences of the three cells: the loops of ``models.training.fit.fused``, each with its gradient.

TensorFlow's own gradient of such a loop makes a product, and adds up a gradient of all weights, at every timestep. Here
the gradient of the weights is one product over all timesteps.
"""

from __future__ import annotations

import functools
from pathlib import Path

import tensorflow as tf

# Weights of so many columns (a GRU has three a unit) are multiplied in numbers of half the length, with sums in full
# length, on processors that know bfloat16: twice as fast, and as good for learning (Kalamkar et al. 2019, "A Study of
# BFLOAT16 for Deep Learning Training"). Narrower layers gain nothing.
WIDE = 384


def project(x: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
    """``x @ kernel`` for every timestep of ``x`` (timesteps, batch, features)."""
    product = _learnt_product(tf.reshape(x, [-1, kernel.shape[0]]), kernel)
    return tf.reshape(product, [tf.shape(x)[0], tf.shape(x)[1], kernel.shape[1]])


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _learnt_product(left: tf.Tensor, weights: tf.Tensor):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """``left @ weights``, given its gradient because TensorFlow's would round what is rounded already."""
    half = _in_half(weights)

    def gradient(back: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return _product(back, weights, half, transpose_b=True), _product(left, back, half, transpose_a=True)

    return _product(left, weights, half), gradient


def _in_half(weights: tf.Tensor) -> bool:
    return int(weights.shape[1]) >= WIDE and _knows_bfloat16()


@functools.cache
def _knows_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 itself; if it has to be imitated it is many times slower."""
    try:
        processor = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        return False
    return any(name in processor for name in ("avx512_bf16", "amx_bf16", " bf16"))


def _product(left: tf.Tensor, right: tf.Tensor, half: bool, **how: bool) -> tf.Tensor:
    """``left @ right`` as float32; ``half``: in bfloat16."""
    if half:
        left, right = tf.cast(left, tf.bfloat16), tf.cast(right, tf.bfloat16)
    return tf.cast(tf.matmul(left, right, **how), tf.float32)


@tf.custom_gradient  # type: ignore[untyped-decorator]
def lstm_loop(x: tf.Tensor, recurrent: tf.Tensor, start: tf.Tensor, start_cell: tf.Tensor):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Hidden and cell states of an LSTM over projected words ``x`` (timesteps, batch, 4 · units), see ``gru_loop``."""
    timesteps, units = tf.shape(x)[0], start.shape[-1]
    half = _in_half(recurrent)
    kind = tf.bfloat16 if half else tf.float32
    at = _sequence(timesteps).unstack(x)
    weights = tf.cast(recurrent, kind)

    def forward(t, state, cell, states, cells, gates):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        read = at.read(t) + _product(state, weights, half)
        input_forget, out = tf.sigmoid(read[:, : 2 * units]), tf.sigmoid(read[:, 3 * units :])
        candidate = tf.tanh(read[:, 2 * units : 3 * units])
        cell = input_forget[:, units:] * cell + input_forget[:, :units] * candidate
        state = out * tf.tanh(cell)
        gates = gates.write(t, tf.concat([input_forget, candidate, out], 1))
        return t + 1, state, cell, states.write(t + 1, state), cells.write(t + 1, cell), gates

    longer = (_sequence(timesteps + 1).write(0, one) for one in (start, start_cell))
    first = (0, start, start_cell, *longer, _sequence(timesteps))
    *_, states, cells, gates = tf.while_loop(lambda t, *_: t < timesteps, forward, first, maximum_iterations=timesteps)
    all_states = states.stack()

    def gradient(at_states: tf.Tensor, at_cells: tf.Tensor) -> tuple[tf.Tensor, ...]:
        given, given_cell = (_sequence(timesteps).unstack(back) for back in (at_states, at_cells))

        def backward(t, later, later_cell, at_words):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            let_in, forget, candidate, out = tf.split(gates.read(t), 4, 1)
            now, shown = later + given.read(t), tf.tanh(cells.read(t + 1))
            at_cell = later_cell + given_cell.read(t) + now * out * (1 - shown**2)
            found = [
                at_cell * candidate * let_in * (1 - let_in),
                at_cell * cells.read(t) * forget * (1 - forget),
                at_cell * let_in * (1 - candidate**2),
                now * shown * out * (1 - out),
            ]
            words = tf.concat(found, 1)
            through = _product(words, weights, half, transpose_b=True)
            return t - 1, through, at_cell * forget, at_words.write(t, words)

        last = (timesteps - 1, tf.zeros_like(start), tf.zeros_like(start_cell), _sequence(timesteps))
        _, at_start, at_start_cell, found = tf.while_loop(
            lambda t, *_: t >= 0, backward, last, maximum_iterations=timesteps
        )
        at_words = found.stack()
        before = tf.reshape(all_states[:-1], [-1, units])
        at_weights = _product(before, tf.reshape(at_words, [-1, 4 * units]), half, transpose_a=True)
        return at_words, at_weights, at_start, at_start_cell

    shape = (None, None, units)
    return (tf.ensure_shape(all_states[1:], shape), tf.ensure_shape(cells.stack()[1:], shape)), gradient


@tf.custom_gradient  # type: ignore[untyped-decorator]
def gru_loop(x: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor, start: tf.Tensor):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Hidden states (timesteps, batch, units) of a GRU over projected words ``x`` (timesteps, batch, 3 · units)."""
    timesteps, units = tf.shape(x)[0], start.shape[-1]
    half = _in_half(recurrent)
    kind = tf.bfloat16 if half else tf.float32
    # Cast and split once here: inside the loop it would be done at every timestep.
    weights = tf.cast(recurrent, kind)
    to_update, to_reset, to_inner = tf.split(weights, 3, 1)
    outer_bias, inner_bias = tf.concat([bias[: 2 * units], tf.zeros_like(start[0])], 0), bias[2 * units :]
    update_at, reset_at, at = (_sequence(timesteps).unstack(part) for part in tf.split(x + outer_bias, 3, 2))

    def forward(t, state, states, updates, resets, candidates, products):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        known = tf.cast(state, kind)
        update = tf.sigmoid(update_at.read(t) + _product(known, to_update, half))
        reset = tf.sigmoid(reset_at.read(t) + _product(known, to_reset, half))
        inner = _product(known, to_inner, half) + inner_bias
        candidate = tf.tanh(at.read(t) + reset * inner)
        state = candidate + update * (state - candidate)
        written = states.write(t + 1, state), updates.write(t, update), resets.write(t, reset)
        return t + 1, state, *written, candidates.write(t, candidate), products.write(t, inner)

    first = (0, start, _sequence(timesteps + 1).write(0, start), *(_sequence(timesteps) for _ in range(4)))
    _, _, states, updates, resets, candidates, products = tf.while_loop(
        lambda t, *_: t < timesteps, forward, first, maximum_iterations=timesteps
    )
    all_states = states.stack()

    def gradient(back: tf.Tensor) -> tuple[tf.Tensor, ...]:
        given = _sequence(timesteps).unstack(back)

        # Timestep by timestep, because what one of them needs fits into the processor's cache, and all do not.
        def backward(t, later, at_candidates, at_products):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            update, reset, candidate, inner = (each.read(t) for each in (updates, resets, candidates, products))
            now = later + given.read(t)
            kept = now * update
            replaced = now - kept
            at_candidate = replaced * (1 - candidate**2)
            at_inner = at_candidate * reset
            at_reset = at_inner * inner * (1 - reset)
            at_update = replaced * update * (states.read(t) - candidate)
            found = tf.concat([tf.cast(one, kind) for one in (at_update, at_reset, at_inner)], 1)
            through = _product(found, weights, half, transpose_b=True)
            return t - 1, kept + through, at_candidates.write(t, at_candidate), at_products.write(t, found)

        last = (timesteps - 1, tf.zeros_like(start), _sequence(timesteps), _sequence(timesteps, kind))
        _, at_start, *found = tf.while_loop(lambda t, *_: t >= 0, backward, last, maximum_iterations=timesteps)
        at_candidates, at_products = found[0].stack(), found[1].stack()
        at_gates, at_inner = tf.split(tf.cast(at_products, tf.float32), [2 * units, units], 2)
        before = tf.reshape(all_states[:-1], [-1, units])
        at_weights = _product(before, tf.reshape(at_products, [-1, 3 * units]), half, transpose_a=True)
        at_bias = tf.concat([tf.reduce_sum(part, [0, 1]) for part in (at_gates, at_inner)], 0)
        return tf.concat([at_gates, at_candidates], 2), at_weights, at_bias, at_start

    return tf.ensure_shape(all_states[1:], (None, None, units)), gradient


@tf.custom_gradient  # type: ignore[untyped-decorator]
def simple_rnn_loop(x: tf.Tensor, recurrent: tf.Tensor, start: tf.Tensor):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Hidden states (timesteps, batch, units) over projected words ``x`` of that shape, see ``gru_loop``."""
    timesteps, units = tf.shape(x)[0], start.shape[-1]
    half = _in_half(recurrent)
    at = _sequence(timesteps).unstack(x)
    weights = tf.cast(recurrent, tf.bfloat16) if half else recurrent

    def forward(t, state, states):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        state = tf.tanh(at.read(t) + _product(state, weights, half))
        return t + 1, state, states.write(t, state)

    first = (0, start, _sequence(timesteps))
    _, _, kept = tf.while_loop(lambda t, *_: t < timesteps, forward, first, maximum_iterations=timesteps)
    states = kept.stack()

    def gradient(back: tf.Tensor) -> tuple[tf.Tensor, ...]:
        given, slopes = _sequence(timesteps).unstack(back), _sequence(timesteps).unstack(1 - states**2)

        def backward(t, later, found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            now = (later + given.read(t)) * slopes.read(t)
            return t - 1, _product(now, weights, half, transpose_b=True), found.write(t, now)

        last = (timesteps - 1, tf.zeros_like(start), _sequence(timesteps))
        _, at_start, found = tf.while_loop(lambda t, *_: t >= 0, backward, last, maximum_iterations=timesteps)
        at_x = found.stack()
        before = tf.reshape(tf.concat([start[None], states[:-1]], 0), [-1, units])
        return at_x, _product(before, tf.reshape(at_x, [-1, units]), half, transpose_a=True), at_start

    return tf.ensure_shape(states, (None, None, units)), gradient


def _sequence(timesteps: tf.Tensor, kind: tf.DType = tf.float32) -> tf.TensorArray:
    return tf.TensorArray(kind, size=timesteps, clear_after_read=False)
