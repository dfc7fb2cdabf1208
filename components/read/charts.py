"""The first picture of a reading: P(positive) after every word, and under it the hidden states, on one word axis."""

from __future__ import annotations

import numpy as np

from components.ui import theme, word_axis
from components.ui.figure import HUNDREDTHS, Drawing, Figure
from components.ui.theme import Palette
from models.explain.view import MOST_UNITS, drawn_units
from models.sentiment import Trace


def reading(trace: Trace, family: str, colours: Palette) -> Figure:
    """Running prediction above hidden states.

    A network that also reads from the end has no running prediction; its forward and backward states are shown.
    """
    x = word_axis.numbers(len(trace.tokens))
    running = trace.running_probabilities
    drawing = Drawing(colours, 420, rows=2, heights=[0.42, 0.58], spacing=0.05)
    if running is not None:
        drawn = word_axis.thinned(running, len(running))
        line, dots = colours.families[family], len(x) <= 120
        drawing.probability(row=1)
        drawing.scatter(
            x=x,
            y=drawn,
            mode="lines+markers" if dots else "lines",
            line={"color": line, "width": 2.5, "shape": "linear"},
            marker={
                "size": 7,
                "color": drawn,
                "colorscale": colours.diverging,
                "cmin": 0,
                "cmax": 1,
                "line": {"color": line, "width": 1.2},
            }
            if dots
            else None,
            text=word_axis.texts(trace.tokens),
            hovertemplate="word %{x}: %{text}<br>P(positive) %{y:.3f}<extra></extra>",
            showlegend=False,
            row=1,
        )
        _states(drawing, trace, len(trace.layers) - 1, x, 2)
        units = trace.layers[-1].hidden_states.shape[1]
        some = f"{MOST_UNITS} of {units} " if units > MOST_UNITS else ""
        drawing.yaxis(title_text=f"{some}hidden units, −1…+1", row=2)
    else:
        _states(drawing, trace, len(trace.layers) - 2, x, 1)
        _states(drawing, trace, len(trace.layers) - 1, x, 2)
        drawing.yaxis(title_text="forward units, −1…+1", row=1)
        drawing.yaxis(title_text="backward units, −1…+1", row=2)
    drawing.xaxis(word_axis.word_axis(trace.tokens))
    drawing.xaxis(showticklabels=False, labelalias=None, row=1)
    high = 1 if running is None else 0.55
    drawing.layout(coloraxis=theme.colour_axis(colours.states, -1, 1, 0, high, unit=100))
    return drawing.figure()


def _states(drawing: Drawing, trace: Trace, place: int, x: np.ndarray, row: int) -> None:
    states = word_axis.thinned(trace.layers[place].hidden_states, len(trace.tokens))
    order = drawn_units(trace, place)
    drawing.heatmap(
        z=states[:, order].T,
        hundredths=True,
        x=x,
        y=np.asarray(order, np.uint16),
        coloraxis="coloraxis",
        hovertemplate=f"unit %{{y}}, word %{{x}}<br>state %{{z{HUNDREDTHS}}}<extra></extra>",
        row=row,
    )
    drawing.yaxis(type="category", autorange="reversed", showticklabels=False, showgrid=False, row=row)
