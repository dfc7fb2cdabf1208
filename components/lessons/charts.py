"""The lessons' own charts: versions of one text in rows, and what a network carries over many words."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from components.ui.figure import Drawing, Figure, lean
from components.ui.format import log_ticks, shortened
from components.ui.theme import FAMILY_DASH, FAMILY_SYMBOL, Palette
from models.explain.distance import COUNTS, Distance

_LETTERS = 28


def versions(
    labels: Sequence[str], probabilities: Mapping[str, np.ndarray], families: Mapping[str, str], colours: Palette
) -> Figure:
    """Rows of points between 0 and 1, the first version at the top.

    Args:
        labels: what each version is called; may quote words.
        probabilities: by network's title, (versions,) P(positive).
        families: by title, the cell.
    """
    rows = [html.escape(shortened(label, _LETTERS)) for label in labels]
    # Plotly leaves room for the letters that it knows of; the presenter view makes them larger.
    titles = ["\u00a0" * (len(row) // 3) + row for row in rows]
    places = list(range(len(rows)))
    drawing = Drawing(colours, 110 + 46 * len(rows))
    drawing.probability("x", room=0.03)
    for title, values in probabilities.items():
        drawing.scatter(
            x=values,
            y=places,
            mode="markers",
            **_look(title, families, colours, size=13),
            text=rows,
            hovertemplate="%{text}<br>P(positive) %{x:.3f}<extra>" + html.escape(title) + "</extra>",
        )
    drawing.yaxis(tickvals=places, ticktext=titles, range=[len(rows) - 0.5, -0.5], automargin=True)
    drawing.xaxis(tickvals=[0, 0.25, 0.5, 0.75, 1])
    return drawing.figure()


def over_words(carried: Mapping[str, Distance], families: Mapping[str, str], colours: Palette) -> Figure:
    """The gradient at every word of a long review, logarithmic, a line a network."""
    drawing = Drawing(colours, 330)
    for title, found in carried.items():
        drawing.scatter(
            x=np.arange(1, len(found.gradient) + 1),
            y=lean(np.maximum(found.gradient, 1e-30), 6),
            mode="lines",
            **_look(title, families, colours),
            hovertemplate="word %{x}<br>%{y:.2~e}<extra>" + html.escape(title) + "</extra>",
        )
    gradients = np.maximum(np.concatenate([found.gradient for found in carried.values()]), 1e-30)
    drawing.yaxis(title_text="gradient, log scale", type="log", **log_ticks(gradients.min(), gradients.max()))
    drawing.xaxis(title_text="word", showgrid=False)
    return drawing.figure()


def behind_words(carried: Mapping[str, Distance], families: Mapping[str, str], colours: Palette) -> Figure:
    """P(positive) of the praise behind more and more words without an opinion; faint, of the blame."""
    drawing = Drawing(colours, 330)
    drawing.probability(room=0)
    for title, found in carried.items():
        look = _look(title, families, colours)
        over = "%{x} words<br>%{y:.2f}<extra>" + html.escape(title)
        drawing.scatter(x=list(COUNTS), y=found.praise, mode="lines+markers", **look, hovertemplate=over + "</extra>")
        faint = {**look, "opacity": 0.4, "showlegend": False}
        drawing.scatter(
            x=list(COUNTS), y=found.blame, mode="lines", **faint, hovertemplate=over + ", “a terrible film”</extra>"
        )
    drawing.yaxis(tickvals=[0, 0.25, 0.5, 0.75, 1])
    drawing.xaxis(title_text="words without an opinion", showgrid=False)
    return drawing.figure()


def _look(title: str, families: Mapping[str, str], colours: Palette, size: int = 9) -> dict[str, Any]:
    family = families[title]
    ink = colours.families.get(family, colours.ink)
    return {
        "name": html.escape(title),
        "line": {"color": ink, "width": 3, "dash": FAMILY_DASH.get(family, "solid")},
        "marker": {"symbol": FAMILY_SYMBOL.get(family, "circle"), "size": size, "color": ink},
    }
