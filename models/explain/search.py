"""Where else units are high together: over many texts, as LSTMVis does over a corpus (Strobelt et al. 2018).

Somebody marks a stretch of words. The units that are high over all of it, and not at the words just outside, are
looked for in other texts: at which places are the same units high together?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.errors import EmptyReview
from models.sentiment import SentimentModel

Array = np.ndarray
_STEPS = 127  # of a state between 0 and 1: one byte each


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one layer of one network did over many texts.

    Attributes:
        texts: those that have a word to read; others are left out.
        starts: (texts + 1,), where each text's words begin among all words.
        spans: (words, 2), where each word stands in its text, in characters.
        states: (words, units) int8, the hidden states in steps of 1/127.
    """

    texts: tuple[str, ...]
    starts: Array
    spans: Array
    states: Array

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return int(self.states.nbytes + self.spans.nbytes + self.starts.nbytes)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of words at each of which enough units are high.

    Attributes:
        text: which of the corpus's texts; ``start`` and ``stop`` count its words, ``stop`` is not in it.
        units: how many units are high at all of its words.
    """

    text: int
    start: int
    stop: int
    units: int


def read_corpus(
    model: SentimentModel, texts: Iterable[str], place: int, look: Callable[[], object] = lambda: None
) -> Corpus:
    """Let a model read texts and keep the states of one layer, a place in ``Trace.layers``; ``look`` at every text."""
    kept, spans, states = [], [], []
    for text in texts:
        look()
        try:
            trace = model.trace(text)
        except EmptyReview:
            continue
        kept.append(text)
        spans.append(np.array([(token.start, token.end) for token in trace.tokens], np.int32))
        states.append(stepped(trace.layers[place].hidden_states))
    starts = np.cumsum([0, *map(len, spans)])
    return Corpus(tuple(kept), starts, np.concatenate(spans), np.concatenate(states))


def stepped(states: Array) -> Array:
    """States −1…1 as int8, in steps of 1/127; what lies beyond counts as ±1."""
    return np.asarray(np.rint(np.clip(states, -1, 1) * _STEPS), np.int8)


def high_units(states: Array, start: int, stop: int, threshold: float) -> Array:
    """The units that are at least ``threshold`` at all words ``start … stop − 1`` and below it just before and after.

    Args:
        states: (timesteps, units) int8, see ``stepped``.
        threshold: 0…1.

    Raises:
        ValueError: if there is no word in the span.
    """
    if not 0 <= start < stop <= len(states):
        raise ValueError("the span holds no word")
    high = states >= _least(threshold)
    found = high[start:stop].all(0)
    if start > 0:
        found &= ~high[start - 1]
    if stop < len(states):
        found &= ~high[stop]
    return np.flatnonzero(found)


def best_threshold(states: Array, start: int, stop: int, wanted: int = 3) -> float:
    """The highest of 0.1 … 0.9 at which ``wanted`` units mark the span, or as many as there are at any."""
    found = [(len(high_units(states, start, stop, step / 10)), step / 10) for step in range(1, 10)]
    most = min(wanted, max(count for count, _ in found))
    return max(step for count, step in found if count >= most)


def places(corpus: Corpus, units: Sequence[int] | Array, threshold: float, least: int, length: int) -> list[Place]:
    """The longest stretches of words at each of which at least ``least`` of the units are at least ``threshold``.

    Those come first over which most units stay high, then those whose length is nearest to ``length``.

    Raises:
        ValueError: if there are no units, or ``least`` is not among 1 … their number.
    """
    if not 1 <= least <= len(units):
        raise ValueError("least must be between 1 and the number of units")
    high = corpus.states[:, np.asarray(units)] >= _least(threshold)
    on = high.sum(1) >= least
    begins = np.zeros(len(on), bool)
    begins[corpus.starts[:-1]] = True
    first = np.flatnonzero(on & (begins | ~np.concatenate([[False], on[:-1]])))
    if not len(first):
        return []
    last = np.flatnonzero(on & np.concatenate([begins[1:] | ~on[1:], [True]]))
    # Lowest and next highest of the words between the bounds: reduceat over each stretch and the gap behind it.
    bounds = np.stack([first, last + 1], axis=1).ravel()
    padded = np.concatenate([high, np.zeros((1, high.shape[1]), bool)])
    all_high = np.logical_and.reduceat(padded, bounds, axis=0)[::2].sum(1)
    text = np.searchsorted(corpus.starts, first, side="right") - 1
    order = np.lexsort((first, np.abs(last + 1 - first - length), -all_high))
    offset = corpus.starts[text]
    return [
        Place(int(text[i]), int(first[i] - offset[i]), int(last[i] + 1 - offset[i]), int(all_high[i])) for i in order
    ]


def _least(threshold: float) -> int:
    return round(threshold * _STEPS)
