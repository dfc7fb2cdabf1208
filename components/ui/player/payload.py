"""What the player is sent: one reading, small enough to travel at once.

Numbers travel as base64 of their bytes. The states, gates and cell states that are drawn as colour take one byte each
(int8, steps of 1/127); everything that is printed in digits travels as float32, so that the digits are the trace's and
obey the cell's equations.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any

import numpy as np

from components.ui import labels
from components.ui.format import shortened, signed
from components.ui.sentences import quoted
from components.ui.theme import Palette
from components.ui.typed_arrays import packed
from components.ui.words import FULL_SHARE, beyond, visible
from models.card import ModelCard
from models.explain.view import View, kept, readout
from models.nn.equations import state_before
from models.sentiment import Trace

Array = np.ndarray

# What travels at most, before base64 (which adds a third): colours, then digits, over all lanes and directions. Under
# 300 kB at 200 words; a long review is played whole, with fewer units, but never fewer than these.
_BYTES_OF_COLOUR, _BYTES_OF_DIGITS = 120_000, 60_000
_UNITS_DRAWN = (16, 64)
_UNITS_IN_DIGITS = (4, 12)
# A letter more than this and a word or a stretch between two words is cut, with an ellipsis.
_MOST_LETTERS, _MOST_BETWEEN = 60, 200

LANES = {
    "LSTM": ("hidden", "cell", "forget", "input", "candidate", "output"),
    "GRU": ("hidden", "update", "reset", "candidate"),
    "SimpleRNN": ("hidden",),
}


def payload(
    trace: Trace, card: ModelCard, colours: Palette, review: str = "", *, small: bool = False, unit: int | None = None
) -> dict[str, Any]:
    """Everything the browser needs to play ``trace``: JSON values only.

    Args:
        small: for the form without the cell: hidden states alone, as colours.
        unit: a unit of the last layer that gets digits whatever its weight.

    Returns:
        ``id``: tells one reading from another, whatever the theme;
        ``labels``: what 0 and 1 mean;
        ``words``, ``between`` (the text before each word, and after the last), ``known`` ("1" and "0");
        ``unread``: how many words were not read, and ``unread_end``: at which end they lie;
        ``padding``: timesteps of it read in front;
        ``probabilities`` (timesteps,) or None, ``credit`` (timesteps,), ``scale`` of the full colour of a credit,
        ``beyond``: what goes beyond it, in words;
        ``readers``: one or two top layers, see ``_reader``; ``cell_scale``: the cell state of the full colour.
    """
    top = [place for place in range(len(trace.layers)) if readout(trace, place) is not None]
    cells = [
        max(1e-3, float(np.abs(cell).max())) for place in top if (cell := trace.layers[place].cell_states) is not None
    ]
    running = trace.running_probabilities
    content = {
        "model": card.title,
        "labels": list(card.sides),
        "family": card.family,
        "words": [shortened(token.text, _MOST_LETTERS) for token in trace.tokens],
        "between": _between(trace, review),
        "known": "".join("01"[token.known] for token in trace.tokens),
        "probability": round(trace.probability, 6),
        "probabilities": None if running is None else _float32(running),
        "credit": _float32(trace.contributions),
        "scale": FULL_SHARE,
        "beyond": beyond(trace),
        "unread": len(trace.unread),
        "unread_end": trace.unread_end,
        "padding": trace.padding,
        "readers": [
            _reader(trace, card.family, place, len(top), max(cells, default=1.0), small=small, unit=unit)
            for place in top
        ],
        "cell_scale": max(cells, default=1.0),
    }
    # Only the browser keeps it, to know whether a rerun brought a new reading: the same in both forms.
    fingerprint = [content[name] for name in ("model", "words", "between", "known", "probability", "credit", "unread")]
    digest = hashlib.blake2b(json.dumps(fingerprint).encode(), digest_size=12).hexdigest()
    return {"id": digest, **content, "colours": _colours(colours, card.family)}


def summary(trace: Trace) -> str:
    """One sentence on the reading that is about to be played: the word at which the prediction moved most."""
    running, n = trace.running_probabilities, len(trace.tokens)
    p = labels.relabelled("P(positive)")
    ends = f"{p} ends at {trace.probability:.2f}"
    if running is None:
        return f"It reads {n:,} words from both ends, so there is no prediction before all are read: {ends}."
    if n == 1:
        return f"There is one word to play, {quoted(trace.tokens[0])}: {ends}."
    moves = np.diff(running)
    place = int(np.abs(moves).argmax()) + 1
    verb = "rises" if moves[place - 1] > 0 else "falls"
    return (
        f"{p} {verb} most at {quoted(trace.tokens[place])} (word {place + 1:,} of {n:,}), from "
        f"{running[place - 1]:.2f} to {running[place]:.2f}; it ends at {running[-1]:.2f}."
    )


def _reader(
    trace: Trace, family: str, place: int, readers: int, cell_scale: float, *, small: bool, unit: int | None
) -> dict[str, Any]:
    """One top layer: its colours for many units, its digits for a few.

    Returns:
        ``units`` in the order they are drawn, of ``size`` in all; ``colours``: int8 (lanes, timesteps, units), 127 is
        1 (or ``cell_scale``); ``chosen``: the units with digits, heaviest readout weight first, with their names;
        ``digits``: float32 (chosen, lanes, timesteps); ``means``: float32 (lanes, timesteps) over all units;
        ``start``: the state it brings to its first word where that is not zero, see ``_start``, else None.
    """
    layer = trace.layers[place]
    names = LANES[family][:1] if small else LANES[family]
    lanes = [_lane(trace, place, name) for name in names]
    cost = len(trace.tokens) * len(lanes) * readers
    weights = readout(trace, place)
    assert weights is not None
    units = kept(
        View(trace, family, place, 0, 0),
        _bounded(_BYTES_OF_COLOUR // cost, _UNITS_DRAWN[0] // readers, _UNITS_DRAWN[1]),
    )
    chosen = np.argsort(-np.abs(weights), kind="stable")
    chosen = chosen[
        : _bounded(_BYTES_OF_DIGITS // (4 * cost), _UNITS_IN_DIGITS[0] // readers, _UNITS_IN_DIGITS[1] // readers)
    ]
    if small:
        chosen = chosen[:0]
    elif unit is not None and unit not in chosen and unit < layer.hidden_states.shape[1]:
        chosen = np.append(chosen, unit)
    scales = [cell_scale if name == "cell" else 1.0 for name in names]
    return {
        "direction": layer.direction,
        "lanes": list(names),
        "size": layer.hidden_states.shape[1],
        "units": [int(which) for which in units],
        "colours": _int8(np.stack([lane[:, units] / scale for lane, scale in zip(lanes, scales, strict=True)])),
        "chosen": [int(which) for which in chosen],
        "names": [f"unit {which}, weight {signed(float(weights[which]))}" for which in chosen],
        "digits": _float32(np.stack([lane[:, chosen].T for lane in lanes], axis=1)),
        "means": _float32(np.stack([lane.mean(1) for lane in lanes])),
        "start": None if small else _start(trace, place, family, units, chosen, cell_scale),
    }


def _start(
    trace: Trace, place: int, family: str, units: Array, chosen: Array, cell_scale: float
) -> dict[str, Any] | None:
    """What padding in front left, by lane: ``shades`` (units,) in −1…1, ``digits`` (chosen,), ``mean`` of all units."""
    if not trace.padding or trace.layers[place].direction == "backward":
        return None
    found = {}
    for lane, scale in (("hidden", 1.0), ("cell", cell_scale))[: 2 if family == "LSTM" else 1]:
        state = state_before(trace, place, cell=lane == "cell").astype(float)
        shades = np.clip(state[units] / scale, -1, 1).round(3)
        found[lane] = {"shades": shades.tolist(), "digits": state[chosen].tolist(), "mean": float(state.mean())}
    return found


def _lane(trace: Trace, place: int, name: str) -> Array:
    layer = trace.layers[place]
    if name == "hidden":
        return layer.hidden_states
    if name == "cell":
        assert layer.cell_states is not None
        return layer.cell_states
    return layer.gates[name]


def _between(trace: Trace, review: str) -> list[str]:
    """The text before each word and after the last one; before the first one, only what follows words not read."""
    tokens = trace.tokens
    if not review:
        joined = [a.end < b.start for a, b in itertools.pairwise(tokens)]
        return ["", *(" " if apart else "" for apart in joined), ""]
    left_out = trace.unread and trace.unread_end == "start"
    starts = [trace.unread[-1].end if left_out else 0, *(token.end for token in tokens)]
    ends = [*(token.start for token in tokens), tokens[-1].end + _MOST_BETWEEN]
    shown = [review[start:end] for start, end in zip(starts, ends, strict=True)]
    return [text if text == " " else shortened(visible(text), _MOST_BETWEEN) for text in shown]


def _colours(colours: Palette, family: str) -> dict[str, Any]:
    plain = ("paper", "surface", "ink", "muted", "line", "negative", "positive")
    return {
        **{name: getattr(colours, name) for name in plain},
        "family": colours.families[family],
        "diverging": [list(stop) for stop in colours.diverging],
        "states": [list(stop) for stop in colours.states],
        "sequential": [list(stop) for stop in colours.sequential],
    }


def _bounded(wanted: int, least: int, most: int) -> int:
    return min(max(wanted, least), most)


def _float32(values: Array) -> str:
    return packed(values, "<f4")


def _int8(values: Array) -> str:
    return packed(np.rint(values * 127).clip(-127, 127), "i1")
