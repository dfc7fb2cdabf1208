"""Gates: all of them at every word on one word axis, and how often each is shut or open."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from components.inside import text
from components.inside.charts import gates as charts
from components.inside.charts.lanes import most_units
from components.inside.charts.units import cell_range
from components.inside.controls import choose_unit
from components.session.reading import words_of
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.theme import Palette
from models.card import ModelCard
from models.explain.view import View


def gate_lanes(view: View, colours: Palette) -> None:
    """All gates, the candidate and the cell state, stacked on one word axis."""
    names = charts.lane_names(view)
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
            format_func=charts.lane_title,
            key=f"lanes/{view.family}",
            label_visibility="collapsed",
            persist_state="session",
            wrap=True,
        )
        or names
    )
    shown = [name for name in names if name in chosen]
    listed = ", ".join(charts.lane_title(name) for name in shown)
    sentence = text.gates(view)
    count, room = view.layer.hidden_states.shape[1], most_units(len(shown), len(view.trace.tokens))
    less = f" Shown: the {room} of {count} units that count most; choose fewer lanes for more." if room < count else ""
    panel(
        "Gates and cell state: every unit at every word" if "cell" in names else "Gates: every unit at every word",
        sentence + less,
        charts.gate_lanes(view, shown, cell_range(view), colours),
        key="gates",
        alt=f"Heatmaps of {listed} {text.at(view)}. {sentence}",
        table=lambda: _lane_table(view),
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
            sentence = text.habits(view, name)
            key = f"habits-{name}"
            panel(
                f"{name.capitalize()} gate: shut or open",
                sentence,
                charts.habits(view, name, colours),
                key=key,
                alt=f"Scatter of units by how often their {name} gate is below 0.1 and above 0.9. {sentence}",
                table=partial(_habit_table, view, name),
                on_select=partial(choose_unit, key, card, view.place),
                selection_mode="points",
            )


def _lane_table(view: View) -> pd.DataFrame:
    layer = view.layer
    lanes = {**layer.gates, **({} if layer.cell_states is None else {"cell": layer.cell_states})}
    frames = [pd.DataFrame(v, columns=[f"{name} {u}" for u in range(v.shape[1])]) for name, v in lanes.items()]
    return pd.concat([words_of(view.trace.tokens), *frames], axis=1)


def _habit_table(view: View, name: str) -> pd.DataFrame:
    shut, wide = charts.saturation(view.layer.gates[name])
    return pd.DataFrame({"unit": range(len(shut)), "share_below_0.1": shut, "share_above_0.9": wide})
