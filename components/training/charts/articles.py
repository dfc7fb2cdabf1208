"""Reported and reproduced accuracy of published systems, side by side on one printed scale."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from components.ui.figure import Drawing, Figure
from components.ui.format import percent
from components.ui.theme import FAMILY_SYMBOL, Palette
from models.figures.reported import WITHIN, Reported

_ROW = 76  # pixels a row


def reported_and_measured(rows: Sequence[Reported], colours: Palette) -> Figure:
    """A row a figure: a ring where the article's stands, a full marker for ours, a band as wide as "reproduced"."""
    drawing, places = Drawing(colours, 90 + _ROW * len(rows)), np.arange(len(rows))
    for y, row in zip(places, rows, strict=True):
        if row.reported is not None:
            low, high = row.reported - WITHIN, min(100.0, row.reported + WITHIN)
            drawing.shape(
                type="rect", x0=low, x1=high, y0=y - 0.12, y1=y + 0.12, layer="below",
                fillcolor=colours.line, opacity=0.7, line={"width": 0},
            )  # fmt: skip
        if row.difference is not None:
            drawing.shape(
                type="line", x0=row.reported, x1=row.measured, y0=y, y1=y, line={"color": colours.muted, "width": 1.5}
            )
        drawing.annotation(
            text=f"<b>{html.escape(row.model)}</b><br>{html.escape(row.quantity)}: {in_words(row)}",
            x=0, xref="paper", xanchor="left", y=y - 0.17, yanchor="bottom", showarrow=False,
            font={"size": 13, "color": colours.ink}, align="left",
        )  # fmt: skip
    _markers(drawing, rows, "reported", "reported", colours)
    _markers(drawing, rows, "measured", "measured here", colours)
    drawing.scatter(
        x=[None], y=[None], mode="markers", name=f"within {WITHIN:g} points of it",
        marker={"symbol": "square", "size": 15, "color": colours.line},
    )  # fmt: skip
    known = [v for row in rows for v in (row.reported, row.measured) if v is not None] or [50.0, 100.0]
    low, high = 5 * np.floor((min(known) - WITHIN - 1) / 5), 5 * np.ceil((max(known) + WITHIN) / 5) + 1
    drawing.xaxis(title_text="accuracy, %", zeroline=False, range=[max(0, low), min(101, high)])
    drawing.yaxis(range=[len(rows) - 0.75, -0.8], showticklabels=False, showgrid=False, zeroline=False)
    return drawing.figure()


def in_words(row: Reported) -> str:
    """``83.25 % → 84.10 %``, or which of the two there is."""
    measured = "not measured" if row.measured is None else percent(row.measured / 100, 2)
    return f"no figure → {measured}" if row.reported is None else f"{as_reported(row.reported)} → {measured}"


def as_reported(value: float) -> str:
    """A reported figure with the digits that its article gives: ``83.25 %``, ``84 %``."""
    return f"{round(value, 2):g} %"


def _markers(drawing: Drawing, rows: Sequence[Reported], which: str, name: str, colours: Palette) -> None:
    ours = which == "measured"
    chosen = [(y, row) for y, row in enumerate(rows) if getattr(row, which) is not None]
    symbols = [FAMILY_SYMBOL.get(row.family, "circle") if ours else "circle-open" for _, row in chosen]
    inks = [colours.families.get(row.family, colours.ink) if ours else colours.ink for _, row in chosen]
    drawing.scatter(
        x=[round(getattr(row, which), 3) for _, row in chosen],
        y=[y for y, _ in chosen],
        mode="markers",
        marker={"symbol": symbols, "size": 12 if ours else 15, "color": inks, "line": {"color": inks, "width": 2}},
        showlegend=False,
        customdata=[f"{html.escape(row.model)}, {html.escape(row.quantity)}" for _, row in chosen],
        hovertemplate=f"%{{customdata}}<br>{name}: %{{x:.2f}} %<extra></extra>",
    )
    symbol = "circle" if ours else "circle-open"
    drawing.scatter(
        x=[None], y=[None], mode="markers", name=name,
        marker={"symbol": symbol, "size": 12, "color": colours.ink, "line": {"color": colours.ink, "width": 2}},
    )  # fmt: skip
