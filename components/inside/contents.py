"""The panels of Inside: what each is called, and the list to jump by, with what each would say of this reading.

The list opens nothing and computes next to nothing: what it says comes from numbers that the reading has already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import streamlit as st

from components.inside import text
from components.ui import sentences, styles
from components.ui.format import counted, signed
from components.ui.messages import escaped
from components.ui.player.payload import summary
from components.ui.sentences import quoted
from models.explain.view import View, readout

# By the key of the panel, in the order of the page: the one word that it goes by, and the question that it answers.
PANELS = {
    "input-section": ("Input", "what goes into the network?"),
    "play-section": ("Word by word", "what happens at each word?"),
    "states-section": ("Hidden states", "which units move, and when?"),
    "gates-section": ("Gates", "what is kept, and what is let go?"),
    "equation-section": ("Arithmetic", "how does this word make the new state?"),
    "unit-section": ("One unit", "what does it respond to?"),
    "credit-section": ("Verdict", "which words made it?"),
    "ways-section": ("Verdict, three ways", "do other methods name the same words?"),
    "memory-section": ("Memory", "how long does a word stay?"),
    "space-section": ("Shape of the state", "where does it move as it reads?"),
    "lab-section": ("Unit lab", "what does a unit do, here and elsewhere?"),
    "growth-section": ("Growth", "how would it have read this after each epoch?"),
    "habits-section": ("Gate habits", "how open are its gates, here and usually?"),
    "check-section": ("Proof", "does Keras come to the same numbers?"),
}


def panel_of(key: str, *, expanded: bool = False) -> Any:
    """A panel that says what it answers; what is in a closed one is not computed."""
    name, question = PANELS[key]
    return st.expander(f"{name}: {question}", expanded=expanded, key=key, on_change="rerun")


def contents(view: View) -> None:
    """The list of panels, each with what it would say; a click opens the panel and goes there, in the browser."""
    items = "".join(
        f'<li><button type="button" data-open="{key}"><b>{escaped(PANELS[key][0])}</b> '
        f"<span>{escaped(teaser)}</span></button></li>"
        for key, teaser in teasers(view)
    )
    sheet = styles.tag("inside/contents.css")
    st.html(f'{sheet}<nav class="u-contents" aria-label="Panels of this page"><ul>{items}</ul></nav>')


def teasers(view: View) -> Iterator[tuple[str, str]]:
    """Of every panel what it would say of this reading, in one sentence that may quote the visitor's words."""
    trace, units = view.trace, view.layer.hidden_states.shape[1]
    gated = bool(view.layer.gates)
    credit = int(np.abs(trace.contributions).argmax())
    most = quoted(trace.tokens[credit])
    yield "input-section", sentences.what_was_read(trace).split("; ")[0].rstrip(".") + ", each an id and a vector."
    yield "play-section", summary(trace)
    yield "states-section", text.states(view)
    yield "gates-section", _keeping(view) if gated else "A SimpleRNN has none: every word makes its state anew."
    yield "equation-section", _step(view)
    yield "unit-section", _extremes(view)
    yield (
        "credit-section",
        f"{most} did most, {signed(float(trace.contributions[credit]))}; the sum of all is {signed(trace.logit)}.",
    )
    yield "ways-section", f"{most} is named by the exact sum: do occlusion and integrated gradients name it too?"
    away = len(trace.tokens) - 1 - view.cursor
    when = f"{counted(away, 'word')} later" if away else "at the last word itself"
    yield "memory-section", f"What is left of {quoted(view.token)} at the end, {when}."
    yield "space-section", _jump(view)
    yield "lab-section", _weight(view, units)
    yield "growth-section", "One of our examples, as it was read after every epoch of training."
    yield "habits-section", text.habits(view, next(iter(view.layer.gates))) if gated else "A SimpleRNN has no gates."
    states = len(trace.tokens) * sum(layer.hidden_states.shape[1] for layer in trace.layers)
    yield "check-section", f"{states:,} hidden states and the verdict, computed again by Keras itself."


def _keeping(view: View) -> str:
    """Where the gate that keeps things falls most at the chosen unit, or that it never does."""
    gate, _ = text.KEEPER[view.family]
    values = view.layer.gates[gate][:, view.unit]
    if view.layer.direction == "backward":
        values = values[::-1]
    whose = f"The {gate} gate of unit {view.unit}"
    if len(values) == 1:
        return f"{whose} stands at {values[0]:.2f}."
    falls = np.diff(values)
    place = int(falls.argmin())
    now, word = values[place + 1], place + 1
    if view.layer.direction == "backward":
        word = len(values) - 1 - word
    if falls[place] > -0.1:
        return f"{whose} hardly moves: it stays between {values.min():.2f} and {values.max():.2f}."
    verb = "closes" if now < 0.5 else "falls most"
    return f"{whose} {verb} at {quoted(view.trace.tokens[word])}, from {values[place]:.2f} to {now:.2f}."


def _step(view: View) -> str:
    before, now = float(view.state_before[view.unit]), float(view.layer.hidden_states[view.cursor, view.unit])
    return f"At {quoted(view.token)} unit {view.unit} goes from {signed(before)} to {signed(now)}."


def _extremes(view: View) -> str:
    values, tokens = view.layer.hidden_states[:, view.unit], view.trace.tokens
    if len(values) == 1:
        return f"Unit {view.unit} ends at {signed(float(values[0]))}."
    high, low = quoted(tokens[int(values.argmax())]), quoted(tokens[int(values.argmin())])
    return f"Unit {view.unit} is highest at {high}, lowest at {low}."


def _jump(view: View) -> str:
    """Where the state as a whole moves farthest in one word."""
    states = view.layer.hidden_states
    if len(states) == 1:
        return f"One word moves it by {np.linalg.norm(states[0]):.1f}."
    moved = np.linalg.norm(np.diff(states, axis=0), axis=1)
    place = int(moved.argmax()) + (0 if view.layer.direction == "backward" else 1)
    return f"It moves farthest at {quoted(view.trace.tokens[place])}, by {moved.max():.1f}."


def _weight(view: View, units: int) -> str:
    weights = readout(view.trace, view.place)
    if weights is None:
        return f"Unit {view.unit} of {units}: which words move it, and where else it is high."
    rank = int((np.abs(weights) > abs(weights[view.unit])).sum()) + 1
    return f"Unit {view.unit} is number {rank} of {units} by its weight; where else is it high?"
