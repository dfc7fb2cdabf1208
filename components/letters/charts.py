"""The charts of Letters: the length of a gradient on its way back."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from components.ui.figure import Drawing, Figure
from components.ui.format import log_ticks
from components.ui.theme import FAMILY_SYMBOL, Palette
from models.letters.gradient_flow import Line

_LEAST = 1e-12  # shorter ones are drawn here


def way_back(lines: Sequence[Line], letters: Sequence[str], colours: Palette) -> Figure:
    """The gradient's length at every state on a logarithmic axis, the word from left to right."""
    drawing = Drawing(colours, height=360)
    places = list(range(1, len(letters) + 1))
    for line in lines:
        drawing.scatter(
            x=places,
            y=np.maximum(line.lengths, _LEAST),
            mode="lines+markers",
            name=line.name,
            line={
                "color": colours.families[line.cell],
                "width": 3.5 if line.chosen else 2,
                "dash": "dot" if line.clipped else "solid",
            },
            marker={"symbol": FAMILY_SYMBOL[line.cell] + ("-open" if line.clipped else ""), "size": 9},
            hovertemplate="state %{x}<br>length %{y:.2g}<extra>" + html.escape(line.name) + "</extra>",
        )
    drawing.xaxis(
        tickvals=places,
        ticktext=[f"{html.escape(letter)}<br>{place}" for letter, place in zip(letters, places, strict=True)],
        title_text="the state after this letter",
        range=[0.6, len(letters) + 0.4],
    )
    lengths = np.concatenate([np.maximum(line.lengths, _LEAST) for line in lines])
    drawing.yaxis(
        type="log", title_text="length of ∂L/∂h (∂L/∂c of the LSTM)", **log_ticks(lengths.min(), lengths.max())
    )
    drawing.layout(showlegend=True)
    return drawing.figure()
