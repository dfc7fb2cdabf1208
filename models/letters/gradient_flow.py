"""Why long words are hard: the gradient of the last letter's loss on its way back to the first state.

In a SimpleRNN every step back multiplies it by two things: the slopes of tanh, 1 − h², and W_hh. Their product over
many steps falls to nothing or grows beyond measure (Hochreiter, 1991; Bengio, Simard and Frasconi, 1994).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.letters import network
from models.letters.backpropagation import backward, d_logits
from models.letters.training import Run

Array = np.ndarray


@dataclass(frozen=True)
class Line:
    """One network's gradient on its way back: ``lengths`` (timesteps,), its cell, whether clipped, whether chosen."""

    name: str
    cell: str
    lengths: Array
    clipped: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class Flow:
    """The length of the gradient at every state, the last one last.

    Attributes:
        norms: (timesteps,) ‖∂L/∂h_t‖ of the loss of the last letter alone.
        carried: the same for what carries the memory: the cell states of an LSTM, otherwise ``norms``.
        slopes: (timesteps − 1,) of a SimpleRNN: what the slopes of tanh at step t + 1 make of its length; empty
            otherwise.
        matrix: (timesteps − 1,) what W_hh makes of it after that. norms[t] = norms[t + 1] · slopes[t] · matrix[t].
        whole: the length of the gradient of all weights together, which clipping looks at.
    """

    norms: Array
    carried: Array
    slopes: Array
    matrix: Array
    whole: float

    def clipping(self, most: float | None) -> float:
        """What clipping multiplies every number of the gradient by: one factor for all, 1 or less."""
        return 1.0 if most is None or self.whole <= most else most / self.whole


def flow(run: Run, scale: float = 1.0, held: bool = True) -> Flow:
    """The gradient of the last letter's loss at every state of the run's first sequence.

    Args:
        run: of a network that says the next letter.
        scale: W_hh is multiplied by it.
        held: on the way back only; the states and so the slopes of tanh stay as they were read. Otherwise the network
            reads again with the scaled W_hh.
    """
    cell, (letters, targets) = run.settings.cell, (run.examples[0].letters, run.examples[0].targets)
    scaled = run.weights.scaled(scale)
    reading = network.forward(cell, run.weights if held else scaled, letters)
    last = (-1,) * (len(letters) - 1) + (targets[-1],)
    found = backward(cell, scaled, reading, d_logits(reading, last))
    norms = np.linalg.norm(found.states, axis=1)
    carried = np.linalg.norm(found.cells, axis=1) if cell == "LSTM" else norms
    slopes = matrix = np.zeros(0)
    if cell == "SimpleRNN":
        through_tanh = np.linalg.norm(found.sums[1:], axis=1)
        slopes, matrix = _ratio(through_tanh, norms[1:]), _ratio(norms[:-1], through_tanh)
    return Flow(norms, carried, slopes, matrix, float(np.linalg.norm(found.weights.flat())))


def _ratio(above: Array, below: Array) -> Array:
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))
