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
that one ``tanh`` serves all gates of a timestep. Only views are made inside the walk, no arrays.

Reviews are read in batches, longest first. ``lengths`` says how many words each has; a review that has ended is left
out of the later timesteps, so a short review's states do not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

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
                np.dot(h, self.recurrent, recurrent)
                np.add(recurrent, x, recurrent)
                np.tanh(recurrent, new)
                h = new
        return Reading(states)


@dataclass(frozen=True)
class LSTM:
    """Weights as Keras saves them: gates in the order input, forget, candidate, output along the last axis."""

    kernel: Array
    recurrent: Array
    bias: Array

    @property
    def units(self) -> int:
        """Size of the state."""
        return int(self.recurrent.shape[0])

    @cached_property
    def _arranged(self) -> tuple[Array, Array, Array]:
        """The weights with the gates in the order input, forget, output, candidate; the three sigmoids' halved."""
        u = self.units
        order = np.r_[0 : 2 * u, 3 * u : 4 * u, 2 * u : 3 * u]
        halved = np.where(np.arange(4 * u) < 3 * u, np.float32(0.5), np.float32(1))
        kernel, recurrent, bias = (weights[..., order] * halved for weights in (self.kernel, self.recurrent, self.bias))
        return kernel, np.ascontiguousarray(recurrent), bias

    def read(self, inputs: Array, lengths: Array) -> Reading:
        """Walk over ``inputs`` (timesteps, reviews, features); ``lengths`` (reviews,), longest first."""
        u = self.units
        kernel, recurrent, bias = self._arranged
        gates = _project(inputs, kernel, bias)
        i, f, o, g = np.split(gates, 4, axis=-1)
        sigmoids, half = gates[..., : 3 * u], np.full((1, 3 * u), 0.5, np.float32)
        states, cells = np.zeros_like(g, order="C"), np.zeros_like(g, order="C")
        ahead, kept = np.empty_like(gates[0]), np.empty_like(states[0])
        for timesteps, n in _walk(lengths):
            h, c, recalled, keep = _before(states, timesteps, n), _before(cells, timesteps, n), ahead[:n], kept[:n]
            walked = (array[timesteps, :n] for array in (gates, sigmoids, i, f, o, g, states, cells))
            for a, s, i_t, f_t, o_t, g_t, new_h, new_c in zip(*walked, strict=True):
                np.dot(h, recurrent, recalled)
                np.add(a, recalled, a)
                np.tanh(a, a)
                np.multiply(s, half, s)
                np.add(s, half, s)
                np.multiply(f_t, c, keep)
                np.multiply(i_t, g_t, new_c)
                np.add(new_c, keep, new_c)
                np.tanh(new_c, new_h)
                np.multiply(new_h, o_t, new_h)
                h, c = new_h, new_c
            gates[timesteps, n:] = 0
        return Reading(states, cells, {"input": i, "forget": f, "candidate": g, "output": o})


@dataclass(frozen=True)
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

    @cached_property
    def _arranged(self) -> tuple[Array, Array, Array, Array, Array]:
        """Input kernel and bias; recurrent kernels of the gates and of the candidate; the candidate's recurrent bias.

        The sigmoids' weights are halved, and their two biases are one.
        """
        u = self.units
        bias, recurrent_bias = self.bias if self.reset_after else (self.bias, np.zeros(3 * u, np.float32))
        sigmoids = np.arange(3 * u) < 2 * u
        halved = np.where(sigmoids, np.float32(0.5), np.float32(1))
        bias = (bias + np.where(sigmoids, recurrent_bias, np.float32(0))) * halved
        for_gates, for_candidate = np.split(self.recurrent * halved, [2 * u], axis=1)
        return self.kernel * halved, bias, for_gates.copy(), for_candidate.copy(), recurrent_bias[2 * u :][None].copy()

    def read(self, inputs: Array, lengths: Array) -> Reading:
        """Walk over ``inputs`` (timesteps, reviews, features); ``lengths`` (reviews,), longest first."""
        u = self.units
        kernel, bias, for_gates, for_candidate, candidate_bias = self._arranged
        projected = _project(inputs, kernel, bias)
        z, r, g = np.split(projected, 3, axis=-1)
        sigmoids, half = projected[..., : 2 * u], np.full((1, 2 * u), 0.5, np.float32)
        states = np.zeros_like(g, order="C")
        ahead, kept = np.empty((len(lengths), 2 * u), np.float32), np.empty_like(states[0])
        for timesteps, n in _walk(lengths):
            h, recalled, keep = _before(states, timesteps, n), ahead[:n], kept[:n]
            walked = (array[timesteps, :n] for array in (sigmoids, z, r, g, states))
            for s, z_t, r_t, g_t, new in zip(*walked, strict=True):
                np.dot(h, for_gates, recalled)
                np.add(s, recalled, s)
                np.tanh(s, s)
                np.multiply(s, half, s)
                np.add(s, half, s)
                if self.reset_after:
                    np.dot(h, for_candidate, keep)
                    np.add(keep, candidate_bias, keep)
                    np.multiply(keep, r_t, keep)
                else:
                    np.multiply(r_t, h, new)
                    np.dot(new, for_candidate, keep)
                np.add(g_t, keep, g_t)
                np.tanh(g_t, g_t)
                np.subtract(h, g_t, new)
                np.multiply(new, z_t, new)
                np.add(new, g_t, new)
                h = new
            projected[timesteps, n:] = 0
        return Reading(states, None, {"update": z, "reset": r, "candidate": g})


Cell = SimpleRNN | LSTM | GRU


def read_backward(cell: Cell, inputs: Array, lengths: Array) -> Reading:
    """Let a cell read every review from its end; the result is indexed by word position like a forward one."""
    reading = cell.read(_reversed(inputs, lengths), lengths)
    cells = None if reading.cell_states is None else _reversed(reading.cell_states, lengths)
    gates = {name: _reversed(values, lengths) for name, values in reading.gates.items()}
    return Reading(_reversed(reading.hidden_states, lengths), cells, gates)


def _project(inputs: Array, kernel: Array, bias: Array) -> Array:
    """W x + b of all words of all reviews in one product, float32."""
    timesteps, reviews, features = inputs.shape
    projected = np.asarray(inputs.reshape(-1, features), np.float32) @ kernel
    projected += bias
    return np.asarray(projected.reshape(timesteps, reviews, -1))


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
