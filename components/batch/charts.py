"""Pictures of many reviews at once: how P(positive) is spread, where models part, how well they fit labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette, family_dash, family_symbol, sentiment_colour
from components.ui.verdict import ranks
from components.ui.word_axis import shown
from models.card import ModelCard
from models.figures.metrics import Fit

Array = np.ndarray
BINS = 20


def histogram_counts(probabilities: Array) -> Array:
    """(BINS,) how many of the scored reviews fall into each twentieth of 0…1; 1 counts in the last."""
    scored = probabilities[~np.isnan(probabilities)]
    return np.bincount(np.minimum((scored * BINS).astype(int), BINS - 1), minlength=BINS)


def histogram(probabilities: Mapping[str, Array], cards: Mapping[str, ModelCard], colours: Palette) -> Figure:
    """One row a model: how many reviews got which P(positive), coloured on the sentiment scale."""
    n = len(probabilities)
    drawing = Drawing(colours, 260 if n == 1 else 70 + 135 * n, rows=n, spacing=min(0.1, 0.3 / n))
    middles = (np.arange(BINS) + 0.5) / BINS
    for row, (name, values) in enumerate(probabilities.items(), 1):
        counts, title = histogram_counts(values), shown(cards[name].title, 40)
        drawing.bar(
            x=middles,
            y=counts,
            width=0.92 / BINS,
            marker={
                "color": [sentiment_colour(2 * middle - 1, colours) for middle in middles],
                "line": {"color": colours.muted, "width": 0.8},
            },
            customdata=np.stack([middles - 0.5 / BINS, middles + 0.5 / BINS], 1),
            hovertemplate="P(positive) %{customdata[0]:.2f} to %{customdata[1]:.2f}<br>%{y:,} reviews"
            f"<extra>{title}</extra>",
            showlegend=False,
            row=row,
        )
        drawing.yaxis(title_text="reviews", rangemode="tozero", nticks=4, tickformat=",d", row=row)
        if counts.max(initial=0) < 4:
            drawing.yaxis(dtick=1, row=row)
        if n > 1:
            drawing.annotation(
                text=title, xref="paper", x=0, yref=f"y{row if row > 1 else ''} domain", y=1, yshift=18,
                xanchor="left", showarrow=False, font={"color": colours.families.get(cards[name].family, colours.ink)},
            )  # fmt: skip
    drawing.vline(0.5, line={"color": colours.ink, "width": 1.5, "dash": "dash"})
    drawing.xaxis(range=[-0.01, 1.01], tickvals=[0, 0.25, 0.5, 0.75, 1], showgrid=False, zeroline=False)
    drawing.xaxis(title_text="← negative    P(positive)    positive →", row=n)
    if n > 1:
        drawing.layout(margin={"t": 28})
    return drawing.figure()


def partings(
    rows: Sequence[int],
    labels: Sequence[str],
    probabilities: Mapping[str, Array],
    cards: Mapping[str, ModelCard],
    colours: Palette,
) -> Figure:
    """One line a review, from the lowest to the highest P(positive) that the models give it.

    Args:
        rows: which reviews, the furthest apart first.
        labels: a few words of each, a visitor's own.
        probabilities: by model name, P(positive) of all reviews.
    """
    # Plotly knows no escaped quotation mark; a typographic one needs no escape.
    short = [shown(label.replace('"', "”"), 28) for label in labels]
    names = [f"row {row + 1}: {label}" for row, label in zip(rows, short, strict=True)]
    drawing = Drawing(colours, 110 + 34 * len(names))
    chosen = np.stack([values[list(rows)] for values in probabilities.values()])
    for name, low, high in zip(names, chosen.min(0), chosen.max(0), strict=True):
        drawing.scatter(
            x=[low, high], y=[name, name], mode="lines", line={"color": colours.line, "width": 5}, hoverinfo="skip",
            showlegend=False,
        )  # fmt: skip
    rank = ranks(cards[name] for name in probabilities)
    for model, values in zip(probabilities, chosen, strict=True):
        family, title = cards[model].family, shown(cards[model].title, 40)
        look = {"color": colours.families.get(family, colours.ink), "symbol": family_symbol(family, rank[model])}
        drawing.scatter(
            x=values,
            y=names,
            mode="markers",
            marker={**look, "size": 13, "line": {"color": colours.paper, "width": 1}},
            name=title,
            hovertemplate="%{y}<br>P(positive) %{x:.3f}" + f"<extra>{title}</extra>",
        )
    drawing.vline(0.5, line={"color": colours.ink, "width": 1.5, "dash": "dash"})
    drawing.xaxis(title_text="P(positive)", range=[-0.03, 1.03], tickvals=[0, 0.5, 1])
    drawing.yaxis(range=[len(names) - 0.4, -0.6], type="category", showgrid=False)
    return drawing.figure()


def roc(fits: Mapping[str, Fit], cards: Mapping[str, ModelCard], colours: Palette) -> Figure:
    """ROC curves: true against false positives as the threshold falls from 1 to 0."""
    drawing = Drawing(colours, 360)
    drawing.scatter(
        x=[0, 100], y=[0, 100], mode="lines", line={"color": colours.muted, "width": 1, "dash": "dot"}, name="guessing",
        hoverinfo="skip",
    )  # fmt: skip
    rank = ranks(cards[name] for name in fits)
    for name, fit in fits.items():
        family, title = cards[name].family, shown(cards[name].title, 40)
        colour, dash = colours.families.get(family, colours.ink), family_dash(family, rank[name])
        kept = np.unique(np.linspace(0, len(fit.true_rate) - 1, 400).astype(int))
        drawing.scatter(
            x=np.round(100 * fit.false_rate[kept], 3),
            y=np.round(100 * fit.true_rate[kept], 3),
            mode="lines",
            line={"color": colour, "width": 2.6, "dash": dash},
            name=f"{title}, AUC {fit.auc:.3f}",
            hovertemplate="false alarms %{x:.1f} %<br>found %{y:.1f} %" + f"<extra>{title}</extra>",
        )
    drawing.xaxis(title_text="false alarms: negative reviews called positive", range=[-2, 102], ticksuffix=" %")
    drawing.yaxis(title_text="positive reviews found", range=[-2, 102], ticksuffix=" %")
    return drawing.figure()
