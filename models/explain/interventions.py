"""Reaching into a network while it reads: units held at a value, and what becomes of the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.explain.attribution import ids_of
from models.nn.cells import Cell, Reading
from models.nn.gradients import Readings
from models.nn.network import Network, joined
from models.sentiment import Trace, retraced

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Clamp:
    """Hold one unit's hidden state at a value while some words are read.

    Attributes:
        place: which of ``trace.layers``.
        unit: which unit of it.
        value: 0 switches the unit off; hidden states lie in −1…1.
        start, stop: word positions at which it is held, ``stop`` left out; None is the end of the review. Where a layer
            reads from the end, the same words are meant.
    """

    place: int
    unit: int
    value: float = 0.0
    start: int = 0
    stop: int | None = None


def read_clamped(network: Network, trace: Trace, clamps: Sequence[Clamp]) -> Trace:
    """Read the review of ``trace`` again with units held; everything after them follows from the network.

    A held unit feeds its value to the recurrence, to the layer above and to the readout. What it would have been is not
    kept; an LSTM's cell state and the gates are shown as they come, the held unit's own included. Without clamps the
    result is ``trace``, to rounding.

    Raises:
        IndexError: if a clamp names a layer or a unit that is not there.
    """
    timesteps = trace.padding + len(trace.tokens)
    held: dict[int, Array] = {}
    for clamp in clamps:
        units = trace.layers[clamp.place].hidden_states.shape[1]
        if clamp.place < 0 or not 0 <= clamp.unit < units:
            raise IndexError(f"layer {clamp.place} has no unit {clamp.unit}")
        values = held.setdefault(clamp.place, np.full((timesteps, 1, units), np.nan, np.float32))
        stop = len(trace.tokens) if clamp.stop is None else clamp.stop
        values[trace.padding :][clamp.start : stop, 0, clamp.unit] = clamp.value
    return retraced(network, trace, _read(network, trace, held))


def _read(network: Network, trace: Trace, held: dict[int, Array]) -> Readings:
    """Read with the hidden states of some layers held where ``held[place]``, (timesteps, 1, units), is not NaN."""
    inputs, disturbed, place = network.embedding[ids_of(trace)][:, None], False, 0
    readings: list[tuple[Reading, Reading | None]] = []
    for layer, undisturbed in zip(network.layers, trace.readings, strict=True):
        both: list[Reading | None] = [None, None]
        for direction, cell in enumerate((layer.forward, layer.backward)):
            if cell is None:
                continue
            if disturbed or place in held:
                both[direction] = _walk(cell, inputs, held.get(place), backward=direction == 1)
            else:
                both[direction] = undisturbed[direction]
            place += 1
        forward, backward = both
        assert forward is not None
        readings.append((forward, backward))
        inputs, disturbed = joined(readings[-1]), disturbed or any(p in held for p in range(place))
    return readings


def _walk(cell: Cell, inputs: Array, held: Array | None, backward: bool) -> Reading:
    """One layer in one direction over ``inputs`` (timesteps, 1, features)."""
    projected = cell.project(inputs)
    before = [np.zeros((1, cell.units), np.float32)] * cell.carried
    walked: list[tuple[Array, ...]] = []
    for t in range(len(inputs))[:: -1 if backward else 1]:
        now = cell.advance(projected[t], *before)
        hidden, *others = now.arrays
        if held is not None:
            hidden = np.where(np.isnan(held[t]), hidden, held[t])
        walked.append((hidden, *others))
        before = [states[0] for states in walked[-1][: cell.carried]]
    hidden, *others = (np.concatenate(column) for column in zip(*walked[:: -1 if backward else 1], strict=True))
    cells = None if now.cell_states is None else others.pop(0)
    return Reading(hidden, cells, dict(zip(now.gates, others, strict=True)))
