"""The three recurrent cells as their equations, in NumPy: the reader of every network.

A cell walks over the words of a review. At timestep t it takes the word vector x and its own last state h, and
makes the next state. ⊙ multiplies number by number, σ(a) = 1 / (1 + e⁻ᵃ).

``SimpleRNN``  (Elman 1990, "Finding Structure in Time")
    h = tanh(W x + U h + b)

``LSTM``  (Hochreiter & Schmidhuber 1997, "Long Short-Term Memory"; forget gate: Gers et al. 2000)
    input      i = σ(Wᵢ x + Uᵢ h + bᵢ)
    forget     f = σ(W_f x + U_f h + b_f)
    candidate  g = tanh(W_g x + U_g h + b_g)
    output     o = σ(Wₒ x + Uₒ h + bₒ)
    cell state c = f ⊙ c + i ⊙ g
    h = o ⊙ tanh(c)

``GRU``  (Cho et al. 2014, "Learning Phrase Representations using RNN Encoder-Decoder")
    update     z = σ(W_z x + U_z h + b_z)
    reset      r = σ(W_r x + U_r h + b_r)
    candidate  g = tanh(W_g x + b_g + r ⊙ (U_g h + d_g))     Keras's ``reset_after=True``
            or g = tanh(W_g x + b_g + U_g (r ⊙ h))           ``reset_after=False``
    h = z ⊙ h + (1 − z) ⊙ g

Three things make this fast and change no number beyond rounding: W x of all words is one matrix product made before
the walk; the gates lie side by side in one matrix; and σ(a) = ½ + ½ tanh(a / 2), with the ½ inside the weights, so
that one ``tanh`` serves all gates of a timestep. Nothing is allocated inside the walk.

Reviews are read in batches, longest first. ``lengths`` says how many words each has; a review that has ended is left
out of the later timesteps, so a short review's states do not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Reading:
    """What one layer did: every array ``(timesteps, reviews, units)`` float32, zero after a review's end.

    ``cell_states`` is None and ``gates`` empty for cells that have none.
    """

    hidden_states: Array
    cell_states: Array | None = None
    gates: dict[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SimpleRNN:
    """Weights as Keras saves them: ``kernel`` W (inputs, units), ``recurrent`` U (units, units), ``bias`` b (units)."""

    kernel: Array
    recurrent: Array
    bias: Array

    @property
    def units(self) -> int:
        """Size of the state."""
        return int(self.recurrent.shape[0])

    def read(self, inputs: Array, lengths: Array) -> Reading:
        """Walk over ``inputs`` (timesteps, reviews, features); ``lengths`` (reviews,), longest first."""
        projected = _project(inputs, self.kernel, self.bias)
        states = np.zeros_like(projected)
        scratch = np.empty_like(projected[0])
        for timesteps, n in _walk(lengths):
            h, recurrent = _before(states, timesteps, n), scratch[:n]
            for x, new in zip(projected[timesteps, :n], states[timesteps, :n], strict=True):
                np.matmul(h, self.recurrent, out=recurrent)
                np.add(recurrent, x, out=recurrent)
                np.tanh(recurrent, out=new)
                h = new
        return Reading(states)


@dataclass(frozen=True, slots=True)
class LSTM:
    """Weights as Keras saves them: gates in the order input, forget, candidate, output along the last axis."""

    kernel: Array
    recurrent: Array
    bias: Array

    @property
    def units(self) -> int:
        """Size of the state."""
        return int(self.recurrent.shape[0])

    def read(self, inputs: Array, lengths: Array) -> Reading:
        """Walk over ``inputs`` (timesteps, reviews, features); ``lengths`` (reviews,), longest first."""
        u = self.units
        # Side by side: input, forget, output, candidate. The first three are sigmoids, hence the ½.
        order = np.r_[0 : 2 * u, 3 * u : 4 * u, 2 * u : 3 * u]
        half = np.where(np.arange(4 * u) < 3 * u, np.float32(0.5), np.float32(1))
        recurrent = np.ascontiguousarray(self.recurrent[:, order] * half)
        projected = _project(inputs, self.kernel[:, order] * half, self.bias[order] * half)
        timesteps_, reviews, _ = projected.shape
        states = np.zeros((timesteps_, reviews, u), np.float32)
        cells = np.zeros_like(states)
        scratch, kept = np.empty_like(projected[0]), np.empty_like(states[0])
        for timesteps, n in _walk(lengths):
            h, c, ahead, keep = _before(states, timesteps, n), _before(cells, timesteps, n), scratch[:n], kept[:n]
            rows = zip(projected[timesteps, :n], states[timesteps, :n], cells[timesteps, :n], strict=True)
            for a, new_h, new_c in rows:
                np.matmul(h, recurrent, out=ahead)
                np.add(a, ahead, out=a)
                np.tanh(a, out=a)
                sigmoids = a[:, : 3 * u]
                np.multiply(sigmoids, 0.5, out=sigmoids)
                np.add(sigmoids, 0.5, out=sigmoids)
                np.multiply(a[:, u : 2 * u], c, out=keep)
                np.multiply(a[:, :u], a[:, 3 * u :], out=new_c)
                np.add(new_c, keep, out=new_c)
                np.tanh(new_c, out=new_h)
                np.multiply(new_h, a[:, 2 * u : 3 * u], out=new_h)
                h, c = new_h, new_c
        parts = dict(zip(("input", "forget", "output", "candidate"), np.split(projected, 4, axis=-1), strict=True))
        gates = {name: parts[name] for name in ("input", "forget", "candidate", "output")}
        return Reading(states, cells, gates)


@dataclass(frozen=True, slots=True)
class GRU:
    """Weights as Keras saves them: update, reset, candidate along the last axis.

    ``bias`` is (2, 3 · units) with ``reset_after`` (input bias b, recurrent bias d), else (3 · units,).
    """

    kernel: Array
    recurrent: Array
    bias: Array
    reset_after: bool = True

    @property
    def units(self) -> int:
        """Size of the state."""
        return int(self.recurrent.shape[0])

    def read(self, inputs: Array, lengths: Array) -> Reading:
        """Walk over ``inputs`` (timesteps, reviews, features); ``lengths`` (reviews,), longest first."""
        u = self.units
        input_bias, recurrent_bias = self.bias if self.reset_after else (self.bias, np.zeros(3 * u, np.float32))
        half = np.where(np.arange(3 * u) < 2 * u, np.float32(0.5), np.float32(1))
        gate_bias = np.where(np.arange(3 * u) < 2 * u, recurrent_bias, np.float32(0))
        recurrent = np.ascontiguousarray(self.recurrent * half)
        for_gates, for_candidate = np.ascontiguousarray(recurrent[:, : 2 * u]), recurrent[:, 2 * u :].copy()
        candidate_bias = recurrent_bias[2 * u :]
        projected = _project(inputs, self.kernel * half, (input_bias + gate_bias) * half)
        timesteps_, reviews, _ = projected.shape
        states = np.zeros((timesteps_, reviews, u), np.float32)
        scratch, reset = np.empty_like(projected[0]), np.empty_like(states[0])
        for timesteps, n in _walk(lengths):
            h, ahead, remembered = _before(states, timesteps, n), scratch[:n], reset[:n]
            for a, new in zip(projected[timesteps, :n], states[timesteps, :n], strict=True):
                gates, candidate, z, r = a[:, : 2 * u], a[:, 2 * u :], a[:, :u], a[:, u : 2 * u]
                if self.reset_after:
                    np.matmul(h, recurrent, out=ahead)
                else:
                    np.matmul(h, for_gates, out=ahead[:, : 2 * u])
                np.add(gates, ahead[:, : 2 * u], out=gates)
                np.tanh(gates, out=gates)
                np.multiply(gates, 0.5, out=gates)
                np.add(gates, 0.5, out=gates)
                if self.reset_after:
                    np.add(ahead[:, 2 * u :], candidate_bias, out=remembered)
                    np.multiply(remembered, r, out=remembered)
                else:
                    np.matmul(r * h, for_candidate, out=remembered)
                np.add(candidate, remembered, out=candidate)
                np.tanh(candidate, out=candidate)
                np.subtract(h, candidate, out=new)
                np.multiply(new, z, out=new)
                np.add(new, candidate, out=new)
                h = new
        gates_by_name = dict(zip(("update", "reset", "candidate"), np.split(projected, 3, axis=-1), strict=True))
        return Reading(states, None, gates_by_name)


Cell = SimpleRNN | LSTM | GRU


def read_backward(cell: Cell, inputs: Array, lengths: Array) -> Reading:
    """Let a cell read every review from its end; the result is indexed by word position like a forward one."""
    reading = cell.read(_reversed(inputs, lengths), lengths)
    cells = None if reading.cell_states is None else _reversed(reading.cell_states, lengths)
    gates = {name: _reversed(values, lengths) for name, values in reading.gates.items()}
    return Reading(_reversed(reading.hidden_states, lengths), cells, gates)


def _project(inputs: Array, kernel: Array, bias: Array) -> Array:
    """W x + b of all words of all reviews in one product."""
    timesteps, reviews, features = inputs.shape
    projected = inputs.reshape(-1, features) @ np.asarray(kernel, np.float32)
    projected += bias
    return projected.reshape(timesteps, reviews, -1)


def _walk(lengths: Array) -> Iterator[tuple[slice, int]]:
    """Stretches of timesteps over which the same ``n`` reviews, the longest ones, are still being read."""
    start = 0
    for n in range(len(lengths), 0, -1):
        end = int(lengths[n - 1])
        if end > start:
            yield slice(start, end), n
            start = end


def _before(states: Array, timesteps: slice, n: int) -> Array:
    """The states that the ``n`` reviews still being read bring into a stretch: zero at the beginning."""
    if timesteps.start == 0:
        return np.zeros_like(states[0, :n])
    return np.asarray(states[timesteps.start - 1, :n])


def _reversed(values: Array, lengths: Array) -> Array:
    """Each review's timesteps turned round, its padding left at the end."""
    timesteps = np.arange(values.shape[0])[:, None]
    source = np.where(timesteps < lengths, lengths - 1 - timesteps, timesteps)
    return np.asarray(values[source, np.arange(values.shape[1])])
