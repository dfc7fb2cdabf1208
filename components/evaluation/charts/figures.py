"""Pictures of test-set figures: ROC, calibration, and where two models part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.evaluation.charts import look
from components.ui.figure import Drawing, Figure
from components.ui.format import percent
from components.ui.theme import Palette
from models.figures.judged import Judged
from models.figures.statistics import Paired, margin

CORNER = 25  # per cent: how far the enlarged corner of the ROC chart reaches


def roc(models: Sequence[Judged], colours: Palette, *, corner: bool = True) -> Figure:
    """ROC curves, with the corner where good models differ enlarged in the empty half; a marker at threshold 0.5.

    Args:
        corner: without it the whole square is drawn: a network that guesses runs where the corner would stand.
    """
    drawing = Drawing(colours, 430)
    drawing.scatter(
        # The diagonal of guessing, left out where the enlarged corner stands.
        x=(even := [0, 38.5, None if corner else 50, 80, 100]), y=even, mode="lines", name="guessing",
        line={"color": colours.muted, "width": 1, "dash": "dot"}, hoverinfo="skip",
    )  # fmt: skip
    for model in models:
        x, y = zip(*((point.false_rate, point.true_rate) for point in model.figures.roc), strict=True)
        at_half = model.figures.confusion
        for inset in (False, True) if corner else (False,):
            drawing.scatter(
                x=100 * np.array(x),
                y=100 * np.array(y),
                mode="lines",
                line={"color": look.colour(model, colours), "width": 2.4, "dash": look.dash(model)},
                name=look.label(model),
                legendgroup=model.card.name,
                showlegend=not inset,
                hovertemplate="false alarms %{x:.1f} %<br>found %{y:.1f} %" + f"<extra>{look.label(model)}</extra>",
                xaxis="x2" if inset else None,
                yaxis="y2" if inset else None,
            )
        drawing.scatter(
            x=[100 * at_half.false_rate],
            y=[100 * at_half.true_rate],
            mode="markers",
            marker={**look.marker(model, colours, 11), "line": {"color": colours.paper, "width": 1.5}},
            name=f"threshold 0.5 of {look.label(model)}",
            legendgroup=model.card.name,
            showlegend=False,
            hovertemplate="threshold 0.5<br>false alarms %{x:.1f} %<br>found %{y:.1f} %"
            f"<extra>{look.label(model)}</extra>",
            xaxis="x2" if corner else None,
            yaxis="y2" if corner else None,
        )
    scale = {"ticksuffix": " %", "zeroline": False}
    drawing.xaxis(scale, title_text="false alarms: negative reviews called positive", range=[-2, 102])
    drawing.yaxis(scale, title_text="positive reviews found", range=[-2, 102])
    if not corner:
        return drawing.figure()
    ticks = [0, CORNER / 2, CORNER]
    shared = {"gridcolor": colours.line, "linecolor": colours.muted, "mirror": True, "showline": True, "title": {}}
    small = {"size": 11, "color": colours.muted}
    drawing.layout(
        xaxis2={"zeroline": False, **shared, "domain": [0.4, 0.97], "anchor": "y2", "range": [0, CORNER],
                "tickvals": ticks, "ticktext": [f"{tick:g} %" for tick in ticks], "tickfont": small},
        yaxis2={"zeroline": False, **shared, "domain": [0.25, 0.8], "anchor": "x2", "range": [100 - CORNER, 100.3],
                "tickvals": [100 - tick for tick in ticks], "ticktext": [f"{100 - tick:g} %" for tick in ticks],
                "tickfont": small},
    )  # fmt: skip
    drawing.shape(
        type="rect", x0=0, x1=CORNER, y0=100 - CORNER, y1=100, line={"color": colours.muted, "width": 1, "dash": "dot"}
    )
    drawing.annotation(
        text="the corner, enlarged;<br>marks: threshold 0.5", xref="paper", yref="paper", x=0.685, y=0.15,
        yanchor="top", showarrow=False, font={"size": 12, "color": colours.muted},
    )  # fmt: skip
    return drawing.figure()


def calibration(models: Sequence[Judged], score: float | None, colours: Palette) -> Figure:
    """Share positive against mean P(positive) in each bin, the diagonal, and beneath how many reviews each bin holds.

    Args:
        score: marked by a vertical line, 0…1.
    """
    drawing = Drawing(colours, 470, rows=2, heights=[0.72, 0.28], spacing=0.06)
    drawing.scatter(
        x=[0, 1], y=[0, 100], mode="lines", line={"color": colours.muted, "width": 1.2, "dash": "dot"},
        name="says what is", hoverinfo="skip", row=1,
    )  # fmt: skip
    for model in models:
        bins = [bin_ for bin_ in model.figures.calibration.bins if bin_.reviews] if model.figures.calibration else []
        x = [bin_.mean_probability for bin_ in bins]
        positive = [100 * bin_.positive for bin_ in bins]
        counts = [bin_.reviews for bin_ in bins]
        shared = {
            "mode": "lines+markers",
            "line": {"color": look.colour(model, colours), "width": 2, "dash": look.dash(model)},
            "marker": look.marker(model, colours, 7),
            "legendgroup": model.card.name,
            "name": look.label(model),
        }
        drawing.scatter(
            x=np.round(x, 5),
            y=np.round(positive, 3),
            customdata=counts,
            error_y=error_bars(positive, counts, model, colours),
            hovertemplate="said %{x:.2f} on average<br>%{y:.1f} % were positive<br>%{customdata:,} reviews"
            f"<extra>{look.label(model)}</extra>",
            row=1,
            **shared,
        )
        drawing.scatter(
            x=np.round(x, 5),
            y=counts,
            hovertemplate=f"%{{y:,}} reviews<extra>{look.label(model)}</extra>",
            showlegend=False,
            row=2,
            **shared,
        )
    if score is not None:
        drawing.vline(score, line={"color": colours.ink, "width": 1.5, "dash": "dash"})
    drawing.xaxis(range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], zeroline=False)
    drawing.xaxis(title_text="← negative    P(positive), mean of the bin    positive →", row=2)
    drawing.yaxis(title_text="were positive", ticksuffix=" %", range=[-3, 103], zeroline=False, row=1)
    drawing.yaxis(title_text="reviews", rangemode="tozero", nticks=4, tickformat=",d", row=2)
    return drawing.figure()


def paired(pairs: Sequence[tuple[Judged, Judged, Paired]], colours: Palette) -> Figure:
    """A bar a pair: on how many reviews only the first is right (to the left), and only the second (to the right)."""
    drawing = Drawing(colours, 60 + 84 * len(pairs))
    most = max(max(p.only_first, p.only_second) / p.reviews for _, _, p in pairs) or 0.01
    for place, (first, second, found) in enumerate(pairs):
        for model, count, side in ((first, found.only_first, -1), (second, found.only_second, 1)):
            share = count / found.reviews
            drawing.bar(
                x=[round(side * 100 * share, 4)],
                y=[place],
                orientation="h",
                width=0.46,
                marker={"color": look.colour(model, colours), "line": {"width": 0}},
                text=f"{count:,} · {percent(share, 1)}",
                textposition="outside",
                cliponaxis=False,
                textfont={"color": colours.ink, "size": 13},
                hovertemplate=f"only {look.label(model)} is right on {count:,} of {found.reviews:,}<extra></extra>",
                showlegend=False,
            )
            drawing.annotation(
                text=f"only {look.label(model)} right", x=side * 0.06 * most * 100, y=place, yshift=26, showarrow=False,
                xanchor="right" if side < 0 else "left", font={"size": 12, "color": look.colour(model, colours)},
            )  # fmt: skip
    drawing.vline(0, line={"color": colours.muted, "width": 1})
    edge = 165 * most
    drawing.xaxis(
        title_text="% of test reviews", range=[-edge, edge], nticks=6,
        labelalias={str(-n).replace("-", "−"): str(n) for n in range(1, 101)}, zeroline=False,
    )  # fmt: skip
    drawing.yaxis(range=[len(pairs) - 0.5, -0.62], showticklabels=False, showgrid=False, zeroline=False)
    drawing.layout(barmode="overlay")
    return drawing.figure()


def error_bars(percent: Sequence[float], counts: Sequence[int], model: Judged, colours: Palette) -> dict[str, Any]:
    """Error bars of shares in per cent, kept inside 0…100."""
    half = [100 * margin(p / 100, n) for p, n in zip(percent, counts, strict=True)]
    up = [round(min(h, 100 - p), 4) for h, p in zip(half, percent, strict=True)]
    down = [round(min(h, p), 4) for h, p in zip(half, percent, strict=True)]
    return {"array": up, "arrayminus": down, "color": look.colour(model, colours), "thickness": 1.2, "width": 3}
