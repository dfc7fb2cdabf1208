"""One timestep of a cell, for experiments that have to step in between two words.

``cells.py`` walks over whole reviews and is faster; here every step is a call of its own.
"""

from __future__ import annotations

import numpy as np

from models.nn.cells import GRU, LSTM, Cell

Array = np.ndarray


def project(cell: Cell, inputs: Array) -> Array:
    """W x + b of every word, (…, gates · units)."""
    bias = cell.bias[0] if isinstance(cell, GRU) and cell.reset_after else cell.bias
    return np.asarray(inputs @ cell.kernel + bias)


def advance(cell: Cell, projected: Array, h: Array, c: Array | None) -> tuple[Array, Array | None, dict[str, Array]]:
    """The next states of ``n`` readings and the gates that made them.

    Args:
        projected: from ``project``, (n, gates · units) or (1, …) where all read the same word.
        h, c: the states before, (n, units); ``c`` is None for cells without a cell state.
    """
    u = cell.units
    if isinstance(cell, LSTM) and c is not None:
        a = h @ cell.recurrent
        a += projected
        i, f, o = _sigmoid(a[:, :u]), _sigmoid(a[:, u : 2 * u]), _sigmoid(a[:, 3 * u :])
        g = np.tanh(a[:, 2 * u : 3 * u])
        c = f * c + i * g
        return o * np.tanh(c), c, {"input": i, "forget": f, "candidate": g, "output": o}
    if isinstance(cell, GRU):
        recurrent_bias = cell.bias[1] if cell.reset_after else np.zeros(3 * u, np.float32)
        gates = _sigmoid(projected[:, : 2 * u] + h @ cell.recurrent[:, : 2 * u] + recurrent_bias[: 2 * u])
        z, r = gates[:, :u], gates[:, u:]
        if cell.reset_after:
            remembered = r * (h @ cell.recurrent[:, 2 * u :] + recurrent_bias[2 * u :])
        else:
            remembered = (r * h) @ cell.recurrent[:, 2 * u :]
        g = np.tanh(projected[:, 2 * u :] + remembered)
        return z * h + (1 - z) * g, None, {"update": z, "reset": r, "candidate": g}
    return np.tanh(projected + h @ cell.recurrent), None, {}


def _sigmoid(a: Array) -> Array:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * a))
