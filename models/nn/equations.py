"""One timestep of one layer, taken apart: what goes into every gate from the word, from memory and from the bias.

``cells.py`` walks over a review as fast as it can and keeps only results. Here one step of the walk is made again,
slowly and with every number in between kept, in float64, so that a reader can follow it with a pocket calculator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.nn.cells import GRU, LSTM, Cell, Reading, sigmoid
from models.nn.network import Network
from models.sentiment import Trace

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Sum:
    """What a gate, a candidate or a SimpleRNN's state is squashed from; all arrays (units,) float64.

    Attributes:
        word: W x, what the word says.
        memory: U h, what the state before says; of a GRU's candidate only as much of it as the reset gate lets pass.
        bias: b, the same at every word.
    """

    word: Array
    memory: Array
    bias: Array

    @property
    def total(self) -> Array:
        """The pre-activation a, (units,)."""
        return np.asarray(self.word + self.memory + self.bias)


@dataclass(frozen=True, slots=True)
class Step:
    """One timestep; all arrays (units,) float64.

    Attributes:
        sums: by gate, in the order of calculation; ``{"state": …}`` for a SimpleRNN.
        values: the same, squashed: what ``LayerTrace.gates`` holds.
        state_before, cell_before: what the layer brought along from what it read before, a word or padding in
            front; zero at the very beginning.
        cell: the new cell state, LSTM only, else None.
        state: the new hidden state.
    """

    sums: dict[str, Sum]
    values: dict[str, Array]
    state_before: Array
    cell_before: Array | None
    cell: Array | None
    state: Array


@dataclass(frozen=True, slots=True)
class Verdict:
    """A logit, taken apart by what the output layer looks at.

    Attributes:
        parts: nats, by kind: what its weights make of the "last" state, of the "mean" and of the "max" of all states.
        bias: the output layer's, nats.
    """

    parts: dict[str, float]
    bias: float

    @property
    def logit(self) -> float:
        """The sum, nats; P(positive) is σ of it."""
        return sum(self.parts.values()) + self.bias


def verdict(network: Network, trace: Trace, timestep: int) -> Verdict | None:
    """The logit after the word at ``timestep``, of a network that also reads from the end after the last word.

    None where a relu layer stands between the states and the output.
    """
    if network.hidden is not None:
        return None
    forward, backward = trace.readings[-1]
    read = trace.padding + timestep + 1 if network.streams else len(forward.hidden_states)
    seen = _exact(network.pooled((Reading(forward.hidden_states[:read]), backward), np.array([read]))[0])
    blocks = {kind: network.block(kind) for kind in network.pooling}
    parts = {kind: float(seen[block] @ _exact(network.weights[block])) for kind, block in blocks.items()}
    return Verdict(parts, float(network.bias))


def step(network: Network, trace: Trace, place: int, timestep: int) -> Step:
    """Make one timestep of ``trace.layers[place]`` again, from the states that the trace holds for the word before."""
    depth, cell = list(_directions(network))[place]
    h = _exact(state_before(trace, place, timestep))
    c = _exact(state_before(trace, place, timestep, cell=True)) if isinstance(cell, LSTM) else None
    parts = sums(cell, _input(network, trace, depth, timestep), h)
    values = {name: _squash(name, part.total) for name, part in parts.items()}
    if isinstance(cell, LSTM) and c is not None:
        new_cell = values["forget"] * c + values["input"] * values["candidate"]
        return Step(parts, values, h, c, new_cell, values["output"] * np.tanh(new_cell))
    if isinstance(cell, GRU):
        return Step(parts, values, h, None, None, values["update"] * h + (1 - values["update"]) * values["candidate"])
    return Step(parts, values, h, None, None, values["state"])


def state_before(trace: Trace, place: int, timestep: int | None = None, *, cell: bool = False) -> Array:
    """The hidden state (``cell``: the cell state) that a layer brings to a word, (units,) float32.

    It is the state after the word read before. To the word it reads first, ``timestep`` None, a layer brings what the
    padding in front left, else zero; one that reads from the end meets the padding last, and begins with zero.
    """
    backward = trace.layers[place].direction == "backward"
    if timestep is None:
        timestep = len(trace.tokens) - 1 if backward else 0
    reading = [reading for both in trace.readings for reading in both if reading is not None][place]
    states = reading.cell_states if cell else reading.hidden_states
    assert states is not None
    before = trace.padding + timestep + (1 if backward else -1)
    return np.asarray(states[before, 0] if 0 <= before < len(states) else np.zeros_like(states[0, 0]))


def sums(cell: Cell, x: Array, h: Array) -> dict[str, Sum]:
    """What each gate is squashed from, for one word vector ``x`` (features,) and state before ``h`` (units,)."""
    word = x @ _exact(cell.kernel)
    recurrent = _exact(cell.recurrent)
    u = cell.units
    if isinstance(cell, GRU):
        input_bias = _exact(cell.bias[0] if cell.reset_after else cell.bias)
        recurrent_bias = _exact(cell.bias[1]) if cell.reset_after else np.zeros(3 * u)
        z, r, g = slice(0, u), slice(u, 2 * u), slice(2 * u, 3 * u)
        found = {
            name: Sum(word[part], h @ recurrent[:, part], input_bias[part] + recurrent_bias[part])
            for name, part in (("update", z), ("reset", r))
        }
        reset = _squash("reset", found["reset"].total)
        if cell.reset_after:
            remembered = reset * (h @ recurrent[:, g] + recurrent_bias[g])
        else:
            remembered = (reset * h) @ recurrent[:, g]
        found["candidate"] = Sum(word[g], remembered, input_bias[g])
        return found
    names = ("input", "forget", "candidate", "output") if isinstance(cell, LSTM) else ("state",)
    memory, bias = h @ recurrent, _exact(cell.bias)
    parts = [slice(i * u, (i + 1) * u) for i in range(len(names))]
    return {name: Sum(word[p], memory[p], bias[p]) for name, p in zip(names, parts, strict=True)}


def _squash(name: str, total: Array) -> Array:
    """Gates with σ, into 0…1; candidates and states with tanh, into −1…1."""
    if name in ("candidate", "state"):
        return np.asarray(np.tanh(total))
    return sigmoid(total)


def _exact(values: Array) -> Array:
    return np.asarray(values, np.float64)


def _directions(network: Network) -> Iterator[tuple[int, Cell]]:
    """Depth and cell, in the order of ``trace.layers``."""
    for depth, layer in enumerate(network.layers):
        yield depth, layer.forward
        if layer.backward is not None:
            yield depth, layer.backward


def _input(network: Network, trace: Trace, depth: int, timestep: int) -> Array:
    """What a layer sees at a timestep, (features,): the word vector, or the states of the layer below."""
    if depth == 0:
        return _exact(network.embedding[trace.tokens[timestep].id])
    below = [place for place, (d, _) in enumerate(_directions(network)) if d == depth - 1]
    return np.concatenate([_exact(trace.layers[place].hidden_states[timestep]) for place in below])
