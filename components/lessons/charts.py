"""P(positive) of several versions of one text, a row each, a marker for every network."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import numpy as np

from components.ui.figure import Drawing, Figure
from components.ui.theme import FAMILY_SYMBOL, Palette

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
    rows = [html.escape(label if len(label) <= _LETTERS else label[: _LETTERS - 1] + "…") for label in labels]
    # Plotly leaves room for the letters that it knows of; the presenter view makes them larger.
    titles = ["\u00a0" * (len(row) // 3) + row for row in rows]
    places = list(range(len(rows)))
    drawing = Drawing(colours, 110 + 46 * len(rows))
    drawing.vline(0.5, line={"color": colours.muted, "width": 1, "dash": "dot"})
    for title, values in probabilities.items():
        family = families[title]
        ink = colours.families.get(family, colours.ink)
        drawing.scatter(
            x=values,
            y=places,
            mode="markers",
            name=html.escape(title),
            marker={"symbol": FAMILY_SYMBOL.get(family, "circle"), "size": 13, "color": ink},
            text=rows,
            hovertemplate="%{text}<br>P(positive) %{x:.3f}<extra>" + html.escape(title) + "</extra>",
        )
    drawing.yaxis(tickvals=places, ticktext=titles, range=[len(rows) - 0.5, -0.5], automargin=True)
    drawing.xaxis(title_text="P(positive)", range=[-0.03, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1])
    drawing.layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return drawing.figure()
