"""Lanes: heatmaps of units × words, one below the other on one word axis, with the word under the cursor marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.ui import word_axis
from components.ui.figure import HUNDREDTHS, Drawing, Figure, lean
from components.ui.theme import Palette, colour_axis
from models.explain.view import View, kept
from models.text import Token

Array = np.ndarray

# Every chart of Inside has these margins, so that a word stands at the same place in all of them.
LEFT, RIGHT = 48, 44
# So many coloured cells fit into 300 kB of figure.
MOST_CELLS = 36_000
_GAP = 30  # pixels between lanes


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
    x = word_axis.numbers(timesteps)
    units = kept(view, most_units(len(shown), timesteps))
    total = len(shown) * height + (len(shown) - 1) * _GAP
    drawing = Drawing(colours, total, rows=len(shown), spacing=_GAP / total)
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
        farthest = float(np.abs(lane.values).max())
        beyond = f"; reaches {farthest:.3g}" if farthest > max(1.0, lane.high) else ""
        drawing.row_title(f"{lane.name}, {scale_text(lane.low)} … {scale_text(lane.high)}{beyond}", row)
        bottom = (len(shown) - row) * (height + _GAP) / total
        below_zero = colours.diverging if lane.speaks else colours.states
        scale = below_zero if lane.low < 0 else colours.sequential
        unit = 1 if lane.speaks else 100
        drawing.layout({axis_name: colour_axis(scale, lane.low, lane.high, bottom, height / total, unit=unit)})
    mark = {
        "tickvals": [str(view.unit)],
        "ticktext": [f"{view.unit} ▸"],
        "tickfont": {"color": colours.ink, "size": 13},
    }
    drawing.yaxis(mark, type="category", autorange="reversed", showgrid=False, ticks="")
    drawing.yaxis(title={"text": "units", "standoff": 2}, automargin=False)
    finish(drawing, view.trace.tokens, view.cursor, colours, total, top=26)
    return drawing.figure()


def most_units(lanes_shown: int, timesteps: int) -> int:
    """How many units every lane can show in one figure of the size we allow."""
    return max(8, MOST_CELLS // (lanes_shown * len(word_axis.columns(timesteps))))


def finish(
    drawing: Drawing, tokens: Sequence[Token], cursor: int | None, colours: Palette, height: int, top: int
) -> None:
    """The word axis, the common margins and the cursor: a frame around one word, through all rows of the figure.

    Args:
        cursor: the word, 0-based; None where another review is on the page.
        height: of the plot itself, in pixels; the words and ``top`` come on top of it.
    """
    word_axis.below(drawing, tokens, height, top=top, left=LEFT, right=RIGHT)
    if cursor is None:
        return
    here = word_axis.place(cursor, len(tokens))
    start = int(word_axis.columns(len(tokens))[here])
    drawing.xaxis(labelalias={str(start + 1): f"<b>{word_axis.shown(tokens[start].text)}</b>"})
    drawing.vrect(here - 0.5, here + 0.5, name="cursor", line={"color": colours.ink, "width": 1.5}, layer="above")


def scale_text(value: float) -> str:
    """The end of a scale: ``−1``, ``0``, ``+3.5``."""
    return f"{value:+.3g}".replace("-", "−") if value else "0"
