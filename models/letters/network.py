"""The network, forward: a letter in, a new state, a guess, and so on to the end of the word.

The SimpleRNN is the textbook's, ``h_t = tanh(W_xh x_t + W_hh h_(t-1) + b_h)``, ``y_t = W_hy h_t + b_y``, and a softmax
of ``y_t``. LSTM and GRU keep the same five arrays; the rows of their gates stand one below the other, in the order of
``PARTS``. They are Keras's cells (the GRU with ``reset_after``, without its second bias).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from models.nn.cells import sigmoid, softmax

Array = np.ndarray
CELLS = ("SimpleRNN", "LSTM", "GRU")
# What a cell computes from the letter and the old state: hidden state; input, forget, candidate, output; update, reset.
PARTS = {"SimpleRNN": ("h",), "LSTM": ("i", "f", "g", "o"), "GRU": ("z", "r", "g")}


@dataclass(frozen=True)
class Weights:
    """All that is learnt.

    Attributes:
        W_xh: (parts · units, letters); W_hh: (parts · units, units); b_h: (parts · units,).
        W_hy: (outputs, units); b_y: (outputs,).
    """

    W_xh: Array
    W_hh: Array
    b_h: Array
    W_hy: Array
    b_y: Array

    @property
    def units(self) -> int:
        """How many numbers the state has."""
        return int(self.W_hh.shape[1])

    def arrays(self) -> tuple[Array, ...]:
        """The five arrays, in the order of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def flat(self) -> Array:
        """All numbers in one row."""
        return np.concatenate([array.ravel() for array in self.arrays()])

    def filled(self, flat: Array) -> Weights:
        """Weights of this shape with other numbers."""
        ends = np.cumsum([array.size for array in self.arrays()])
        pieces = np.split(np.asarray(flat, float), ends[:-1])
        return Weights(*(piece.reshape(array.shape) for piece, array in zip(pieces, self.arrays(), strict=True)))

    def scaled(self, factor: float) -> Weights:
        """The same with W_hh multiplied."""
        return replace(self, W_hh=factor * self.W_hh)


@dataclass(frozen=True)
class Reading:
    """Every number of one forward pass.

    Attributes:
        letters: (timesteps,) which letter is 1 in x.
        sums: (timesteps, parts · units) before tanh or sigmoid; parts: the same after it.
        recalled: (timesteps, units) of a GRU, W_hg h_(t-1), before the reset gate; empty otherwise.
        cells: (timesteps + 1, units) cell states of an LSTM, the first zero; empty otherwise.
        states: (timesteps + 1, units) hidden states, the first zero.
        logits: (timesteps, outputs) y; probabilities: their softmax.
    """

    letters: Array
    sums: Array
    parts: Array
    recalled: Array
    cells: Array
    states: Array
    logits: Array
    probabilities: Array


def start(cell: str, letters: int, units: int, outputs: int, seed: int) -> Weights:
    """Weights to begin with, drawn from ``seed``: small, so that no tanh is saturated; W_hh keeps lengths.

    Each part's W_hh is orthogonal, as in Keras; an LSTM's forget gate begins open (Jozefowicz et al., 2015).
    """
    random = np.random.default_rng(seed)
    parts = PARTS[cell]
    b_h = np.zeros(len(parts) * units)
    if cell == "LSTM":
        b_h[units : 2 * units] = 1.0
    return Weights(
        W_xh=random.normal(0, 0.5, (len(parts) * units, letters)),
        W_hh=np.concatenate([_orthogonal(random, units) for _ in parts]),
        b_h=b_h,
        W_hy=random.normal(0, 0.5, (outputs, units)),
        b_y=np.zeros(outputs),
    )


def forward(cell: str, weights: Weights, letters: Sequence[int]) -> Reading:
    """Read the letters one after the other."""
    places = np.asarray(letters, int)
    count, units = len(places), weights.units
    # x is one-hot: W_xh x is the letter's own column.
    inputs = weights.W_xh.T[places] + weights.b_h
    sums, parts = inputs.copy(), np.empty_like(inputs)
    states = np.zeros((count + 1, units))
    cells = np.zeros((count + 1, units)) if cell == "LSTM" else np.zeros((0, units))
    recalled = np.zeros((count if cell == "GRU" else 0, units))
    for t in range(count):
        old = states[t]
        memory = weights.W_hh @ old
        if cell == "SimpleRNN":
            sums[t] += memory
            states[t + 1] = parts[t] = np.tanh(sums[t])
        elif cell == "LSTM":
            sums[t] += memory
            parts[t] = sigmoid(sums[t])
            parts[t, 2 * units : 3 * units] = np.tanh(sums[t, 2 * units : 3 * units])
            i, f, g, o = parts[t].reshape(4, units)
            cells[t + 1] = f * cells[t] + i * g
            states[t + 1] = o * np.tanh(cells[t + 1])
        else:
            recalled[t] = memory[2 * units :]
            sums[t, : 2 * units] += memory[: 2 * units]
            parts[t, : 2 * units] = sigmoid(sums[t, : 2 * units])
            z, r = parts[t, : 2 * units].reshape(2, units)
            sums[t, 2 * units :] += r * recalled[t]
            g = parts[t, 2 * units :] = np.tanh(sums[t, 2 * units :])
            states[t + 1] = z * old + (1 - z) * g
    logits = states[1:] @ weights.W_hy.T + weights.b_y
    return Reading(places, sums, parts, recalled, cells, states, logits, softmax(logits))


def loss(reading: Reading, targets: Sequence[int]) -> float:
    """The mean of −ln P(right answer) over the timesteps that have one; a target below 0 is none."""
    wanted = np.asarray(targets, int)
    asked = wanted >= 0
    logits = reading.logits[asked]
    return float(np.mean(np.logaddexp.reduce(logits, 1) - logits[np.arange(len(logits)), wanted[asked]]))


def _orthogonal(random: np.random.Generator, units: int) -> Array:
    q, r = np.linalg.qr(random.normal(size=(units, units)))
    return np.asarray(q * np.sign(np.diag(r)))
