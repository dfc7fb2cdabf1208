"""How far back a verdict reaches: gradients on a logarithmic scale, over words and under more and more filler words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.inside.charts.lanes import LEFT, RIGHT, finish
from components.ui import word_axis
from components.ui.figure import Drawing, Figure
from components.ui.format import power_of_ten
from components.ui.theme import FAMILY_DASH, FAMILY_SYMBOL, Palette
from models.explain.memory import Line, Quantity
from models.explain.view import View

Array = np.ndarray

# The networks compute in single precision; its smallest normal number is 1.2·10⁻³⁸.
FLOOR = 1e-38
# Of a long review only some points get a marker, so that it stays a line.
_MOST_MARKERS = 60


def looks(line: Line) -> tuple[str, str]:
    """Marker and dash: the family's own for the models made to be compared; others have theirs by direction."""
    if line.direction is None:
        return FAMILY_SYMBOL[line.family], FAMILY_DASH[line.family]
    return ("triangle-right", "longdash") if line.direction == "forward" else ("triangle-left", "dashdot")


def floored(values: Array) -> Array:
    """Never below ``FLOOR``, so that a logarithm exists; NaN stays."""
    return np.maximum(np.asarray(values, np.float64), FLOOR)


def gradients(view: View, lines: Sequence[Line], colours: Palette) -> Figure:
    """One line a model on the word axis, logarithmic; a long review's columns show geometric means."""
    tokens, timesteps = view.trace.tokens, len(view.trace.tokens)
    words = word_axis.hover_words(tokens)
    drawing = Drawing(colours, 300)
    for line in lines:
        drawn = 10 ** word_axis.thinned(np.log10(floored(line.values)), timesteps)
        drawing.scatter(
            x=word_axis.numbers(timesteps),
            y=[None if np.isnan(v) else float(f"{v:.4g}") for v in drawn],
            text=words,
            mode="lines+markers",
            **_look(line, colours, "%{text}<br>%{y:.2~e}"),
        )
    _log_axis(drawing, [line.values for line in lines], colours)
    drawing.yaxis(title_text="gradient, log scale", automargin=False)
    # Titles of models as a legend: two to a row on a phone.
    drawing.layout(legend={"y": 1, "yanchor": "bottom", "x": 0, "font": {"size": 13}}, showlegend=True)
    finish(drawing, view.trace.tokens, view.cursor, colours, 300, top=30 if len(lines) <= 3 else 76)
    return drawing.figure()


def fading(quantity: Quantity, lines: Sequence[Line], counts: Array, chosen: int, colours: Palette) -> Figure:
    """``lines`` over the number of filler words, with a vertical line at the number that the visitor chose."""
    drawing = Drawing(colours, 250)
    log = quantity == "gradient"
    for line in lines:
        values = floored(line.values) if log else line.values
        drawing.scatter(
            x=counts.tolist(),
            y=[float(f"{v:.4g}") for v in values],
            mode="lines+markers",
            **_look(line, colours, f"%{{x}} filler words<br>%{{y:{'.2~e' if log else '.3f'}}}"),
        )
    if log:
        _log_axis(drawing, [line.values for line in lines], colours)
        drawing.yaxis(title_text="gradient, log scale")
    else:
        drawing.probability(room=0.05)
    last = max(int(counts[-1]), 1)
    drawing.xaxis(title_text="filler words", range=[-0.04 * last, 1.04 * last], nticks=6, showgrid=False)
    drawing.vline(chosen, line={"color": colours.ink, "width": 1.5})
    drawing.yaxis(automargin=False)
    rows = 1 if len(lines) <= 3 else 2
    drawing.layout(
        height=250 + 22 * rows + 46,
        margin={"l": LEFT + 10, "r": RIGHT // 4, "t": 8 + 22 * rows, "b": 46},
        legend={"y": 1, "yanchor": "bottom", "x": 0, "font": {"size": 13}},
        showlegend=True,
    )
    return drawing.figure()


def _look(line: Line, colours: Palette, hover: str) -> dict[str, Any]:
    colour, (symbol, dash), name = colours.families[line.family], looks(line), word_axis.shown(line.name, 40)
    return {
        "name": name,
        "hovertemplate": f"{hover}<extra>{name}</extra>",
        "line": {"color": colour, "dash": dash, "width": 2.2},
        "marker": {"color": colour, "symbol": symbol, "size": 6, "maxdisplayed": _MOST_MARKERS},
    }


def _log_axis(drawing: Drawing, values: Sequence[Array], colours: Palette) -> None:
    """Whole powers of ten, at most eight of them, over at least three; the floor as a line where it is reached."""
    logs = np.concatenate([np.log10(floored(v)).ravel() for v in values])
    low, high = np.nanmin(logs), np.nanmax(logs)
    top = max(1, int(np.ceil(high + 0.05)))
    bottom = min(top - 3, int(np.floor(low - 0.05)))
    step = max(1, -(-(top - bottom) // 7))
    ticks = list(range(0, bottom - 1, -step))[::-1] + list(range(step, top + 1, step))
    drawing.yaxis(
        type="log",
        range=[bottom, top],
        tickvals=[10.0**tick for tick in ticks],
        ticktext=[power_of_ten(tick) for tick in ticks],
        tickfont={"size": 11},
        title={"font": {"size": 12}, "standoff": 0},
    )
    if min(float(np.nanmin(v)) for v in values) < FLOOR:
        drawing.shape(
            type="line", xref="paper", x0=0, x1=1, y0=FLOOR, y1=FLOOR,
            line={"color": colours.muted, "width": 1, "dash": "dot"},
        )  # fmt: skip
        drawing.annotation(
            text="floor: 10⁻³⁸", xref="paper", x=0.01, xanchor="left", y=np.log10(FLOOR), yanchor="bottom",
            showarrow=False, font={"size": 12, "color": colours.muted},
        )  # fmt: skip
