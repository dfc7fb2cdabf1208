"""Readings to draw: every recurrent layer of a trace, and one as large as the real networks, of random numbers."""

from __future__ import annotations

import numpy as np

from models.examples import EXAMPLES
from models.explain.view import View, weightiest
from models.sentiment import LayerTrace, Trace
from models.text import Token

REVIEW = EXAMPLES[0].text


def views(trace: Trace, family: str, cursor: int = 3) -> list[View]:
    return [View(trace, family, place, weightiest(trace, place), cursor) for place in range(len(trace.layers))]


def big_view(timesteps: int, family: str = "LSTM", word: str = "w{}<b>", n_units: int = 64) -> View:
    """A reading of the size of the real networks, of random numbers."""
    random = np.random.default_rng(timesteps)
    words = tuple(Token(word.format(i), i, i + 1, 2, True) for i in range(timesteps))
    shape = (timesteps, n_units)
    names = {
        "LSTM": ("input", "forget", "candidate", "output"),
        "GRU": ("update", "reset", "candidate"),
        "SimpleRNN": (),
    }
    values = {
        name: random.uniform(-1 if name == "candidate" else 0, 1, shape).astype(np.float32) for name in names[family]
    }
    cells = random.normal(0, 2, shape).astype(np.float32) if family == "LSTM" else None
    states = random.uniform(-1, 1, shape).astype(np.float32)
    layer = LayerTrace("recurrent", "forward", states, cells, values)
    credit = random.normal(0, 0.2, timesteps).astype(np.float32)
    logit = float(credit.sum() + 0.1)
    weights = random.normal(0, 0.4, n_units).astype(np.float32)
    trace = Trace(words, (), logit, 0.5, np.cumsum(credit), (layer,), credit, 0.1, weights)
    return View(trace, family, 0, 5, timesteps // 2)
