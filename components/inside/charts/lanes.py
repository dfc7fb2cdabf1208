"""Lanes: heatmaps of units × words, one below the other on one word axis, with the word under the cursor marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from components.ui import word_axis
from components.ui.figure import HUNDREDTHS, Drawing, Figure, lean
from components.ui.theme import Palette, colour_bar
from models.explain.view import View, kept

Array = np.ndarray

# Every chart of Inside has these margins, so that a word stands at the same place in all of them.
LEFT, RIGHT = 48, 44
# So many coloured cells fit into 300 kB of figure.
MOST_CELLS = 36_000
# Between lanes, and below the last one for upright words.
_GAP, _WORDS = 30, 92


@dataclass(frozen=True, slots=True)
class Lane:
    """One heatmap: ``values`` (timesteps, units), drawn from ``low`` to ``high``.

    Below 0 it has the scale of states, or, where the values speak for a verdict (``speaks``), that of sentiment.
    """

    name: str
    values: Array
    low: float
    high: float
    speaks: bool = False


def lanes(view: View, shown: list[Lane], colours: Palette, height: int) -> Figure:
    """Draw lanes, each ``height`` pixels high with its own printed scale; long reviews are thinned."""
    timesteps = len(view.trace.tokens)
    x = word_axis.positions(timesteps)
    units = kept(view, most_units(len(shown), timesteps))
    total = len(shown) * height + (len(shown) - 1) * _GAP
    drawing = Drawing(colours, total, rows=len(shown), spacing=_GAP / total if len(shown) > 1 else 0)
    for row, lane in enumerate(shown, 1):
        digits = ":+.3f" if lane.speaks else HUNDREDTHS
        axis_name = f"coloraxis{row if row > 1 else ''}"
        drawing.heatmap(
            z=lean(word_axis.thinned(lane.values, timesteps)[:, units].T, 4),
            hundredths=not lane.speaks,
            x=x,
            y=[str(unit) for unit in units],
            coloraxis=axis_name,
            name=lane.name,
            hovertemplate=f"{lane.name}<br>unit %{{y}}, word %{{x}}<br>%{{z{digits}}}<extra></extra>",
            row=row,
        )
        top = 1 - (row - 1) * (height + _GAP) / total
        farthest = float(np.abs(lane.values).max())
        beyond = f"; reaches {farthest:.3g}" if farthest > max(1.0, lane.high) else ""
        drawing.annotation(
            text=f"{lane.name}, {scale_text(lane.low)} … {scale_text(lane.high)}{beyond}",
            x=0, xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom", showarrow=False,
            font={"size": 14, "color": colours.ink},
        )  # fmt: skip
        drawing.layout({axis_name: _colour_axis(lane, colours, top - height / total, height / total)})
    mark = {
        "tickvals": [str(view.unit)],
        "ticktext": [f"{view.unit} ▸"],
        "tickfont": {"color": colours.ink, "size": 13},
    }
    drawing.yaxis(mark, type="category", autorange="reversed", showgrid=False, ticks="")
    drawing.yaxis(title={"text": "units", "standoff": 2}, automargin=False)
    finish(drawing, view, colours, total, top=26)
    return drawing.figure()


def most_units(lanes_shown: int, timesteps: int) -> int:
    """How many units every lane can show in one figure of the size we allow."""
    return max(8, MOST_CELLS // (lanes_shown * len(word_axis.columns(timesteps))))


def finish(drawing: Drawing, view: View, colours: Palette, height: int, top: int = 8) -> None:
    """The word axis, the common margins and the cursor: a frame around one word, through all rows of the figure.

    Args:
        height: of the plot itself, in pixels; the words and ``top`` come on top of it.
    """
    tokens = view.trace.tokens
    words = word_axis.word_axis(tokens)
    here = word_axis.place(view.cursor, len(tokens))
    start = str(word_axis.columns(len(tokens))[here] + 1)
    words["labelalias"][start] = f"<b>{words['labelalias'][start]}</b>"
    drawing.xaxis(**words, automargin=False, showticklabels=False)
    drawing.xaxis(row=drawing.rows, showticklabels=True)
    room = _WORDS if words["tickangle"] else 36
    drawing.layout(height=height + room + top, margin={"l": LEFT, "r": RIGHT, "t": top, "b": room})
    drawing.shape(
        type="rect", name="cursor", xref="x", yref="paper", x0=here - 0.5, x1=here + 0.5, y0=0, y1=1,
        line={"color": colours.ink, "width": 1.5}, layer="above",
    )  # fmt: skip


def scale_text(value: float) -> str:
    """The end of a scale: ``−1``, ``0``, ``+3.5``."""
    return f"{value:+.3g}".replace("-", "−") if value else "0"


def _colour_axis(lane: Lane, colours: Palette, bottom: float, share: float) -> dict[str, Any]:
    below_zero = colours.diverging if lane.speaks else colours.states
    unit = 1 if lane.speaks else 100
    return {
        "colorscale": below_zero if lane.low < 0 else colours.sequential,
        "cmin": unit * lane.low,
        "cmax": unit * lane.high,
        "colorbar": colour_bar([lane.low, (lane.low + lane.high) / 2, lane.high], bottom, share, unit=unit),
    }
