"""Small random networks of every kind without TensorFlow, and a slow reader that can be disturbed at any timestep.

The reader is the reference for gradients and interventions: float64, one word at a time, straight from the equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.card import ModelCard
from models.nn.cells import GRU, LSTM, Cell, SimpleRNN
from models.nn.network import Network, RecurrentLayer
from models.sentiment import SentimentModel
from models.text import RESERVED, Vocabulary

KINDS = ("SimpleRNN", "LSTM", "GRU", "GRU reset before")
# kind, units of each layer, bidirectional, pooling
CASES = [(kind, (5,), False, ("last",)) for kind in KINDS]
CASES += [(kind, (4,), True, ("mean", "max")) for kind in KINDS]
CASES += [("LSTM", (5, 3), False, ("last", "mean", "max")), ("SimpleRNN", (4, 3), False, ("mean",))]
CASES += [("GRU", (4, 3), True, ("last", "max")), ("LSTM", (3, 2), True, ("mean",))]
CASES += [("SimpleRNN", (6,), False, ("max",))]
WORDS = tuple(f"word{i}" for i in range(40))
Hook = Callable[[int, int, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def random_cell(kind: str, inputs: int, units: int, random: np.random.Generator) -> Cell:
    gates = {"SimpleRNN": 1, "LSTM": 4}.get(kind, 3)

    def weights(*shape: int) -> np.ndarray:
        return random.normal(0, 0.5, shape).astype(np.float32)

    kernel, recurrent = weights(inputs, gates * units), weights(units, gates * units)
    if kind == "SimpleRNN":
        return SimpleRNN(kernel, recurrent, weights(units))
    if kind == "LSTM":
        return LSTM(kernel, recurrent, weights(4 * units))
    return GRU(kernel, recurrent, weights(*((2, 3 * units) if kind == "GRU" else (3 * units,))), kind == "GRU")


def random_network(
    kind: str, units: tuple[int, ...], bidirectional: bool, pooling: tuple[str, ...], seed: int = 0
) -> Network:
    random = np.random.default_rng(seed)
    layers, size = [], 6
    for u in units:
        cells = [random_cell(kind, size, u, random) for _ in range(2 if bidirectional else 1)]
        layers.append(RecurrentLayer(*cells))
        size = layers[-1].units
    embedding = random.normal(0, 1, (len(RESERVED) + len(WORDS), 6)).astype(np.float32)
    return Network(embedding, tuple(layers), pooling, random.normal(0, 1, len(pooling) * size).astype(np.float32), 0.3)


def with_relu(network: Network, seed: int = 3) -> Network:
    """The same with a hidden layer of seven units in front of its output."""
    random = np.random.default_rng(seed)
    kernel = random.normal(0, 1, (len(network.weights), 7)).astype(np.float32)
    hidden = (kernel, random.normal(0, 0.3, 7).astype(np.float32))
    return replace(network, hidden=hidden, weights=random.normal(0, 1, 7).astype(np.float32))


def model_of(network: Network, max_timesteps: int = 400, folder: Path = Path()) -> SentimentModel:
    card = ModelCard(
        name=folder.name, title="", family="", order=0, summary="", bidirectional=not network.streams,
        layers=len(network.layers), units=0, embedding=6, vocabulary=len(network.embedding), parameters=0,
        max_timesteps=max_timesteps, test_accuracy=None, folder=folder, facts={},
    )  # fmt: skip
    return SentimentModel(card, Vocabulary((*RESERVED, *WORDS)), network)


def text_of(timesteps: int, seed: int = 5) -> str:
    return " ".join(np.random.default_rng(seed).choice(WORDS, timesteps))


def slow_logit(network: Network, vectors: np.ndarray, hook: Hook | None = None) -> float:
    """The logit of one review given as word vectors; ``hook(place, t, h, c)`` may change any state as it is made."""
    inputs, place = np.float64(vectors), 0
    for layer in network.layers:
        parts = []
        for cell, turned in ((layer.forward, False), (layer.backward, True)):
            if cell is None:
                continue
            h, c, states = np.zeros(cell.units), np.zeros(cell.units), np.zeros((len(inputs), cell.units))
            for t in reversed(range(len(inputs))) if turned else range(len(inputs)):
                h, c = slow_step(cell, inputs[t], h, c)
                if hook is not None:
                    h, c = hook(place, t, h, c)
                states[t] = h
            parts.append(states)
            place += 1
        inputs = np.concatenate(parts, 1)
    u, pooled = network.layers[-1].forward.units, []
    for kind in network.pooling:
        if kind == "last":
            pooled += [inputs[-1, :u], inputs[0, u:]]
        else:
            pooled.append(inputs.mean(0) if kind == "mean" else inputs.max(0))
    seen = np.concatenate(pooled)
    if network.hidden is not None:
        kernel, bias = np.float64(network.hidden[0]), np.float64(network.hidden[1])
        seen = np.maximum(seen @ kernel + bias, 0)
    return float(seen @ np.float64(network.weights) + network.bias)


def in_double(network: Network) -> Network:
    """The same network in float64, for many slow readings: nothing is converted on the way."""

    def double(cell: Cell | None) -> Cell | None:
        if cell is None:
            return None
        return replace(cell, **{name: np.float64(getattr(cell, name)) for name in ("kernel", "recurrent", "bias")})

    layers = tuple(RecurrentLayer(double(layer.forward), double(layer.backward)) for layer in network.layers)
    return replace(network, layers=layers, embedding=np.float64(network.embedding))


def slow_step(cell: Cell, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kernel, recurrent, bias = (np.asarray(a, np.float64) for a in (cell.kernel, cell.recurrent, cell.bias))
    u = cell.units
    if isinstance(cell, SimpleRNN):
        return np.tanh(x @ kernel + h @ recurrent + bias), c
    if isinstance(cell, LSTM):
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4)
        c = logistic(f) * c + logistic(i) * np.tanh(g)
        return logistic(o) * np.tanh(c), c
    b, d = bias if cell.reset_after else (bias, np.zeros(3 * u))
    z, r = np.split(logistic((x @ kernel + b + h @ recurrent + d)[: 2 * u]), 2)
    word = (x @ kernel + b)[2 * u :]
    if cell.reset_after:
        g = np.tanh(word + r * (h @ recurrent[:, 2 * u :] + d[2 * u :]))
    else:
        g = np.tanh(word + (r * h) @ recurrent[:, 2 * u :])
    return z * h + (1 - z) * g, c


def logistic(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))
