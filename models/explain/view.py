"""What a visitor of Inside looks at: one layer of one reading, one unit of it, one word under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.nn.equations import state_before
from models.sentiment import LayerTrace, Trace
from models.text import Token

Array = np.ndarray
Order = Literal["weight", "range", "number"]


@dataclass(frozen=True, slots=True)
class View:
    """Everything the panels of Inside need to know.

    Attributes:
        trace: the reading.
        family: "SimpleRNN", "LSTM" or "GRU".
        place: which of ``trace.layers``.
        unit: which of its units, 0-based.
        cursor: which word, 0-based.
        order: how units are sorted.
    """

    trace: Trace
    family: str
    place: int
    unit: int
    cursor: int
    order: Order = "weight"

    @property
    def layer(self) -> LayerTrace:
        """The layer looked at."""
        return self.trace.layers[self.place]

    @property
    def token(self) -> Token:
        """The word under the cursor."""
        return self.trace.tokens[self.cursor]

    @property
    def before(self) -> int | None:
        """The word this layer read just before the one under the cursor; None at its first one."""
        place = self.cursor + (1 if self.layer.direction == "backward" else -1)
        return place if 0 <= place < len(self.trace.tokens) else None

    @property
    def state_before(self) -> Array:
        """The state that the layer brought to the word under the cursor, (units,)."""
        return state_before(self.trace, self.place, self.cursor)

    @property
    def units(self) -> Array:
        """All units in the order they are drawn, first at the top."""
        return sorted_units(self.trace, self.place, self.order)


def readout(trace: Trace, place: int) -> Array | None:
    """How each unit of a layer counts for the verdict, (units,); None where another layer stands in between."""
    sizes = [layer.hidden_states.shape[1] for layer in trace.layers]
    start = sum(sizes) - len(trace.readout)
    offset = sum(sizes[:place]) - start
    return np.asarray(trace.readout[offset : offset + sizes[place]]) if offset >= 0 else None


def swing(layer: LayerTrace) -> Array:
    """From the lowest to the highest state of each unit during this review, (units,)."""
    return np.asarray(np.ptp(layer.hidden_states, axis=0))


def sorted_units(trace: Trace, place: int, order: Order) -> Array:
    """Units sorted by readout weight ("positive" first), by range (widest first) or by number."""
    weights, layer = readout(trace, place), trace.layers[place]
    if order == "number":
        return np.arange(layer.hidden_states.shape[1])
    by = swing(layer) if order == "range" or weights is None else weights
    return np.argsort(-by, kind="stable")


def weightiest(trace: Trace, place: int) -> int:
    """The unit that did most to this verdict: the widest swing, counted with its readout weight."""
    weights = readout(trace, place)
    moved = swing(trace.layers[place])
    return int((moved if weights is None else moved * np.abs(weights)).argmax())


def kept(view: View, most: int) -> Array:
    """At most ``most`` units, still in order: the chosen one and those that count most (or swing most)."""
    units = view.units
    if len(units) <= most:
        return units
    weights = readout(view.trace, view.place)
    size = swing(view.layer) if weights is None else np.abs(weights)
    size = np.where(np.arange(len(size)) == view.unit, np.inf, size)
    chosen = np.isin(units, np.argsort(-size, kind="stable")[:most])
    return np.asarray(units[chosen])


MOST_UNITS = 64


def drawn_units(trace: Trace, place: int, most: int = MOST_UNITS) -> Array:
    """Units of a top layer, most for "positive" first; of a large layer the ``most`` heaviest of both sides."""
    order = sorted_units(trace, place, "weight")
    return np.concatenate([order[: most // 2], order[-most // 2 :]]) if len(order) > most else order
