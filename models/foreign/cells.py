"""The three cells with everything that Keras lets people set: any activation in either place, with masks.

The equations are those of ``models.nn.cells``, which walk wherever a cell is the usual one and nothing is skipped; the
walk here is literal, a timestep at a time, and is used where those cannot be. A masked timestep changes nothing: the
state is carried over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.foreign.activations import Activation
from models.nn.cells import GRU, LSTM, Cell, SimpleRNN
from models.nn.recurrence import Reading, turned

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class GeneralCell:
    """Weights as Keras saves them; ``kind`` is "SimpleRNN", "LSTM" or "GRU".

    ``bias`` is (2, 3 · units) for a GRU with ``reset_after``; zero where the network has none.
    """

    kind: str
    kernel: Array
    recurrent: Array
    bias: Array
    names: tuple[str, str]
    activation: Activation
    recurrent_activation: Activation
    reset_after: bool = True

    @property
    def units(self) -> int:
        """Size of the state."""
        return int(self.recurrent.shape[0])

    @property
    def usual(self) -> bool:
        """Whether it is the cell as ``models.nn.cells`` has it."""
        return self.names == ("tanh", "sigmoid") or (self.kind == "SimpleRNN" and self.names[0] == "tanh")

    def read(self, inputs: Array, mask: Array | None, backwards: bool = False) -> Reading:
        """Walk over ``inputs`` (timesteps, reviews, features); ``mask`` (timesteps, reviews), False is skipped.

        The result is indexed by position in ``inputs``, also where the walk goes ``backwards``.
        """
        if self.usual and (mask is None or mask.all()):
            lengths = np.full(inputs.shape[1], len(inputs))
            read = self.as_usual().read(inputs[::-1] if backwards else inputs, lengths)
            return turned(read, lengths) if backwards else read
        timesteps, n = inputs.shape[:2]
        bias = self.bias[0] if self.kind == "GRU" and self.reset_after else self.bias
        rows = np.asarray(inputs.reshape(timesteps * n, -1) @ self.kernel + bias, np.float32).reshape(timesteps, n, -1)
        names = {"LSTM": ("input", "forget", "candidate", "output"), "GRU": ("update", "reset", "candidate")}
        states = np.zeros((timesteps, n, self.units), np.float32)
        cells = np.zeros_like(states) if self.kind == "LSTM" else None
        gates = {name: np.zeros_like(states) for name in names.get(self.kind, ())}
        h, c = np.zeros((n, self.units), np.float32), np.zeros((n, self.units), np.float32)
        for t in reversed(range(timesteps)) if backwards else range(timesteps):
            new, new_c, opened = self._step(rows[t], h, c)
            if mask is not None:
                kept = mask[t][:, None]
                new, new_c = np.where(kept, new, h), np.where(kept, new_c, c)
            h, c = new, new_c
            states[t] = h
            if cells is not None:
                cells[t] = c
            for name, values in zip(gates, opened, strict=True):
                gates[name][t] = values
        return Reading(states, cells, gates)

    def as_usual(self) -> Cell:
        """The cell as our own networks have it; only where it is ``usual``."""
        kernel, recurrent, bias = (np.ascontiguousarray(part) for part in (self.kernel, self.recurrent, self.bias))
        if self.kind == "GRU":
            return GRU(kernel, recurrent, bias, self.reset_after)
        return (LSTM if self.kind == "LSTM" else SimpleRNN)(kernel, recurrent, bias)

    def _step(self, x: Array, h: Array, c: Array) -> tuple[Array, Array, tuple[Array, ...]]:
        u, squash, gate = self.units, self.activation, self.recurrent_activation
        if self.kind == "SimpleRNN":
            return squash(x + h @ self.recurrent), c, ()
        if self.kind == "LSTM":
            a = x + h @ self.recurrent
            i, f, g, o = gate(a[:, :u]), gate(a[:, u : 2 * u]), squash(a[:, 2 * u : 3 * u]), gate(a[:, 3 * u :])
            c = f * c + i * g
            return o * squash(c), c, (i, f, g, o)
        if self.reset_after:
            recalled = h @ self.recurrent + self.bias[1]
            z, r = gate(x[:, :u] + recalled[:, :u]), gate(x[:, u : 2 * u] + recalled[:, u : 2 * u])
            g = squash(x[:, 2 * u :] + r * recalled[:, 2 * u :])
        else:
            z = gate(x[:, :u] + h @ self.recurrent[:, :u])
            r = gate(x[:, u : 2 * u] + h @ self.recurrent[:, u : 2 * u])
            g = squash(x[:, 2 * u :] + (r * h) @ self.recurrent[:, 2 * u :])
        return z * h + (1 - z) * g, c, (z, r, g)
