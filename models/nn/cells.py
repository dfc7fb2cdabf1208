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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.nn.recurrence import Reading, Walker

__all__ = ["GRU", "LSTM", "Cell", "Reading", "SimpleRNN", "sigmoid", "softmax"]

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class SimpleRNN(Walker):
    """Weights as Keras saves them: ``kernel`` W (inputs, units), ``recurrent`` U (units, units), ``bias`` b (units)."""

    kernel: Array
    recurrent: Array
    bias: Array

    def project(self, inputs: Array) -> Array:
        """W x + b of word vectors (…, features): (…, units) float32."""
        return _project(inputs, self.kernel, self.bias)

    def _views(self, rows: Array, *states: Array) -> tuple[Array, ...]:
        return rows, *states

    def _room(self, reviews: int) -> tuple[Array, ...]:
        return (np.empty((reviews, self.units), np.float32),)

    def _steps(self, walked: Iterable[Sequence[Array]], before: Sequence[Array], room: Sequence[Array]) -> None:
        (h,), (recalled,), recurrent = before, room, self.recurrent
        for x, new in walked:
            np.dot(h, recurrent, recalled)
            np.add(recalled, x, recalled)
            np.tanh(recalled, new)
            h = new

    def _reading(self, rows: Array, *states: Array) -> Reading:
        return Reading(states[0])


@dataclass(frozen=True)
class LSTM(Walker):
    """Weights as Keras saves them: gates in the order input, forget, candidate, output along the last axis."""

    kernel: Array
    recurrent: Array
    bias: Array
    carried = 2

    @cached_property
    def _arranged(self) -> tuple[Array, Array, Array, Array, Array]:
        """The weights with the gates in the order input, forget, output, candidate; the three sigmoids' halved.

        Last two: factor and summand that make sigmoids of the first three's ``tanh`` and leave the candidate's.
        """
        u = self.units
        order = np.r_[0 : 2 * u, 3 * u : 4 * u, 2 * u : 3 * u]
        halved = np.where(np.arange(4 * u) < 3 * u, np.float32(0.5), np.float32(1))
        kernel, recurrent, bias = (weights[..., order] * halved for weights in (self.kernel, self.recurrent, self.bias))
        return kernel, np.ascontiguousarray(recurrent), bias, halved, 1 - halved

    def project(self, inputs: Array) -> Array:
        """W x + b of word vectors (…, features): (…, 4 · units) float32, arranged."""
        kernel, _, bias, *_ = self._arranged
        return _project(inputs, kernel, bias)

    def _views(self, rows: Array, *states: Array) -> tuple[Array, ...]:
        return rows, *np.split(rows, 4, axis=-1), *states

    def _room(self, reviews: int) -> tuple[Array, ...]:
        *_, factor, summand = self._arranged
        # Written out for every review, because NumPy multiplies whole blocks several times faster than row by row.
        blocks = (np.repeat(values[None], reviews, axis=0) for values in (factor, summand))
        return np.empty((reviews, 4 * self.units), np.float32), np.empty((reviews, self.units), np.float32), *blocks

    def _steps(self, walked: Iterable[Sequence[Array]], before: Sequence[Array], room: Sequence[Array]) -> None:
        (h, c), (recalled, keep, factor, summand), recurrent = before, room, self._arranged[1]
        dot, add, multiply, tanh = np.dot, np.add, np.multiply, np.tanh  # looked up once, not ten times a word
        for a, i, f, o, g, new_h, new_c in walked:
            dot(h, recurrent, recalled)
            add(a, recalled, recalled)
            tanh(recalled, recalled)
            multiply(recalled, factor, recalled)
            add(recalled, summand, a)
            multiply(f, c, keep)
            multiply(i, g, new_c)
            add(new_c, keep, new_c)
            tanh(new_c, new_h)
            multiply(new_h, o, new_h)
            h, c = new_h, new_c

    def _reading(self, rows: Array, *states: Array) -> Reading:
        i, f, o, g = np.split(rows, 4, axis=-1)
        return Reading(states[0], states[1], {"input": i, "forget": f, "candidate": g, "output": o})


@dataclass(frozen=True)
class GRU(Walker):
    """Weights as Keras saves them: update, reset, candidate along the last axis.

    ``bias`` is (2, 3 · units) with ``reset_after`` (input bias b, recurrent bias d), else (3 · units,).
    """

    kernel: Array
    recurrent: Array
    bias: Array
    reset_after: bool = True

    @cached_property
    def _arranged(self) -> tuple[Array, Array, Array, Array, Array, Array]:
        """The input's kernel and bias; the recurrent kernel, of it the gates' part and the candidate's; its own bias.

        The sigmoids' weights are halved, and their two biases are one.
        """
        u = self.units
        bias, recurrent_bias = self.bias if self.reset_after else (self.bias, np.zeros(3 * u, np.float32))
        sigmoids = np.arange(3 * u) < 2 * u
        halved = np.where(sigmoids, np.float32(0.5), np.float32(1))
        bias = (bias + np.where(sigmoids, recurrent_bias, np.float32(0))) * halved
        recurrent = np.ascontiguousarray(self.recurrent * halved)
        for_gates, for_candidate = np.split(recurrent, [2 * u], axis=1)
        return self.kernel * halved, bias, recurrent, for_gates, for_candidate, recurrent_bias[2 * u :][None].copy()

    def project(self, inputs: Array) -> Array:
        """W x + b of word vectors (…, features): (…, 3 · units) float32, arranged."""
        kernel, bias, *_ = self._arranged
        return _project(inputs, kernel, bias)

    def _views(self, rows: Array, *states: Array) -> tuple[Array, ...]:
        return rows, rows[..., : 2 * self.units], *np.split(rows, 3, axis=-1), *states

    def _room(self, reviews: int) -> tuple[Array, ...]:
        gates, at_once = (np.empty(size, np.float32) for size in ((reviews, 2 * self.units), (1, 3 * self.units)))
        return gates, at_once, *np.empty((3, reviews, self.units), np.float32)

    def _steps(self, walked: Iterable[Sequence[Array]], before: Sequence[Array], room: Sequence[Array]) -> None:
        (h,), (gates, at_once, candidate, keep, again), half = before, room, np.array(0.5, np.float32)
        *_, recurrent, for_gates, for_candidate, candidate_bias = self._arranged
        # One product serves gates and candidate; of many reviews their parts would not lie together, which costs more.
        alone = self.reset_after and len(h) == 1
        if alone:
            gates, candidate = np.split(at_once, [2 * self.units], axis=1)
        dot, add, multiply, tanh = np.dot, np.add, np.multiply, np.tanh  # looked up once, not ten times a word
        for _, s, z, r, g, new in walked:
            if alone:
                dot(h, recurrent, at_once)
            else:
                dot(h, for_gates, gates)
            add(s, gates, gates)
            tanh(gates, gates)
            multiply(gates, half, gates)
            add(gates, half, s)
            if self.reset_after:
                if not alone:
                    dot(h, for_candidate, candidate)
                add(candidate, candidate_bias, keep)
                multiply(keep, r, keep)
            else:
                multiply(r, h, again)
                dot(again, for_candidate, keep)
            add(g, keep, g)
            tanh(g, g)
            np.subtract(h, g, new)
            multiply(new, z, new)
            add(new, g, new)
            h = new

    def _reading(self, rows: Array, *states: Array) -> Reading:
        z, r, g = np.split(rows, 3, axis=-1)
        return Reading(states[0], None, {"update": z, "reset": r, "candidate": g})


Cell = SimpleRNN | LSTM | GRU


def sigmoid(a: Array | float) -> Array:
    """σ(a) = 1 / (1 + e⁻ᵃ) of every number, without overflow."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * np.asarray(a)))


def softmax(a: Array) -> Array:
    """eᵃ, divided by its sum along the last axis, without overflow."""
    powers = np.exp(a - a.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def _project(inputs: Array, kernel: Array, bias: Array) -> Array:
    """W x + b of word vectors (…, features) in one product, float32."""
    projected = np.asarray(inputs.reshape(-1, inputs.shape[-1]), np.float32) @ kernel
    projected += bias
    return np.asarray(projected.reshape(*inputs.shape[:-1], -1))
