"""Several models read one review: the words they share, where they part ways, how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from models.card import ModelCard
from models.sentiment import Trace
from models.text import Token
from models.wording import listed

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Reader:
    """One model and its reading of the review."""

    card: ModelCard
    trace: Trace

    @property
    def running(self) -> Array | None:
        """P(positive) after every word it read, (timesteps,); None if it also reads from the end."""
        return self.trace.running_probabilities

    @property
    def positive(self) -> bool:
        """Its verdict."""
        return self.trace.probability >= 0.5


@dataclass(frozen=True, slots=True)
class Parting:
    """Where models part ways: two of them, or several on either side.

    Attributes:
        above: those with the higher P(positive) at ``timestep``, and ``below`` the others.
        timestep: on the common word axis: the word after which they stand on different sides of 0.5, at the start of
            their last difference if they end apart, else of the longest one; the widest gap where they never do.
        until: the word at which they stand on one side again; None if they end apart, or never were.
        apart: whether they ever stand on different sides.
        gap: how far their P(positive) lie apart at ``timestep``, 0…1.
    """

    above: tuple[Reader, ...]
    below: tuple[Reader, ...]
    timestep: int
    until: int | None
    apart: bool
    gap: float

    @property
    def ends_apart(self) -> bool:
        """Whether they still stand on different sides after the last word."""
        return self.apart and self.until is None

    @property
    def names(self) -> str:
        """``LSTM and SimpleRNN``, or ``LSTM and GRU (above) and SimpleRNN (below)``."""
        above, below = (listed([reader.card.title for reader in side]) for side in (self.above, self.below))
        if len(self.above) == len(self.below) == 1:
            return f"{above} and {below}"
        return f"{above} (above) and {below} (below)"


def common_words(readers: Sequence[Reader]) -> tuple[Token, ...]:
    """Every word that at least one of the models read, in order: models may read different stretches."""
    first = readers[0].trace.tokens
    if all(reader.trace.tokens is first for reader in readers):
        return first
    if len({tuple(token.start for token in reader.trace.tokens) for reader in readers}) == 1:
        return first
    words: dict[int, Token] = {}
    for reader in readers:
        for token in reader.trace.tokens:
            words.setdefault(token.start, token)
    return tuple(words[start] for start in sorted(words))


def on_axis(reader: Reader, values: Array, words: Sequence[Token]) -> Array:
    """``values`` (timesteps, …) of one reading on the common words, (words, …); NaN where it did not read."""
    if len(reader.trace.tokens) == len(words):  # it read all of them
        return np.asarray(values, np.float32)
    places = {token.start: place for place, token in enumerate(words)}
    spread = np.full((len(words), *values.shape[1:]), np.nan, np.float32)
    spread[[places[token.start] for token in reader.trace.tokens]] = values
    return spread


def changes_of_mind(running: Array) -> int:
    """How often P(positive) changes sides of 0.5 from one word to the next."""
    return int(np.count_nonzero(np.diff(running >= 0.5)))


def same_side(first: Reader, second: Reader, words: Sequence[Token]) -> float | None:
    """Share of the words that both read after which they stand on the same side; None where one has no prediction."""
    both = _both(first, second, words)
    if both is None:
        return None
    a, b, read = both
    return float(((a >= 0.5) == (b >= 0.5))[read].mean())


def agreement(reader: Reader, readers: Sequence[Reader], words: Sequence[Token]) -> float | None:
    """Mean of ``same_side`` with every other model; None without another one that has a running prediction."""
    shares = [same_side(reader, other, words) for other in readers if other is not reader]
    found = [share for share in shares if share is not None]
    return sum(found) / len(found) if found else None


def partings(readers: Sequence[Reader], words: Sequence[Token]) -> list[Parting]:
    """Where each two of the models part ways; those that end apart first, then by how far they lie apart."""
    found = [parting for pair in combinations(readers, 2) if (parting := _parting(*pair, words)) is not None]
    return sorted(found, key=lambda parting: (not parting.ends_apart, not parting.apart, -parting.gap))


def together(found: Sequence[Parting]) -> list[Parting]:
    """Pairs that part at one word, and for the same while, told as one parting; those that never part, once."""
    groups: dict[tuple[int, int | None, bool], list[Parting]] = {}
    for parting in found:
        groups.setdefault((parting.timestep, parting.until, parting.apart), []).append(parting)
    merged = []
    for group in groups.values():
        if not group[0].apart:
            merged.append(group[0])
            continue
        sides = [
            tuple({reader.card.name: reader for side in members for reader in side}.values())
            for members in ([p.above for p in group], [p.below for p in group])
        ]
        merged.append(replace(group[0], above=sides[0], below=sides[1], gap=max(p.gap for p in group)))
    if any(parting.apart for parting in merged):
        return [parting for parting in merged if parting.apart]
    return merged[:1]


def _both(first: Reader, second: Reader, words: Sequence[Token]) -> tuple[Array, Array, Array] | None:
    if first.running is None or second.running is None:
        return None
    a, b = (on_axis(reader, reader.running, words) for reader in (first, second) if reader.running is not None)
    read = np.isfinite(a) & np.isfinite(b)
    return (a, b, read) if read.any() else None


def stretches(true: Array) -> list[tuple[int, int]]:
    """Where each run of True begins, and the place behind its end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]])))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _parting(first: Reader, second: Reader, words: Sequence[Token]) -> Parting | None:
    both = _both(first, second, words)
    if both is None:
        return None
    a, b, read = both
    gap = np.where(read, np.abs(a - b), 0.0)
    differ = read & ((a >= 0.5) != (b >= 0.5))
    start, until = int(gap.argmax()), None
    if differ.any():
        found = stretches(differ)
        last_read = int(np.flatnonzero(read)[-1])
        start, end = found[-1]
        if end <= last_read:
            start, end = max(found, key=lambda stretch: stretch[1] - stretch[0])
            until = end
    above, below = (first, second) if a[start] >= b[start] else (second, first)
    return Parting((above,), (below,), start, until, bool(differ.any()), float(gap[start]))
