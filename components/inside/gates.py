"""The panels of Inside: one function each, from a view to a chart with its title, its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from components.inside import equation
from components.inside import text as insights
from components.inside.charts import gates, units
from components.inside.charts.contributions import contributions
from components.inside.charts.lanes import most_units
from components.inside.controls import choose_unit, choose_word, unit_legend
from components.inside.sentence_totals import sentence_totals
from components.session import keys, resources
from components.session import reading as readings
from components.ui import styles, words
from components.ui.messages import plain
from components.ui.panel import chart_only, heading, panel
from components.ui.theme import Palette
from components.ui.word_axis import MOST_COLUMNS
from models.card import ModelCard
from models.explain.view import View, readout
from models.nn.equations import Step, Verdict

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
        meaning = st.segmented_control(
            "Colour the units by",
            list(_MEANINGS),
            default=_STATE,
            key=keys.STATE_COLOURS,
            required=True,
            persist_state="session",
        )
    if weights is not None and meaning == _WEIGHED:
        drawn = units.weighed_states(view, weights, colours)
    else:
        drawn = units.hidden_states(view, colours)
    plain(_MEANINGS[meaning], muted=True)
    if words_above is None:
        states_words(view)
    else:
        words_above()
    chart_only(drawn, key="hidden", alt=f"Heatmap of the hidden states of {count} units {_at(view)}, by {meaning}.")
    plain(
        "Click a cell here or in the gates, or a word in any chart below: everything on the page goes there.",
        muted=True,
    )


def states_words(view: View) -> None:
    """What stands above the chart of the hidden states."""
    count = view.layer.hidden_states.shape[1]
    heading(
        f"Hidden states: all {count} units at every word",
        insights.states(view),
        key="hidden",
        table=lambda: readings.state_table(view.trace),
        picture=True,
    )


def gate_lanes(view: View, colours: Palette) -> None:
    """All gates, the candidate and the cell state, stacked on one word axis."""
    names = gates.lane_names(view)
    if not names:
        plain(
            "A SimpleRNN has no gates, and that is the point of it: at every word the whole state is made anew from "
            "the word and the state before, and nothing guards what it has read. LSTM and GRU were invented to mend "
            "this: choose one above and come back."
        )
        return
    chosen = (
        st.pills(
            "Lanes",
            names,
            selection_mode="multi",
            default=names,
            format_func=gates.lane_title,
            key=f"lanes/{view.family}",
            label_visibility="collapsed",
            persist_state="session",
            wrap=True,
        )
        or names
    )
    shown = [name for name in names if name in chosen]
    listed = ", ".join(gates.lane_title(name) for name in shown)
    sentence = insights.gates(view)
    count, room = view.layer.hidden_states.shape[1], most_units(len(shown), len(view.trace.tokens))
    less = f" Shown: the {room} of {count} units that count most; choose fewer lanes for more." if room < count else ""
    panel(
        "Gates and cell state: every unit at every word" if "cell" in names else "Gates: every unit at every word",
        sentence + less,
        gates.gate_lanes(view, shown, units.cell_range(view), colours),
        key="gates",
        alt=f"Heatmaps of {listed} {_at(view)}. {sentence}",
        table=lambda: _lane_table(view),
    )


def one_unit(view: View, review: str, colours: Palette) -> None:
    """One unit's hidden state, cell state and gates as lines, and the review as it coloured it."""
    sentence, gated = insights.unit(view), " and the gates" if view.layer.gates else ""
    panel(
        f"Unit {view.unit} at every word",
        sentence,
        units.one_unit(view, colours),
        key="unit",
        alt=f"Lines of the hidden state{gated} of unit {view.unit} {_at(view)}. {sentence}",
        table=lambda: _unit_table(view),
    )
    words.coloured_review(
        review,
        view.trace,
        view.layer.hidden_states[:, view.unit],
        1.0,
        colours,
        height=190,
        cursor=view.cursor,
        states=True,
    )
    unit_legend(view, colours)


def arithmetic(view: View, step: Step, verdict: Verdict | None, colours: Palette) -> None:
    """The equations at the word under the cursor, and how the states make the logit."""
    heading(
        "The equation with this word’s numbers",
        insights.equation(view, step),
        key="equation",
        table=lambda: equation.equation_table(view, step),
    )
    st.html(styles.tag("inside/equation.css") + equation.equation_html(view, step))
    squash = " σ(a) = 1 / (1 + e⁻ᵃ)." if view.layer.gates or verdict is not None else ""
    plain(
        f"{equation.where_from(view)} Every number is the network’s own, rounded only so far "
        f"that each line comes out at the digits shown.{squash}",
        muted=True,
    )
    if verdict is not None:
        streams = view.trace.running_logits is not None
        heading("From the states to P(positive)", insights.verdict(view, verdict), key="verdict-equation")
        st.html(equation.verdict_html(verdict, not streams))


def credit(view: View, card: ModelCard, review: str, colours: Palette, words_above: Callable[[], None]) -> None:
    """What every word added to the logit; a click on a bar moves the cursor there; a long review by sentences first.

    Args:
        words_above: draws ``credit_words`` above the chart.
    """
    sentence_totals(view.trace, review, colours)
    words_above()
    chart_only(
        contributions(view, colours),
        key="credit",
        alt=f"Bars of what each word added to the logit {_at(view)}. {insights.total(view.trace)}",
        on_select=partial(choose_word, "credit"),
        selection_mode="points",
    )
    plain(
        "The logit is the score that the sigmoid squashes into P(positive): 0 is 0.50, +1 is 0.73, +3 is 0.95, and as "
        "far on the other side below zero.",
        muted=True,
    )
    relu = insights.about_relu(resources.model(card.name).network, view.trace)
    if relu:
        plain(relu, muted=True)


def credit_words(view: View) -> None:
    """What stands above the bars of what every word added."""
    thinned = " A bar stands for several words here." if len(view.trace.tokens) > MOST_COLUMNS else ""
    heading(
        "What each word added to the verdict",
        f"{insights.contributions(view)}{thinned}",
        key="credit",
        table=lambda: readings.word_table(view.trace),
        picture=True,
    )


def habits(view: View, card: ModelCard, colours: Palette) -> None:
    """For every gate, how often each unit holds it shut or open; a click on a point chooses the unit."""
    names = [name for name in view.layer.gates if name != "candidate"]
    if not names:
        plain("A SimpleRNN has no gates, so there are no habits of theirs to show.")
        return
    plain(
        "Every point is a unit; the one with a ring is the unit you look at. Click a point to look at another.",
        muted=True,
    )
    for column, name in zip(st.columns(len(names), gap="medium"), names, strict=True):
        with column:
            sentence = insights.habits(view, name)
            key = f"habits-{name}"
            panel(
                f"{name.capitalize()} gate: shut or open",
                sentence,
                gates.habits(view, name, colours),
                key=key,
                alt=f"Scatter of units by how often their {name} gate is below 0.1 and above 0.9. {sentence}",
                table=partial(_habit_table, view, name),
                on_select=partial(choose_unit, key, card, view.place),
                selection_mode="points",
            )


def _at(view: View) -> str:
    return f"at {len(view.trace.tokens)} words, the word under the cursor framed"


def _lane_table(view: View) -> pd.DataFrame:
    layer = view.layer
    lanes = {**layer.gates, **({} if layer.cell_states is None else {"cell": layer.cell_states})}
    frames = [pd.DataFrame(v, columns=[f"{name} {u}" for u in range(v.shape[1])]) for name, v in lanes.items()]
    return pd.concat([readings.words_of(view.trace.tokens), *frames], axis=1)


def _unit_table(view: View) -> pd.DataFrame:
    layer, unit = view.layer, view.unit
    table = readings.words_of(view.trace.tokens).assign(hidden_state=layer.hidden_states[:, unit])
    if layer.cell_states is not None:
        table["cell_state"] = layer.cell_states[:, unit]
    return table.assign(**{name: values[:, unit] for name, values in layer.gates.items()})


def _habit_table(view: View, name: str) -> pd.DataFrame:
    shut, wide = gates.saturation(view.layer.gates[name])
    return pd.DataFrame({"unit": range(len(shut)), "share_below_0.1": shut, "share_above_0.9": wide})
