"""The first picture of a reading: P(positive) after every word, and under it the hidden states, on one word axis."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.ui import theme, word_axis
from components.ui.theme import Palette, style
from models.explain.view import MOST_UNITS, drawn_units
from models.sentiment import Trace


def reading(trace: Trace, family: str, colours: Palette, height: int = 420) -> go.Figure:
    """Running prediction above hidden states.

    A network that also reads from the end has no running prediction; its forward and backward states are shown.
    """
    words = word_axis.hover_words(trace.tokens)
    x = word_axis.positions(len(trace.tokens))
    running = trace.running_probabilities
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.05, row_heights=[0.42, 0.58])
    if running is not None:
        drawn = word_axis.thinned(running, len(running))
        line = colours.families[family]
        figure.add_hline(y=0.5, line={"color": colours.muted, "width": 1, "dash": "dot"}, row=1)
        figure.add_scatter(
            x=x,
            y=drawn,
            mode="lines+markers" if len(x) <= 120 else "lines",
            line={"color": line, "width": 2.5, "shape": "linear"},
            marker={
                "size": 7,
                "color": drawn,
                "colorscale": colours.diverging,
                "cmin": 0,
                "cmax": 1,
                "line": {"color": line, "width": 1.2},
            },
            text=words,
            hovertemplate="%{text}<br>P(positive) %{y:.3f}<extra></extra>",
            showlegend=False,
            row=1,
            col=1,
        )
        _states(figure, trace, len(trace.layers) - 1, x, colours, 2)
        figure.update_yaxes(title_text="P(positive)", range=[-0.04, 1.04], tickvals=[0, 0.5, 1], row=1)
        units = trace.layers[-1].hidden_states.shape[1]
        some = f"{MOST_UNITS} of {units} " if units > MOST_UNITS else ""
        figure.update_yaxes(title_text=f"{some}hidden units, −1…+1", row=2)
    else:
        _states(figure, trace, len(trace.layers) - 2, x, colours, 1)
        _states(figure, trace, len(trace.layers) - 1, x, colours, 2)
        figure.update_yaxes(title_text="forward units, −1…+1", row=1)
        figure.update_yaxes(title_text="backward units, −1…+1", row=2)
    style(figure, colours, height)
    figure.update_xaxes(word_axis.word_axis(trace.tokens))
    figure.update_xaxes(showticklabels=False, row=1)
    figure.update_layout(
        coloraxis={
            "colorscale": colours.diverging,
            "cmin": -1,
            "cmax": 1,
            "colorbar": theme.colour_bar([-1, 0, 1], 0.0, 0.55 if running is not None else 1.0),
        }
    )
    return figure


def _states(figure: go.Figure, trace: Trace, place: int, x: list[str], colours: Palette, row: int) -> None:
    states = word_axis.thinned(trace.layers[place].hidden_states, len(trace.tokens))
    order = drawn_units(trace, place)
    figure.add_heatmap(
        z=np.round(states[:, order].T.astype(np.float32), 3),
        x=x,
        y=[str(unit) for unit in order],
        coloraxis="coloraxis",
        hovertemplate="unit %{y}, word %{x}<br>state %{z:.2f}<extra></extra>",
        row=row,
        col=1,
    )
    figure.update_yaxes(type="category", autorange="reversed", showticklabels=False, showgrid=False, row=row)
