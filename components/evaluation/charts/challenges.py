"""Pictures of how networks fare with short texts: accuracy by kind of text, and contrast pairs judged rightly."""

from __future__ import annotations

from collections.abc import Sequence

from components.evaluation.charts import look
from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette
from models.figures.judged import Mark
from models.figures.statistics import interval


def shares(
    groups: Sequence[tuple[str, Sequence[str]]],
    marks: Sequence[Mark],
    colours: Palette,
    *,
    axis: str,
    chance: float,
    chance_name: str,
    unit: str,
) -> Figure:
    """A row a kind, one mark a model with what chance allows, and a line where guessing stands.

    Args:
        groups: ``(heading, rows)`` from the top down; an empty heading takes no room.
        chance: 0…1.
        unit: what ``Mark.count`` counts.
    """
    drawing = Drawing(colours, 120)
    models = list(dict.fromkeys(mark.model for mark in marks))
    places: dict[str, float] = {}
    y = 0.0
    for heading, rows in groups:
        if heading and places:
            y += 0.35
        if heading:
            drawing.annotation(
                text=f"<b>{heading}</b>", x=0, xref="paper", xanchor="left", y=y, showarrow=False,
                font={"size": 13, "color": colours.ink}, bgcolor=colours.paper,
            )  # fmt: skip
            y += 1
        for row in rows:
            places[row] = y
            y += 1
    drawing.scatter(
        x=[100 * chance] * 2, y=[-0.6, y - 0.4], mode="lines", name=chance_name, hoverinfo="skip",
        line={"color": colours.muted, "width": 1.4, "dash": "dot"},
    )  # fmt: skip
    for k, model in enumerate(models):
        shift = 0.19 * (k - (len(models) - 1) / 2) * min(1.0, 4 / len(models))
        own = [mark for mark in marks if mark.model is model]
        ranges = [interval(mark.share, mark.count) for mark in own]
        drawing.scatter(
            x=[round(100 * mark.share, 3) for mark in own],
            y=[round(places[mark.row] + shift, 4) for mark in own],
            customdata=[mark.count for mark in own],
            error_x={
                "array": [round(100 * (high - mark.share), 3) for mark, (_, high) in zip(own, ranges, strict=True)],
                "arrayminus": [round(100 * (mark.share - low), 3) for mark, (low, _) in zip(own, ranges, strict=True)],
                "color": look.colour(model, colours),
                "thickness": 1.2,
                "width": 0,
            },
            mode="markers",
            marker=look.marker(model, colours, 9),
            name=look.label(model),
            hovertemplate=f"%{{x:.1f}} % of %{{customdata:,}} {unit}<extra>{look.label(model)}</extra>",
        )
    drawing.layout(height=round(120 + (24 + 4 * len(models)) * y))
    drawing.xaxis(title_text=axis, range=[-3, 103], tickvals=[0, 25, 50, 75, 100], zeroline=False)
    drawing.yaxis(
        range=[y - 0.4, -0.6], tickvals=list(places.values()), ticktext=list(places), showgrid=False, zeroline=False,
        tickfont={"color": colours.ink, "size": 13},
    )  # fmt: skip
    return drawing.figure()
