"""The path of a reading through state space: the states in the order in which a layer read, and their coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.explain.state_space import LayerStates
from models.explain.view import View
from models.nn.equations import state_before

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """States in the order the layer read them, the one before its first word included.

    Attributes:
        words: (timesteps,) word positions in reading order; a backward layer begins with the last word.
        states: (timesteps + 1, units); row 0 is the state before any word, zero or what padding in front left, row i
            the state after ``words[i − 1]``.
        points: (timesteps + 1, k), ``states`` in the coordinates of the first components.
    """

    words: Array
    states: Array
    points: Array

    @property
    def moved(self) -> Array:
        """How far each word moved the state, over all units, (timesteps,)."""
        return np.asarray(np.linalg.norm(np.diff(self.states, axis=0), axis=1))

    def after(self, word: int) -> int:
        """The row of ``states`` and ``points`` after a word."""
        return int(np.flatnonzero(self.words == word)[0]) + 1


def path_of(view: View, space: LayerStates, hidden: Array | None = None) -> Path:
    """The path of the layer looked at; ``hidden`` (timesteps, units) stands in for its own states."""
    hidden = view.layer.hidden_states if hidden is None else hidden
    words = np.arange(len(hidden))[:: -1 if view.layer.direction == "backward" else 1]
    states = np.concatenate([state_before(view.trace, view.place)[None], hidden[words]])
    return Path(words, states, space.project(states, min(3, len(space.components))))
