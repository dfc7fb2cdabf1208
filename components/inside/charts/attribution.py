"""Credit for the verdict: three ways of giving it, row by row on the word axis, and the exact one as a waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.inside.charts.lanes import finish
from components.ui import word_axis
from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette
from models.explain.view import View

Array = np.ndarray

_ROW, _GAP = 110, 32
_BAR = 30


@dataclass(frozen=True, slots=True)
class Way:
    """One way of giving credit: ``credits`` (timesteps,), nats; ``title`` is our own words."""

    title: str
    credits: Array


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall, from ``start`` to ``end``, nats.

    Attributes:
        label: may hold a visitor's word; escaped where it is drawn.
        kind: "word" (also all others together) or "bias" or "logit".
        timestep: 0-based, of a single word.
    """

    label: str
    start: float
    end: float
    kind: str
    timestep: int | None = None

    @property
    def value(self) -> float:
        """What the bar adds."""
        return self.end - self.start


def three_ways(view: View, ways: Sequence[Way], colours: Palette) -> Figure:
    """One row of signed bars a way, all on one scale: they all count nats of the logit.

    Beyond 400 words a bar is the sum of the words it stands for.
    """
    timesteps = len(view.trace.tokens)
    starts, x, words = (
        word_axis.columns(timesteps),
        word_axis.positions(timesteps),
        word_axis.hover_words(view.trace.tokens),
    )
    total = len(ways) * _ROW + (len(ways) - 1) * _GAP
    drawing = Drawing(colours, total, rows=len(ways), spacing=_GAP / total if len(ways) > 1 else 0)
    drawn = [np.add.reduceat(way.credits, starts) for way in ways]
    end = max(0.1, max(float(np.abs(values).max()) for values in drawn)) * 1.1
    for row, (way, values) in enumerate(zip(ways, drawn, strict=True), 1):
        drawing.bar(
            x=x,
            y=np.round(values.astype(np.float32), 4),
            marker={"color": np.where(values > 0, colours.positive, colours.negative).tolist(), "line": {"width": 0}},
            text=words,
            textposition="none",
            name=way.title,
            hovertemplate=f"%{{text}}<br>%{{y:+.3f}}<extra>{way.title}</extra>",
            showlegend=False,
            row=row,
        )
        drawing.annotation(
            text=way.title,
            x=0, xref="paper", xanchor="left", y=1 - (row - 1) * (_ROW + _GAP) / total, yref="paper", yanchor="bottom",
            showarrow=False, font={"size": 14, "color": colours.ink},
        )  # fmt: skip
    drawing.yaxis(
        title={"text": "logit", "font": {"size": 12}, "standoff": 6}, range=[-end, end], automargin=False, nticks=5,
        zeroline=True, zerolinecolor=colours.muted,
    )  # fmt: skip
    drawing.layout(bargap=0.15)
    finish(drawing, view, colours, total, top=26)
    return drawing.figure()


def waterfall_steps(view: View, most: int = 8) -> list[Step]:
    """Bias, the strongest words from the largest credit down, all other words together, and the logit they make."""
    credits, tokens = np.asarray(view.trace.contributions, np.float64), view.trace.tokens
    order = np.argsort(-np.abs(credits), kind="stable")
    strongest, others = order[:most], order[most:]
    if len(others) == 1:
        strongest, others = order, others[:0]
    level = float(view.trace.bias)
    steps = [Step("bias, padding" if view.trace.padding else "bias", 0.0, level, "bias")]
    for timestep in strongest:
        end = level + float(credits[timestep])
        label = f"{_short(tokens[timestep].text)} ({timestep + 1})"
        steps.append(Step(label, level, end, "word", int(timestep)))
        level = end
    if len(others):
        end = level + float(credits[others].sum())
        steps.append(Step(f"all {len(others):,} others", level, end, "word"))
        level = end
    steps.append(Step("logit", 0.0, level, "logit"))
    return steps


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


def _short(text: str, most: int = 16) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
