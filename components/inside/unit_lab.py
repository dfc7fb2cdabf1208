"""The unit lab: what a unit counts for, which words move it, which units mark a span, what happens without them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.inside import elsewhere
from components.inside.charts import lab
from components.inside.charts.state_space import path_2d
from components.inside.controls import choose_unit
from components.inside.parts import unit_key
from components.inside.state_space import layer_states
from components.session import resources
from components.session.reading import words_of
from components.ui.format import signed
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.sentences import quoted, quoted_span
from components.ui.theme import Palette
from models.card import ModelCard
from models.explain.interventions import Clamp, read_clamped
from models.explain.probes import SpanUnit, units_marking
from models.explain.state_space import LayerStates, Path, path_of
from models.explain.view import View, readout
from models.sentiment import Trace

Array = np.ndarray
_MOST_WORDS, _MOST_UNITS = 5, 8


def unit_lab(view: View, card: ModelCard, colours: Palette) -> None:
    """All of the lab, for the layer and the unit chosen on the page."""
    left, right = st.columns(2, gap="medium")
    with left:
        _weights(view, card, colours)
    with right:
        space = layer_states(view, card)
        if space is not None:
            _movers(view, card, space, colours)
    st.space("small")
    _find(view, card, colours)
    st.space("small")
    _hold(view, card, space, colours)


def _weights(view: View, card: ModelCard, colours: Palette) -> None:
    values = readout(view.trace, view.place)
    if values is None:
        plain("Another layer stands between these units and the verdict, so they have no readout weight of their own.")
        return
    panel(
        "What each unit counts for",
        about_weights(values, view.unit),
        lab.weights(values, view.unit, colours),
        key="lab-weights",
        alt=f"Bars of the readout weights of {len(values)} units. {about_weights(values, view.unit)}",
        table=lambda: pd.DataFrame({"unit": range(len(values)), "readout_weight": values}),
        on_select=partial(choose_unit, "lab-weights", card, view.place),
        selection_mode="points",
    )


def about_weights(values: Array, unit: int) -> str:
    """Which units count most, and where the one looked at stands."""
    up, down = int(values.argmax()), int(values.argmin())
    rank = int((np.abs(values) > abs(values[unit])).sum()) + 1
    return (
        f"Unit {up} weighs {signed(values[up])}, the highest of all, and unit {down} {signed(values[down])}, the "
        f"lowest. Unit {unit} has {signed(values[unit])}: number {rank} of {len(values)} by size."
    )


def moving_words(space: LayerStates, unit: int, vocabulary: tuple[str, ...], most: int) -> list[tuple[str, float]]:
    """The words at which a unit rises most, then those at which it falls most; each with the mean change."""
    up = [(vocabulary[i], float(v)) for i, v in zip(space.raising[unit], space.rise[unit], strict=True) if i >= 0]
    down = [(vocabulary[i], float(v)) for i, v in zip(space.lowering[unit], space.fall[unit], strict=True) if i >= 0]
    return up[:most] + down[:most][::-1]


def _movers(view: View, card: ModelCard, space: LayerStates, colours: Palette) -> None:
    vocabulary, unit = resources.model(card.name).vocabulary.words, view.unit
    if max(space.raising[unit].max(initial=-1), space.lowering[unit].max(initial=-1)) >= len(vocabulary):
        plain("The words of states.npz are not those of this model’s vocabulary, so they cannot be named.")
        return
    words = moving_words(space, unit, vocabulary, _MOST_WORDS)
    if not words:
        plain(f"No word was frequent enough in the test reviews to say what moves unit {unit}.")
        return
    (top, rise), (low, fall) = words[0], words[-1]
    sentence = (
        f"Over the test reviews it lies at {signed(space.center[unit])} ± {space.spread[unit]:.2f} (mean and standard "
        f"deviation). “{top}” moves it by {signed(rise)}, “{low}” by {signed(fall)} on average."
    )
    panel(
        f"Words that move unit {unit}, over the test reviews",
        sentence,
        lab.movers(words, colours),
        key="lab-words",
        alt=f"Bars of how far {len(words)} words move unit {unit} on average. {sentence}",
        table=lambda: pd.DataFrame(moving_words(space, unit, vocabulary, 12), columns=["word", "mean_change"]),
    )


@st.fragment
def _find(view: View, card: ModelCard, colours: Palette) -> None:
    tokens, n = view.trace.tokens, len(view.trace.tokens)
    title = "Find units that mark a span of words"
    if n < 2:
        plain(f"{title}: this needs a review of at least two words, some inside the span and some outside.")
        return
    # A new review begins with a span of its own, around the word under the cursor.
    key = f"lab-span/{n}"
    if key not in st.session_state:
        start = max(0, view.cursor - (1 if n > 4 else 0))
        st.session_state[key] = (start + 1, min(n, start + (3 if n > 4 else 1)))
    # The two ends in session state make a range of the slider; its annotation knows only the default.
    span: Any = st.slider("Words inside the span", 1, n, key=key, persist_state="session")
    first, last = int(span[0]), int(span[1])
    if last - first + 1 == n:
        plain("The span holds every word. Make it shorter: there must be words outside it to compare with.")
        return
    found = units_marking(view.layer.hidden_states, first - 1, last)
    sentence = about_span(found, view, first, last)
    panel(
        title,
        sentence,
        lab.marking(found[:_MOST_UNITS], view.unit, colours),
        key="lab-span",
        alt=f"Means of {min(len(found), _MOST_UNITS)} units inside and outside words {first} to {last}. {sentence}",
        table=lambda: pd.DataFrame(
            [(e.unit, e.separation, e.inside, e.outside) for e in found],
            columns=["unit", "separation", "mean_inside", "mean_outside"],
        ),
    )
    excerpt = " ".join(tokens[i].text[:24] for i in range(first - 1, min(last, first + 11)))
    plain(
        f"Inside: {excerpt}{' …' if last - first + 1 > 12 else ''}. The number beside a unit is its separation: the "
        "chance that the unit is higher at a word inside than at a word outside (0.5 is no relation). With few words, "
        "some unit always separates well by chance. Click a point to look at a unit.",
        muted=True,
    )
    elsewhere.elsewhere(view, card, first - 1, last)


def about_span(found: list[SpanUnit], view: View, first: int, last: int) -> str:
    """Which unit marks the span best, and how many mark it without an exception."""
    best, tokens = found[0], view.trace.tokens
    span = quoted_span(tokens[first - 1 : last])
    perfect = sum(each.separation == 1 for each in found)
    rest = (
        f" {perfect} of {len(found)} units are higher at every word inside than at any word outside."
        if perfect > 1
        else ""
    )
    return (
        f"Unit {best.unit} marks {span} best: {signed(best.inside)} inside and {signed(best.outside)} elsewhere, "
        f"separation {best.separation:.2f}.{rest}"
    )


@st.fragment
def _hold(view: View, card: ModelCard, space: LayerStates | None, colours: Palette) -> None:
    key, n_units = f"lab-held/{card.name}/{view.place}", view.layer.hidden_states.shape[1]
    if key not in st.session_state:
        st.session_state[key] = [view.unit]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", wrap=True, key="lab-hold"):
        chosen = st.multiselect(
            "Units to hold while it reads",
            list(range(n_units)),
            format_func=lambda unit: f"unit {unit}",
            key=key,
            persist_state="session",
            placeholder="Choose units",
            width=420,
        )
        value = st.slider(
            "Hold their hidden state at (0 switches them off)",
            -1.0,
            1.0,
            0.0,
            0.1,
            key="lab-value",
            persist_state="session",
            width=320,
        )
    if st.session_state.get(unit_key(card, view.place)) not in (None, *chosen):
        st.button(f"Hold unit {view.unit} too", key="lab-add", on_click=_add, args=(key, view.unit))
    if not chosen:
        plain("Nothing is held: choose a unit and see what the verdict owes to it.")
        return
    clamps = [Clamp(view.place, unit, value) for unit in chosen]
    changed = read_clamped(resources.model(card.name).network, view.trace, clamps)
    sentence = about_held(view.trace, changed, chosen, value)
    panel(
        "The verdict with units held",
        sentence,
        lab.held(view, changed, colours),
        key="lab-held",
        alt=f"P(positive) as it is and with units held. {sentence}",
        table=lambda: held_table(view.trace, changed),
    )
    if space is not None and len(space.components) > 1:
        path = path_of(view, space, changed.layers[view.place].hidden_states)
        apart = float(np.linalg.norm(path.states[-1] - path_of(view, space).states[-1]))
        distance = f"The two readings end {apart:.2f} apart, over all units of this layer."
        panel(
            "The path with units held",
            distance,
            path_2d(view, space, colours, other=path),
            key="lab-path",
            alt=f"Two paths through state space, as it is and, dashed, with units held. {distance}",
            table=lambda: path_table(path),
        )


def path_table(path: Path) -> pd.DataFrame:
    """One row a word in reading order, with where the path is after it."""
    names = [f"component_{component + 1}" for component in range(path.points.shape[1])]
    return pd.DataFrame(path.points[1:], columns=names).assign(timestep=path.words + 1)


def _add(key: str, unit: int) -> None:
    st.session_state[key] = [*st.session_state.get(key, []), unit]


def about_held(trace: Trace, changed: Trace, units: list[int], value: float) -> str:
    """What holding these units does to the verdict, and where the running prediction changes most."""
    named = f"unit {units[0]}" if len(units) == 1 else f"{len(units)} units"
    doing = f"Switching {named} off" if value == 0 else f"Holding {named} at {signed(value, 1)}"
    before, after = trace.probability, changed.probability
    effect = f"{doing} takes P(positive) from {before:.3f} to {after:.3f}"
    if (before >= 0.5) != (after >= 0.5):
        effect += f": the verdict turns {'positive' if after >= 0.5 else 'negative'}"
    elif abs(before - after) < 0.01:
        effect += ": the others carry the verdict without it" if len(units) == 1 else ": the others carry the verdict"
    if trace.running_probabilities is None or changed.running_probabilities is None or len(trace.tokens) == 1:
        return f"{effect}."
    apart = changed.running_probabilities - trace.running_probabilities
    most = int(np.abs(apart).argmax())
    return (
        f"{effect}. The running prediction moves most at {quoted(trace.tokens[most])} (word {most + 1}), "
        f"by {signed(float(apart[most]))}."
    )


def held_table(trace: Trace, changed: Trace) -> pd.DataFrame:
    """P(positive) before and after; one row a word where there is a running prediction, else one row."""
    before, after = trace.running_probabilities, changed.running_probabilities
    if before is None or after is None:
        return pd.DataFrame({"as_it_is": [trace.probability], "units_held": [changed.probability]})
    return words_of(trace.tokens).assign(as_it_is=before, units_held=after)
