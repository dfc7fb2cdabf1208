"""Credit for the verdict: three ways of giving it, row by row on the word axis, and the exact one as a waterfall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from components.inside.charts.lanes import finish
from components.ui import word_axis
from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette
from models.explain.view import View
from models.explain.waterfall import Step

Array = np.ndarray

_ROW, _GAP = 110, 32
_BAR = 30


def three_ways(view: View, ways: Mapping[str, Array], colours: Palette) -> Figure:
    """One row of signed bars a way, all on one scale: they all count nats of the logit.

    Beyond 400 words a bar is the sum of the words it stands for.

    Args:
        ways: by title, in our own words: the credit of every word, (timesteps,), nats.
    """
    timesteps = len(view.trace.tokens)
    starts = word_axis.columns(timesteps)
    total = len(ways) * _ROW + (len(ways) - 1) * _GAP
    drawing = Drawing(colours, total, rows=len(ways), spacing=_GAP / total)
    drawn = [np.add.reduceat(credits, starts) for credits in ways.values()]
    end = max(0.1, max(float(np.abs(values).max()) for values in drawn)) * 1.1
    for row, (way, values) in enumerate(zip(ways, drawn, strict=True), 1):
        hover = f"%{{y:+.3f}}<extra>{way}</extra>"
        word_axis.signed_bars(drawing, view.trace.tokens, values, colours, hover, name=way, row=row)
        drawing.row_title(way, row)
    title = {"text": "logit", "font": {"size": 12}, "standoff": 6}
    drawing.yaxis(title=title, range=[-end, end], automargin=False)
    finish(drawing, view.trace.tokens, view.cursor, colours, total, top=26)
    return drawing.figure()


def waterfall(steps: Sequence[Step], shown: Sequence[str], colours: Palette) -> Figure:
    """Horizontal bars, each beginning where the one above it ends; ``shown`` are the numbers printed beside them."""
    drawing = Drawing(colours, len(steps) * _BAR + 50)
    places = list(range(len(steps)))
    fill = {"bias": colours.muted, "logit": colours.ink}
    signed = [colours.positive if step.value > 0 else colours.negative for step in steps]
    drawing.bar(
        orientation="h",
        y=places,
        base=[step.start for step in steps],
        x=[step.value for step in steps],
        marker={
            "color": [fill.get(step.kind, colour) for step, colour in zip(steps, signed, strict=True)],
            "line": {"width": 0},
        },
        hoverinfo="skip",
        showlegend=False,
    )
    edges = [edge for step in steps for edge in (step.start, step.end)]
    low, high = min(edges), max(edges)
    room = max(0.5, high - low)
    for place, (step, text) in enumerate(zip(steps, shown, strict=True)):
        drawing.annotation(
            text=text, x=max(step.start, step.end), y=place, xanchor="left", showarrow=False, xshift=4,
            font={"size": 13, "color": colours.ink},
        )  # fmt: skip
        if place + 1 < len(steps):
            drawing.shape(
                type="line", x0=step.end, x1=step.end, y0=place - 0.4, y1=place + 1.4,
                line={"color": colours.muted, "width": 1}, layer="below",
            )  # fmt: skip
    drawing.yaxis(
        tickvals=places, ticktext=[word_axis.shown(step.label, 40) for step in steps], range=[len(steps) - 0.4, -0.6],
        showgrid=False, zeroline=False, tickfont={"color": colours.ink, "size": 13},
    )  # fmt: skip
    drawing.xaxis(
        title_text="logit", range=[low - 0.04 * room, high + 0.3 * room], zeroline=True, zerolinecolor=colours.muted,
        nticks=6,
    )  # fmt: skip
    drawing.layout(bargap=0.25)
    return drawing.figure()
