"""Charts of the unit lab: readout weights, words that move a unit, units that mark a span, readings with units held."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.inside.charts.lanes import finish
from components.ui import word_axis
from components.ui.figure import Drawing, Figure, lean
from components.ui.theme import Palette
from models.explain.probes import SpanUnit
from models.explain.view import View
from models.sentiment import Trace

Array = np.ndarray


def weights(values: Array, unit: int, colours: Palette) -> Figure:
    """Readout weight of every unit, "positive" first; the unit looked at is framed and named."""
    order = np.argsort(-values, kind="stable")
    drawing = Drawing(colours, 300)
    drawing.bar(
        x=[str(u) for u in order], y=lean(values[order], 4), customdata=order,
        marker={
            "color": [colours.positive if values[u] > 0 else colours.negative for u in order],
            "line": {"color": colours.ink, "width": [2 if u == unit else 0 for u in order]},
        },
        hovertemplate="unit %{x}<br>weight %{y:+.3f}<extra></extra>", showlegend=False,
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
    )  # fmt: skip
    drawing.xaxis(
        type="category", title_text="units, by weight", tickvals=[str(unit)], ticktext=[f"<b>unit {unit}</b>"],
        tickfont={"color": colours.ink}, showgrid=False,
    )  # fmt: skip
    drawing.yaxis(title_text="readout weight", zeroline=True, zerolinecolor=colours.muted, nticks=6)
    drawing.layout(bargap=0.15, hovermode="x")
    return drawing.figure()


def movers(words: Sequence[tuple[str, float]], colours: Palette) -> Figure:
    """By how much words raise or lower a unit, on average over the test reviews; the first word on top."""
    values = np.array([value for _, value in words], np.float32)
    drawing = Drawing(colours, 300)
    drawing.bar(
        orientation="h", y=list(range(len(words))), x=lean(values, 4),
        marker={"color": np.where(values > 0, colours.positive, colours.negative).tolist()},
        hovertemplate="%{x:+.3f}<extra></extra>", showlegend=False,
    )  # fmt: skip
    end = max(0.05, float(np.abs(values).max(initial=0)) * 1.12)
    drawing.yaxis(
        autorange="reversed", tickvals=list(range(len(words))), ticktext=[word_axis.shown(word) for word, _ in words],
        tickfont={"color": colours.ink, "size": 12}, showgrid=False,
    )  # fmt: skip
    drawing.xaxis(title_text="mean change of the unit at the word", range=[-end, end], zerolinecolor=colours.muted)
    return drawing.figure()


def marking(found: Sequence[SpanUnit], unit: int, colours: Palette) -> Figure:
    """For every unit a dumbbell: its mean outside the span and inside it, with its separation."""
    names = [f"unit {each.unit}" for each in found]
    drawing = Drawing(colours, 60 + 34 * len(found) + 40)
    for name, each in zip(names, found, strict=True):
        drawing.scatter(
            x=[each.outside, each.inside], y=[name, name], mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": colours.line, "width": 4},
        )  # fmt: skip
    numbers = [each.unit for each in found]
    for label, symbol, values in (
        ("mean outside the span", "circle-open", [each.outside for each in found]),
        ("mean inside the span", "circle", [each.inside for each in found]),
    ):
        drawing.scatter(
            x=lean(values, 4), y=names, mode="markers", name=label, customdata=numbers,
            marker={"symbol": symbol, "size": 12, "color": colours.ink, "line": {"width": 2}},
            hovertemplate="%{y}<br>" + label + " %{x:.2f}<extra></extra>",
            selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
        )  # fmt: skip
    ticks = [f"<b>{name}</b>" if each.unit == unit else name for name, each in zip(names, found, strict=True)]
    drawing.yaxis(
        type="category", categoryorder="array", categoryarray=names, autorange="reversed", tickvals=names,
        ticktext=[f"{tick} · {each.separation:.2f}" for tick, each in zip(ticks, found, strict=True)],
        tickfont={"color": colours.ink}, showgrid=False,
    )  # fmt: skip
    drawing.xaxis(title_text="hidden state", range=[-1.05, 1.05], tickvals=[-1, 0, 1], zerolinecolor=colours.muted)
    drawing.layout(legend={"font": {"size": 12}, "itemclick": False, "itemdoubleclick": False})
    return drawing.figure()


def held(view: View, changed: Trace, colours: Palette) -> Figure:
    """P(positive) after every word before and with units held; at the end only where there is no running prediction."""
    before, after = view.trace.running_probabilities, changed.running_probabilities
    drawing = Drawing(colours, 220)
    if before is None or after is None:
        ends = [view.trace.probability, changed.probability]
        drawing.bar(
            orientation="h", y=["as it is", "units held"], x=ends, showlegend=False,
            marker={"color": [colours.families[view.family], colours.ink]},
            text=[f"{value:.3f}" for value in ends], textposition="outside", textangle=0,
            cliponaxis=False, hoverinfo="skip",
        )  # fmt: skip
        drawing.layout(height=170)
        drawing.probability("x")
        drawing.xaxis(range=[0, 1.12])  # room for the numbers
        drawing.yaxis(autorange="reversed", tickfont={"color": colours.ink})
        return drawing.figure()
    n = len(before)
    for name, values, ink, dash in (
        ("as it is", before, colours.families[view.family], "solid"),
        ("units held", after, colours.ink, "dash"),
    ):
        drawing.scatter(
            x=word_axis.numbers(n), y=lean(word_axis.thinned(values, n), 4), name=name,
            mode="lines+markers" if n <= 80 else "lines", line={"color": ink, "width": 2.5, "dash": dash},
            marker={"size": 5, "symbol": "circle" if ink != colours.ink else "x"},
            text=word_axis.hover_words(view.trace.tokens),
            hovertemplate=f"%{{text}}<br>{name} %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    drawing.probability()
    drawing.yaxis(automargin=False)
    drawing.layout(legend={"y": 1, "itemclick": False, "itemdoubleclick": False})
    finish(drawing, view.trace.tokens, view.cursor, colours, 220, top=34)
    return drawing.figure()
