"""Pictures of accuracy against something: length, star rating, share of the review read, threshold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.evaluation.charts import look
from components.evaluation.charts.figures import error_bars
from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette
from models.figures.judged import Judged
from models.figures.records import LengthSlice, StarSlice


def by_length(models: Sequence[Judged], colours: Palette) -> Figure:
    """Accuracy in slices by number of words; the slices are those of the first model that has most of them."""
    longest = max((model.figures.by_length for model in models), key=len)
    every = list(range(len(longest)))
    ticks = [f"{row.low:,}" for row in longest]
    places = {(row.low, row.high): float(place) for place, row in enumerate(longest)}
    placed = [
        [(places[row.low, row.high], row) for row in model.figures.by_length if (row.low, row.high) in places]
        for model in models
    ]
    drawing = _slices(models, placed, colours)
    drawing.xaxis(
        title_text="words in the review, from … on", tickvals=every, ticktext=ticks, range=[-0.6, len(every) - 0.4]
    )
    return drawing.figure()


def by_stars(models: Sequence[Judged], colours: Palette) -> Figure:
    """Accuracy by star rating, 1 to 10; a gap in the ratings is shaded and says so."""
    placed = [[(float(row.stars), row) for row in model.figures.by_stars] for model in models]
    drawing = _slices(models, placed, colours)
    there = {row.stars for model in models for row in model.figures.by_stars if row.reviews}
    drawing.xaxis(title_text="stars given by the reviewer", tickvals=list(range(1, 11)), range=[0.4, 10.6])
    if not there & {5, 6}:
        drawing.vrect(4.5, 6.5, fillcolor=colours.surface, line={"width": 0}, layer="below")
        drawing.annotation(
            text="5 and 6:<br>none in<br>the data", x=5.5, yref="paper", y=0.5, showarrow=False,
            font={"size": 12, "color": colours.muted},
        )  # fmt: skip
    return drawing.figure()


def _slices(
    models: Sequence[Judged], placed: Sequence[Sequence[tuple[float, LengthSlice | StarSlice]]], colours: Palette
) -> Drawing:
    """Accuracy at each place with what chance allows, the models side by side."""
    drawing = Drawing(colours, 380)
    for k, model in enumerate(models):
        shift = 0.13 * (k - (len(models) - 1) / 2) * min(1.0, 5 / len(models))
        rows = [(place, row) for place, row in placed[k] if row.reviews]
        drawing.scatter(
            x=[round(place + shift, 4) for place, _ in rows],
            y=[round(100 * row.accuracy, 3) for _, row in rows],
            customdata=[row.reviews for _, row in rows],
            error_y=error_bars(
                [100 * row.accuracy for _, row in rows], [row.reviews for _, row in rows], model, colours
            ),
            mode="markers",
            marker=look.marker(model, colours, 9),
            name=look.label(model),
            hovertemplate=f"%{{y:.1f}} % of %{{customdata:,}} reviews<extra>{look.label(model)}</extra>",
        )
    drawing.xaxis(showgrid=False, zeroline=False)
    drawing.yaxis(title_text="accuracy, %", zeroline=False)
    return drawing


def by_share_read(models: Sequence[Judged], colours: Palette) -> Figure:
    """Accuracy of the running prediction, %, against the share of the review read so far, %."""
    drawing = Drawing(colours, 380)
    for model in models:
        points = [(100 * row.share, row.accuracy) for row in model.figures.by_share_read]
        _line(drawing, model, points, "%{x:.0f} % read", colours)
    _axes(drawing, "% of the review's words read so far", 100.0)
    return drawing.figure()


def by_threshold(models: Sequence[Judged], mark: float, colours: Palette) -> Figure:
    """Accuracy, %, against the threshold, 0…1; a line at ``mark``."""
    drawing = Drawing(colours, 380)
    for model in models:
        points = [(row.threshold, row.accuracy) for row in model.figures.thresholds]
        _line(drawing, model, points, "threshold %{x:.2f}", colours)
    drawing.vline(mark, line={"color": colours.ink, "width": 1.5, "dash": "dash"})
    _axes(drawing, "threshold on P(positive)", 1.0)
    return drawing.figure()


def _line(drawing: Drawing, model: Judged, points: Sequence[tuple[float, float]], where: str, colours: Palette) -> None:
    """A model's line through ``(place, accuracy 0…1)``; ``where`` names the place under the pointer."""
    drawing.scatter(
        x=np.round([x for x, _ in points], 4),
        y=np.round([100 * y for _, y in points], 3),
        mode="lines+markers",
        line={"color": look.colour(model, colours), "width": 2.2, "dash": look.dash(model)},
        marker=look.marker(model, colours, 7),
        name=look.label(model),
        hovertemplate=f"{where}<br>%{{y:.1f}} % right<extra>{look.label(model)}</extra>",
    )


def _axes(drawing: Drawing, title: str, top: float) -> None:
    drawing.xaxis(title_text=title, range=[-0.02 * top, 1.03 * top], zeroline=False)
    drawing.yaxis(title_text="accuracy, %", zeroline=False)
