"""Units: the hidden states of all of them at every word, and all about one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from components.inside import text
from components.inside.charts import units as charts
from components.session import keys
from components.session import reading as readings
from components.ui import words
from components.ui.choice import one_of
from components.ui.messages import plain
from components.ui.panel import chart_only, heading, panel
from components.ui.theme import Palette
from models.explain.view import View, readout

# How the heatmap of the hidden states may be coloured: by the states themselves, or by what they do to the verdict.
_STATE, _WEIGHED = "state", "state × weight"
_MEANINGS = {
    _STATE: "Plum is below zero, olive above: how a unit stands, which is for or against nothing by itself.",
    _WEIGHED: "Orange speaks against, blue for “positive”: each state times the weight that the verdict gives it.",
}


def hidden_states(view: View, colours: Palette, words_above: Callable[[], None] | None = None) -> None:
    """Every unit at every word, coloured by its state or by what the state says.

    Args:
        words_above: draws ``states_words`` above the chart, where they change without it.
    """
    count, weights = view.layer.hidden_states.shape[1], readout(view.trace, view.place)
    if weights is None:
        meaning = _STATE
    else:
        meaning = one_of("Colour the units by", {kind: kind for kind in _MEANINGS}, keys.STATE_COLOURS, default=_STATE)
    if weights is not None and meaning == _WEIGHED:
        drawn = charts.weighed_states(view, weights, colours)
    else:
        drawn = charts.hidden_states(view, colours)
    plain(_MEANINGS[meaning], muted=True)
    if words_above is None:
        states_words(view)
    else:
        words_above()
    chart_only(drawn, key="hidden", alt=f"Heatmap of the hidden states of {count} units {text.at(view)}, by {meaning}.")
    plain(
        "Click a cell here or in the gates, or a word in any chart below: everything on the page goes there.",
        muted=True,
    )


def states_words(view: View) -> None:
    """What stands above the chart of the hidden states."""
    count = view.layer.hidden_states.shape[1]
    heading(
        f"Hidden states: all {count} units at every word",
        text.states(view),
        key="hidden",
        table=lambda: readings.state_table(view.trace),
        picture=True,
    )


def one_unit(view: View, review: str, colours: Palette) -> None:
    """One unit's hidden state, cell state and gates as lines, and the review as it coloured it."""
    sentence, gated = text.unit(view), " and the gates" if view.layer.gates else ""
    panel(
        f"Unit {view.unit} at every word",
        sentence,
        charts.one_unit(view, colours),
        key="unit",
        alt=f"Lines of the hidden state{gated} of unit {view.unit} {text.at(view)}. {sentence}",
        table=lambda: _unit_table(view),
    )
    states = view.layer.hidden_states[:, view.unit]
    words.coloured_review(review, view.trace, colours, height=190, unit=states, cursor=view.cursor)
    st.html(
        f'<p class="u-key">−1 {words.swatches(colours.states)} +1 &nbsp;hidden state of unit {view.unit} '
        'after the word. <u>Solid</u>: above zero, <u class="u-dashed">dashed</u>: below. Framed: the word under the '
        "cursor.</p>"
    )


def _unit_table(view: View) -> pd.DataFrame:
    layer, unit = view.layer, view.unit
    table = readings.words_of(view.trace.tokens).assign(hidden_state=layer.hidden_states[:, unit])
    if layer.cell_states is not None:
        table["cell_state"] = layer.cell_states[:, unit]
    return table.assign(**{name: values[:, unit] for name, values in layer.gates.items()})
