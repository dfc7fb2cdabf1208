"""Backpropagation through time: the loss's gradient, from the last letter back to the first.

Written to be read aloud. ``d_x`` is always the gradient of the loss with respect to ``x``. The method is Werbos's
(1990); clipping by the global norm is Pascanu, Mikolov and Bengio's (2013).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.letters.network import Reading, Weights

Array = np.ndarray


@dataclass(frozen=True)
class Gradients:
    """What one backward pass finds.

    Attributes:
        weights: the gradient of every weight, in the same arrays as the weights.
        states: (timesteps, units) of every hidden state, all paths together.
        cells: (timesteps, units) of every cell state of an LSTM; empty otherwise.
        sums: (timesteps, parts · units) of every sum before tanh or sigmoid.
    """

    weights: Weights
    states: Array
    cells: Array
    sums: Array


def d_logits(reading: Reading, targets: Sequence[int]) -> Array:
    """The gradient at the logits: (P − 1 for the right answer, P for the others) / number of answers."""
    wanted = np.asarray(targets, int)
    asked = wanted >= 0
    found = np.where(asked[:, None], reading.probabilities, 0.0)
    found[asked, wanted[asked]] -= 1.0
    return np.asarray(found / max(1, int(asked.sum())))


def backward(cell: str, weights: Weights, reading: Reading, d_y: Array) -> Gradients:
    """Every gradient, given that of the logits, (timesteps, outputs)."""
    count, units = len(reading.letters), weights.units
    d_states = d_y @ weights.W_hy
    d_cells = np.zeros((count if cell == "LSTM" else 0, units))
    d_sums = np.zeros_like(reading.sums)
    # What W_hh h_(t-1) gets; for a GRU's candidate that is not what the sum gets: the reset gate stands between.
    d_memory = d_sums if cell != "GRU" else np.zeros_like(reading.sums)
    d_cell = np.zeros(units)
    for t in reversed(range(count)):
        d_h, old = d_states[t], reading.states[t]
        kept = np.zeros(units)  # what reaches the old state beside W_hh
        if cell == "SimpleRNN":
            h = reading.states[t + 1]
            d_sums[t] = d_h * (1 - h * h)  # through tanh: its slope is 1 − h²
        elif cell == "LSTM":
            i, f, g, o = reading.parts[t].reshape(4, units)
            shown = np.tanh(reading.cells[t + 1])
            d_cell = d_cell + d_h * o * (1 - shown * shown)
            d_cells[t] = d_cell
            d_i, d_f, d_g, d_o = d_cell * g, d_cell * reading.cells[t], d_cell * i, d_h * shown
            d_sums[t] = np.concatenate([d_i * i * (1 - i), d_f * f * (1 - f), d_g * (1 - g * g), d_o * o * (1 - o)])
            d_cell = d_cell * f  # to the cell state before: only the forget gate stands in the way
        else:
            z, r, g = reading.parts[t].reshape(3, units)
            d_g = d_h * (1 - z) * (1 - g * g)
            d_z, d_r = d_h * (old - g) * z * (1 - z), d_g * reading.recalled[t] * r * (1 - r)
            d_sums[t] = np.concatenate([d_z, d_r, d_g])
            d_memory[t] = np.concatenate([d_z, d_r, d_g * r])
            kept = d_h * z
        if t:
            d_states[t - 1] += d_memory[t] @ weights.W_hh + kept
    d_W_xh = np.zeros_like(weights.W_xh)
    np.add.at(d_W_xh.T, reading.letters, d_sums)
    found = Weights(
        W_xh=d_W_xh,
        W_hh=d_memory.T @ reading.states[:-1],
        b_h=d_sums.sum(0),
        W_hy=d_y.T @ reading.states[1:],
        b_y=d_y.sum(0),
    )
    return Gradients(found, d_states, d_cells, d_sums)


def clipped(gradient: Array, most: float | None) -> tuple[Array, float]:
    """A gradient no longer than ``most`` (None: as long as it is), and how long it was."""
    norm = float(np.linalg.norm(gradient))
    return (gradient if most is None or norm <= most else gradient * (most / norm)), norm
