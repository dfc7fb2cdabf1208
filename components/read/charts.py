"""The first picture of a reading: P(positive) after every word, and under it the hidden states, on one word axis."""

from __future__ import annotations

from components.ui import theme, word_axis
from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette
from models.explain.view import MOST_UNITS, drawn_units
from models.sentiment import Trace


def reading(trace: Trace, family: str, colours: Palette) -> Figure:
    """Running prediction above hidden states.

    A network that also reads from the end has no running prediction; its forward and backward states are shown.
    """
    x = word_axis.numbers(len(trace.tokens))
    running, last = trace.running_probabilities, len(trace.layers) - 1
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
            text=word_axis.hover_words(trace.tokens),
            hovertemplate="%{text}<br>P(positive) %{y:.3f}<extra></extra>",
            showlegend=False,
            row=1,
        )
        count = trace.layers[last].hidden_states.shape[1]
        some = f"{MOST_UNITS} of {count} " if count > MOST_UNITS else ""
        rows = {2: (last, f"{some}hidden units, −1…+1")}
    else:
        rows = {1: (last - 1, "forward units, −1…+1"), 2: (last, "backward units, −1…+1")}
    for row, (place, title) in rows.items():
        states, order = trace.layers[place].hidden_states, drawn_units(trace, place)
        word_axis.unit_rows(drawing, states, order, row, title)
    drawing.xaxis(word_axis.word_axis(trace.tokens))
    drawing.xaxis(showticklabels=False, labelalias=None, row=1)
    high = 1 if running is None else 0.55
    drawing.layout(coloraxis=theme.colour_axis(colours.states, -1, 1, 0, high, unit=100))
    return drawing.figure()
