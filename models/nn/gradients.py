"""How the verdict hangs on every state and word vector: the gradient of the logit, by back-propagation through time.

Nothing is approximated: the cells' equations (``cells.py``) are differentiated by hand and walked back from the last
timestep (Werbos 1990, "Backpropagation Through Time: What It Does and How to Do It"). What is the same for every
direction the gradient comes from, the local derivatives, is made for all timesteps at once before the walk.

A gradient on a hidden state h_t is what automatic differentiation gives: every way from h_t to the logit, with
everything before h_t held. An LSTM carries two things from word to word, so h_t is only one of the two ways; the other
is the cell state c_t, and the gradient on c_t contains both (h_t is made from c_t). To see how long an LSTM remembers,
look at the cell state's gradient or, the same for all families, at the word vectors'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from models.nn.cells import GRU, LSTM, Cell, Reading, SimpleRNN
from models.nn.network import Network
from models.sentiment import Trace

Array = np.ndarray
Readings = Sequence[tuple[Reading, Reading | None]]


@dataclass(frozen=True, slots=True)
class LayerGradients:
    """Gradients on one layer's states, indexed by word position; all arrays (timesteps, units) float64, nats.

    Attributes:
        name, direction: as in ``LayerTrace``.
        total: ∂logit/∂h_t, all ways together.
        through_time: the gradient on h_t of w · h_T, the readout applied to the last state read alone (of a layer that
            reads from the end: the state at the first word; w summed over poolings). With a "last" readout it is
            ``total``. With a pooled one it says what the recurrence by itself can carry, where ``total`` also
            contains the short cut that pooling makes.
        cell: ∂logit/∂c_t, LSTM only, else None.
        cell_through_time: as ``through_time``, on c_t.
    """

    name: str
    direction: Literal["forward", "backward"]
    total: Array
    through_time: Array
    cell: Array | None
    cell_through_time: Array | None

    def norms(self, through_time: bool = False) -> Array:
        """‖gradient on what the layer carries at t‖, (timesteps,): c_t for an LSTM, h_t for the others.

        May be exactly 0 where it is smaller than 1e-308: a logarithmic axis has to leave those out.
        """
        if self.cell is not None and self.cell_through_time is not None:
            return norms(self.cell_through_time if through_time else self.cell)
        return norms(self.through_time if through_time else self.total)


@dataclass(frozen=True, slots=True)
class Gradients:
    """Gradients of one reading.

    Attributes:
        layers: in the order of ``trace.layers``.
        word_vectors: ∂logit/∂x_t, (timesteps, embedding) float64.
    """

    layers: tuple[LayerGradients, ...]
    word_vectors: Array


def gradients(network: Network, trace: Trace) -> Gradients:
    """The gradients of ``trace.logit``; costs about as much as the trace.

    For a reading that ``network`` made undisturbed: clamped units (``interventions``) would need their ways cut.
    """
    readings = trace.readings
    lengths = np.array([len(readings[0][0].hidden_states)])
    network = network.linear_at(network.pooled(readings[-1], lengths))
    by_layer, words = backward(network, readings, readout_gradients(network, readings[-1]))
    alone = by_layer
    if network.pooling != ("last",):
        # Two walks: NumPy multiplies one row by a matrix five times faster than two.
        alone, _ = backward(network, readings, _last_state_alone(network, lengths[0]))
    read = slice(trace.padding, None)
    layers = tuple(
        LayerGradients(
            layer.name,
            layer.direction,
            total=found.hidden[read, 0],
            through_time=apart.hidden[read, 0],
            cell=None if found.cell is None else found.cell[read, 0],
            cell_through_time=None if apart.cell is None else apart.cell[read, 0],
        )
        for layer, found, apart in zip(trace.layers, by_layer, alone, strict=True)
    )
    return Gradients(layers, words[read, 0])


def norms(values: Array) -> Array:
    """Euclidean lengths along the last axis, without the underflow of squares of tiny numbers."""
    largest = np.abs(values).max(-1, keepdims=True)
    scale = np.where(largest > 0, largest, 1)
    return np.asarray(largest[..., 0] * np.sqrt(((values / scale) ** 2).sum(-1)))


@dataclass(frozen=True, slots=True)
class Found:
    """What came back to one layer in one direction; arrays (timesteps, n, units), indexed by word position."""

    hidden: Array
    cell: Array | None


def readout_gradients(network: Network, top: tuple[Reading, Reading | None], dtype: Any = np.float64) -> Array:
    """The gradient on the top layer's states that the readout gives, (timesteps, reviews, units).

    All reviews must be equally long. The maximum's gradient goes to the first timestep that holds it.
    """
    forward, backward_reading = top
    timesteps, reviews, u = forward.hidden_states.shape
    given = np.zeros((timesteps, reviews, network.layers[-1].units), dtype)
    slopes = network.slopes(network.pooled(top, np.full(reviews, timesteps)))
    for kind in network.pooling:
        weights = slopes[:, network.block(kind)]
        if kind == "last":
            given[-1, :, :u] += weights[:, :u]
            given[0, :, u:] += weights[:, u:]
        elif kind == "mean":
            given += weights / timesteps
        else:
            parts = [forward.hidden_states] + ([] if backward_reading is None else [backward_reading.hidden_states])
            holders = np.concatenate([states.argmax(0) for states in parts], -1)
            review, unit = np.ogrid[: holders.shape[0], : holders.shape[1]]
            given[holders, review, unit] += np.broadcast_to(weights, holders.shape)
    return given


def backward(network: Network, readings: Readings, given: Array) -> tuple[list[Found], Array]:
    """Walk back from the gradient ``given`` on the top layer's states, (timesteps, n, units), to the word vectors.

    ``readings`` is what ``Network.read`` made of equally long reviews: n of them, or one that serves all n gradients.
    Computes in ``given``'s precision.

    Returns:
        per layer and direction, in the order of ``trace.layers``, and the word vectors' (timesteps, n, embedding).
    """
    found: list[Found] = []
    for layer, (forward, backward_reading) in zip(reversed(network.layers), reversed(readings), strict=True):
        u = layer.forward.units
        here, below = _cell_backward(layer.forward, forward, given[..., :u])
        both = [here]
        if layer.backward is not None and backward_reading is not None:
            turned = backward_reading.each(lambda values: values[::-1])
            there, more = _cell_backward(layer.backward, turned, given[::-1, :, u:])
            cell = None if there.cell is None else there.cell[::-1]
            both.append(Found(there.hidden[::-1], cell))
            below = below + more[::-1]
        found = both + found
        given = below
    return found, given


def _last_state_alone(network: Network, timesteps: int) -> Array:
    """The gradient of w · h_T on the top layer's states, (timesteps, 1, units)."""
    layer = network.layers[-1]
    u = layer.forward.units
    weights = np.float64(network.weights).reshape(-1, layer.units).sum(0)
    given = np.zeros((timesteps, 1, layer.units))
    given[-1, 0, :u] = weights[:u]
    given[0, 0, u:] = weights[u:]
    return given


def _cell_backward(cell: Cell, reading: Reading, given: Array) -> tuple[Found, Array]:
    """One cell's walk back, in the order of its reading; also the gradient on its inputs."""
    dtype = given.dtype
    if isinstance(cell, SimpleRNN):
        hidden, pre, cells = *_simple_rnn(cell, reading, given), None
    elif isinstance(cell, LSTM):
        hidden, pre, cells = _lstm(cell, reading, given)
    else:
        hidden, pre, cells = *_gru(cell, reading, given), None
    return Found(hidden, cells), pre @ cell.kernel.T.astype(dtype)


def _simple_rnn(cell: SimpleRNN, reading: Reading, given: Array) -> tuple[Array, Array]:
    """h = tanh(a): on a ← on h · (1 − h²); on the state before ← Uᵀ · on a."""
    local = 1 - reading.hidden_states.astype(given.dtype) ** 2
    back = np.ascontiguousarray(cell.recurrent.T, given.dtype)
    hidden, pre = given.copy(), np.empty_like(given)
    carried = np.zeros_like(given[0])
    for t in range(len(given) - 1, -1, -1):
        hidden[t] += carried
        np.multiply(hidden[t], local[t], out=pre[t])
        np.dot(pre[t], back, out=carried)
    return hidden, pre


def _lstm(cell: LSTM, reading: Reading, given: Array) -> tuple[Array, Array, Array]:
    """On c ← on h · o (1 − tanh² c) + on the next c · its forget gate; the gates from there by the product rule."""
    dtype, (timesteps, n, u) = given.dtype, given.shape
    assert reading.cell_states is not None
    i, f, g, o = (reading.gates[name].astype(dtype) for name in ("input", "forget", "candidate", "output"))
    c = reading.cell_states.astype(dtype)
    squashed = np.tanh(c)
    to_cell = o * (1 - squashed**2)
    to_output = squashed * o * (1 - o)
    to_others = np.stack([g * i * (1 - i), _before(c) * f * (1 - f), i * (1 - g**2)], 2)
    back = np.ascontiguousarray(cell.recurrent.T, dtype)
    hidden, cells = given.copy(), np.empty_like(given)
    pre = np.empty((timesteps, n, 4, u), dtype)
    flat = pre.reshape(timesteps, n, 4 * u)
    carried, kept = np.zeros((n, u), dtype), np.zeros((n, u), dtype)
    for t in range(timesteps - 1, -1, -1):
        on_h, on_c = hidden[t], cells[t]
        np.add(on_h, carried, out=on_h)
        np.multiply(on_h, to_cell[t], out=on_c)
        np.add(on_c, kept, out=on_c)
        np.multiply(on_c[:, None], to_others[t], out=pre[t, :, :3])
        np.multiply(on_h, to_output[t], out=pre[t, :, 3])
        np.multiply(on_c, f[t], out=kept)
        np.dot(flat[t], back, out=carried)
    return hidden, flat, cells


def _gru(cell: GRU, reading: Reading, given: Array) -> tuple[Array, Array]:
    """h = z ⊙ h + (1 − z) ⊙ g: everything at a timestep is linear in the gradient on its h."""
    dtype, (timesteps, n, u) = given.dtype, given.shape
    z, r, g = (reading.gates[name].astype(dtype) for name in ("update", "reset", "candidate"))
    before = _before(reading.hidden_states.astype(dtype))
    recurrent = cell.recurrent.astype(dtype)
    to_update, to_candidate = (before - g) * z * (1 - z), (1 - z) * (1 - g**2)
    hidden, carried = given.copy(), np.zeros((n, u), dtype)
    pre = np.empty((timesteps, n, 3, u), dtype)
    if cell.reset_after:
        remembered = before @ recurrent[:, 2 * u :] + cell.bias[1, 2 * u :].astype(dtype)
        to_reset = to_candidate * remembered * r * (1 - r)
        local = np.stack([to_update, to_reset, to_candidate * r], 2)
        walked, back = np.empty((n, 3, u), dtype), np.ascontiguousarray(recurrent.T)
        flat = walked.reshape(n, 3 * u)
        for t in range(timesteps - 1, -1, -1):
            on_h = hidden[t]
            np.add(on_h, carried, out=on_h)
            np.multiply(on_h[:, None], local[t], out=walked)
            np.dot(flat, back, out=carried)
            carried += on_h * z[t]
        np.multiply(hidden[:, :, None], np.stack([to_update, to_reset, to_candidate], 2), out=pre)
    else:
        from_gates, from_candidate = recurrent[:, : 2 * u].T.copy(), recurrent[:, 2 * u :].T.copy()
        to_reset = before * r * (1 - r)
        for t in range(timesteps - 1, -1, -1):
            on_h = hidden[t]
            np.add(on_h, carried, out=on_h)
            np.multiply(on_h, to_candidate[t], out=pre[t, :, 2])
            on_remembered = pre[t, :, 2] @ from_candidate
            np.multiply(on_h, to_update[t], out=pre[t, :, 0])
            np.multiply(on_remembered, to_reset[t], out=pre[t, :, 1])
            carried = pre[t, :, :2].reshape(n, 2 * u) @ from_gates + on_remembered * r[t] + on_h * z[t]
    return hidden, pre.reshape(timesteps, n, 3 * u)


def _before(states: Array) -> Array:
    """The states each timestep starts from: shifted by one, zero at first."""
    shifted = np.zeros_like(states)
    shifted[1:] = states[:-1]
    return shifted
