"""What was read in this visit, kept so that nothing is read twice: the last 20 readings, and verdicts on their texts.

It lives in the session's memory and ends with it; it is written nowhere and no visitor sees another's. A reading of
200 words by 128 LSTM units takes 0.7 MB, so all visits together keep no more than an operator allows; beyond that the
readings that nobody has looked at for longest are let go and would be read again, in a few milliseconds.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from models import settings
from models.sentiment import SentimentModel, Trace
from models.text import Token, Vocabulary

Made = TypeVar("Made")
MOST_READINGS = 20
_TOKEN_BYTES = 150  # of a token and its text, roughly


@dataclass(eq=False, slots=True, weakref_slot=True)
class _Reading:
    """One kept reading; ``owner`` is the visit it belongs to."""

    model: SentimentModel
    trace: Trace
    size: int
    owner: weakref.ref[Kept]
    key: tuple[str, str]


@dataclass(eq=False)
class Kept:
    """One visit's readings by (model, text), and P(positive) by text and model; the last used at the end."""

    readings: OrderedDict[tuple[str, str], _Reading] = field(default_factory=OrderedDict)
    _tokens: tuple[Vocabulary, str, tuple[Token, ...]] | None = None  # of the text that was read last
    _verdicts: OrderedDict[str, dict[str, float]] = field(default_factory=OrderedDict)

    def trace(self, model: SentimentModel, review: str) -> Trace:
        """The model's reading of a review, made now if it is not kept.

        Raises:
            EmptyReview: see ``SentimentModel.trace``.
        """
        key = (model.card.name, review)
        found = self.readings.get(key)
        if found is None or found.model is not model:
            trace = self._read(model, review)
            found = _Reading(model, trace, _size(trace), weakref.ref(self), key)
            self.readings[key] = found
            while len(self.readings) > MOST_READINGS:
                self.readings.popitem(last=False)
        self.readings.move_to_end(key)
        _make_room_for(found)
        return found.trace

    def _read(self, model: SentimentModel, review: str) -> Trace:
        """Networks that share a vocabulary read one text one after the other: it is taken apart once."""
        if type(model) is not SentimentModel:  # a brought network prepares its texts in its own way
            return model.trace(review)
        last = self._tokens
        if last is None or last[0] is not model.vocabulary or last[1] != review:
            last = self._tokens = (model.vocabulary, review, model.vocabulary.tokenize(review))
        return model.trace_tokens(last[2])

    def verdicts(self, review: str) -> dict[str, float]:
        """P(positive) of a review by model, as far as it is known; add to it what is found out."""
        known = self._verdicts.setdefault(review, {})
        self._verdicts.move_to_end(review)
        while len(self._verdicts) > MOST_READINGS:
            self._verdicts.popitem(last=False)
        return known


# All visits' readings, the last used at the end. Weak: a visit that ends takes its readings along.
_used: weakref.WeakKeyDictionary[_Reading, None] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def _make_room_for(reading: _Reading) -> None:
    """Count a reading as used last, and let go of those used least while all of them are too large."""
    with _lock:
        _used.pop(reading, None)
        _used[reading] = None
        alive = list(_used)
        excess = sum(one.size for one in alive) - settings.value("kept_readings") * settings.MB
        for one in alive:
            if excess <= 0 or one is reading:
                break
            excess -= one.size
            del _used[one]
            if (owner := one.owner()) is not None and owner.readings.get(one.key) is one:
                del owner.readings[one.key]


def _size(trace: Trace) -> int:
    """Bytes that a trace takes, nearly all of them arrays by timestep and unit."""
    arrays = [trace.contributions]
    for layer in trace.layers:
        arrays += [layer.hidden_states, *layer.gates.values()]
        arrays += [] if layer.cell_states is None else [layer.cell_states]
    return sum(array.nbytes for array in arrays) + _TOKEN_BYTES * (len(trace.tokens) + len(trace.unread))


def last_made(key: str, of: Hashable, make: Callable[[], Made]) -> Made:
    """What was made last under this key of the visit, if it was made of the same; else it is made now, and kept."""
    kept: tuple[Hashable, Made] | None = st.session_state.get(key)
    if kept is None or kept[0] != of:
        kept = st.session_state[key] = (of, make())
    return kept[1]
