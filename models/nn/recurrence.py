"""The walk of a recurrent cell over the words of many reviews, longest first.

It comes in two ways that share every timestep's equations: ``read`` keeps all that happens, ``finish`` only what a
readout needs in the end. ``models.nn.cells`` has the equations.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Reading:
    """What one layer did: every array ``(timesteps, reviews, units)`` float32, zero after a review's end.

    ``cell_states`` is None and ``gates`` empty for cells that have none.
    """

    hidden_states: Array
    cell_states: Array | None = None
    gates: dict[str, Array] = field(default_factory=dict)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All of them: the states that are carried from word to word, then the gates."""
        cells = () if self.cell_states is None else (self.cell_states,)
        return self.hidden_states, *cells, *self.gates.values()

    def each(self, change: Callable[[Array], Array]) -> Reading:
        """The same with every array changed alike."""
        cells = None if self.cell_states is None else change(self.cell_states)
        return Reading(change(self.hidden_states), cells, {name: change(values) for name, values in self.gates.items()})


class Walker(ABC):
    """A walk over reviews; what the cells differ in is one timestep, written once for both ways of walking."""

    __slots__ = ()
    carried = 1  # kinds of states that are carried from word to word

    kernel: Array
    recurrent: Array

    @property
    def units(self) -> int:
        """Size of the state."""
        return int(self.recurrent.shape[0])

    def read(self, inputs: Array, lengths: Array) -> Reading:
        """Walk over ``inputs`` (timesteps, reviews, features); ``lengths`` (reviews,), longest first."""
        return self.read_rows(self.project(inputs), lengths)

    def read_rows(self, rows: Array, lengths: Array) -> Reading:
        """``read`` from what ``project`` made, (timesteps, reviews, …): it is written over."""
        states = [np.empty((*rows.shape[:2], self.units), np.float32) for _ in range(self.carried)]
        views, room = self._views(rows, *states), self._room(len(lengths))
        for timesteps, n in _walk(lengths):
            before = [_before(values, timesteps, n) for values in states]
            walked = zip(*(view[timesteps, :n] for view in views), strict=True)
            self._steps(walked, before, [array[:n] for array in room])
        for timesteps, n in _walk(lengths):
            for values in (rows, *states) if n < len(lengths) else ():
                values[timesteps, n:] = 0
        return self._reading(rows, *states)

    def advance(self, rows: Array, *before: Array) -> Reading:
        """One timestep of ``n`` readings, for those who step in between two words.

        Args:
            rows: from ``project``, (n, …), or (1, …) where all read the same word; left as they are.
            before: the states before, (n, units) each: the hidden state, then the cell state where there is one.
        """
        n = len(before[0])
        now = np.broadcast_to(rows, (1, n, rows.shape[-1])).copy()
        states = [np.empty((1, n, self.units), np.float32) for _ in range(self.carried)]
        self._steps(zip(*self._views(now, *states), strict=True), before, self._room(n))
        return self._reading(now, *states)

    def finish(self, rows: Array, places: Array, lengths: Array, pooling: Sequence[str]) -> list[Array]:
        """The hidden states' "last", "mean" or "max" alone, one (reviews, units) array a kind, as ``read`` has them.

        Args:
            rows: what ``project`` made of any words, (words, …).
            places: (timesteps, reviews) int, the row of every word read.

        Only the present timestep is kept, so that everything stays near the processor.
        """
        reviews = len(lengths)
        states = [np.zeros((reviews, self.units), np.float32) for _ in range(self.carried)]
        views = self._views(np.empty((reviews, rows.shape[1]), np.float32), *states)
        room, hidden = self._room(reviews), states[0]
        pools = {"mean": (np.add, np.zeros_like(hidden)), "max": (np.maximum, np.full_like(hidden, -np.inf))}
        wanted = [pools[kind] for kind in pools if kind in pooling]
        for timesteps, n in _walk(lengths):
            now, before = [view[:n] for view in views], [values[:n] for values in states]
            counted = [(combine, pool[:n]) for combine, pool in wanted]
            walked = _overwritten(rows, places[timesteps, :n], now, before[0], counted)
            self._steps(walked, before, [array[:n] for array in room])
        pools["mean"][1][:] /= lengths[:, None]
        return [hidden if kind == "last" else pools[kind][1] for kind in pooling]

    @abstractmethod
    def project(self, inputs: Array) -> Array:
        """W x + b of word vectors (…, features) in one product: (…, what a timestep begins with) float32."""

    @abstractmethod
    def _views(self, rows: Array, *states: Array) -> tuple[Array, ...]:
        """What ``_steps`` walks over, the rows first; the last axis is cut, the others stay."""

    @abstractmethod
    def _room(self, reviews: int) -> tuple[Array, ...]:
        """Arrays (reviews, …) that ``_steps`` writes in, so that it makes none."""

    @abstractmethod
    def _steps(self, walked: Iterable[Sequence[Array]], before: Sequence[Array], room: Sequence[Array]) -> None:
        """The equations, timestep after timestep. New states may lie where the ones ``before`` lie."""

    @abstractmethod
    def _reading(self, rows: Array, *states: Array) -> Reading:
        """The rows and states, walked over, by name."""


def turned(reading: Reading, lengths: Array) -> Reading:
    """A reading of reviews that were turned round, indexed by word position again."""
    return reading.each(lambda values: turned_round(values, lengths))


def turned_round(values: Array, lengths: Array) -> Array:
    """Each review's timesteps turned round, (timesteps, reviews, …), its padding left at the end."""
    timesteps = np.arange(values.shape[0])[:, None]
    source = np.where(timesteps < lengths, lengths - 1 - timesteps, timesteps)
    return np.asarray(values[source, np.arange(values.shape[1])])


def _overwritten(
    rows: Array, places: Array, now: list[Array], hidden: Array, pools: Sequence[tuple[np.ufunc, Array]]
) -> Iterator[list[Array]]:
    """The same arrays at every timestep: each word's row is fetched before it, the new hidden state counted after."""
    for chosen in places:
        np.take(rows, chosen, 0, now[0], "clip")  # "clip", because any other mode copies everything once more
        yield now
        for combine, pool in pools:
            combine(pool, hidden, pool)


def _walk(lengths: Array) -> Iterator[tuple[slice, int]]:
    """Stretches of timesteps over which the same ``n`` reviews, the longest ones, are still being read."""
    start = 0
    for n in range(len(lengths), 0, -1):
        end = int(lengths[n - 1])
        if end > start:
            yield slice(start, end), n
            start = end


def _before(states: Array, timesteps: slice, n: int) -> Array:
    """The states that the ``n`` reviews still being read bring into a stretch: zero at the beginning."""
    if timesteps.start == 0:
        return np.zeros_like(states[0, :n])
    return np.asarray(states[timesteps.start - 1, :n])
