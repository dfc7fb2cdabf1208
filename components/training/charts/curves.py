"""Training curves: loss or accuracy of several runs, training solid and validation dashed, nothing smoothed."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from components.training.charts.label_placement import crowds, empty_corner, range_with_room
from components.training.charts.resumes import mark_resumes
from components.ui.figure import Drawing, Figure
from components.ui.format import percent
from components.ui.theme import FAMILY_SYMBOL, Palette, channels, family_symbol, mixed
from models.history.curves import Along, Curve, Quantity, curves_of, ends_of
from models.history.history import History

Array = np.ndarray

AXIS = {"epoch": "epoch", "step": "step (batches learnt from)", "seconds": "training time, seconds"}
UNIT = {"loss": "loss, nats", "accuracy": "accuracy, %"}
_OWN_SYMBOLS = ("star", "cross", "x", "triangle-up")
Mark = tuple[float, float, History]
_SHADES = (0.0, 0.45, 0.7)
_LINE = 21  # pixels between the names of two best epochs


def points(histories: Sequence[History], quantity: Quantity, along: Along) -> pd.DataFrame:
    """The numbers of a chart, one row a point."""
    unit = {"loss": "loss_nats", "accuracy": "accuracy_percent"}[quantity]
    frames = [
        pd.DataFrame(
            {
                "run": history.title,
                "series": curve.series,
                "epoch": curve.epoch,
                along: curve.x,
                unit: np.round(curve.y, 5),
                "best_epoch": np.arange(len(curve.x)) == curve.best,
            }
        )
        for history in histories
        for curve in curves_of(history, quantity, along)
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["run", "series", "epoch", unit])


def curves(
    histories: Sequence[History],
    quantity: Quantity,
    along: Along,
    colours: Palette,
    *,
    gap: bool = False,
    height: int = 420,
    until: float | None = None,
) -> Figure:
    """Draw runs on one pair of axes, the best epoch of each ringed and named.

    Args:
        gap: shade between training and validation: full where validation is worse (overfitting), hatched where it
            is better.
        until: where the x-axis ends, for a curve that still grows.
    """
    drawing = Drawing(colours, height)
    marks: list[Mark] = []
    drawn = [(history, curves_of(history, quantity, along)) for history in histories]
    for history, pair in drawn:
        if gap and along != "step" and len(pair) == 2:
            _shade(drawing, history, pair, quantity, colours)
    # All validation curves lie above all training curves: those are many and noisy by step.
    for history, curve in sorted(
        ((history, curve) for history, pair in drawn for curve in pair), key=lambda item: item[1].series
    ):
        _line(drawing, history, curve, quantity, along, colours)
        if curve.best is not None and np.isfinite(curve.y[curve.best]):
            marks.append((float(curve.x[curve.best]), float(curve.y[curve.best]), history))
    for series, dash in (("training", "solid"), ("validation", "dash")):
        line = {"color": colours.muted, "width": 2, "dash": dash}
        drawing.scatter(x=[None], y=[None], mode="lines", line=line, name=series, hoverinfo="skip")
    drawing.xaxis(title_text=AXIS[along], rangemode="tozero" if along != "epoch" else "normal", tickformat=",d")
    drawing.yaxis(title_text=UNIT[quantity], zeroline=False)
    most = max((history.epochs for history in histories), default=1)
    least = min((float(history.positions[0]) for history in histories if history.rows), default=1.0)
    if along == "epoch":
        drawing.xaxis(dtick=max(1, -(-most // 10)), tick0=1, range=[min(1.0, least) - 0.04 * most, most + 0.06 * most])
    if until is not None:
        drawing.xaxis(range=[0, 1.02 * until])
    drawing.layout(legend={"itemsizing": "trace", "itemwidth": 34, "traceorder": "normal"})
    share = len(marks) * _LINE / (height - 130)
    lines = [(curve.x, curve.y) for _, pair in drawn for curve in pair if np.isfinite(curve.y).any()]
    corner = empty_corner(lines, quantity == "loss", share)
    if marks and crowds(lines, share)[corner]:  # names would hide what they stand on
        drawing.yaxis(range=range_with_room(lines, corner[1], share))
    for history, pair in drawn:
        if pair and (ends := ends_of(history, along)) is not None:
            taken = (1 - share, 1) if corner[1] else (0, share)
            mark_resumes(drawing, history, ends, lines, taken, colour(history, colours), colours.paper)
    _mark(drawing, marks, quantity, corner, colours)
    return drawing.figure()


def colour(history: History, colours: Palette) -> str:
    """The colour of a run: its family's, nearer to ink for every further model of a family; ink for a visitor's."""
    if history.family not in colours.families:
        return mixed(colours.ink, colours.muted, 0.5 * (history.rank % 3))
    return mixed(colours.families[history.family], colours.ink, _SHADES[min(history.rank, len(_SHADES) - 1)])


def symbol(history: History) -> str:
    """The marker of a run: its family's, in a variant for every further model of a family."""
    if history.family not in FAMILY_SYMBOL:
        return _OWN_SYMBOLS[history.rank % len(_OWN_SYMBOLS)]
    return family_symbol(history.family, history.rank)


def _line(drawing: Drawing, history: History, curve: Curve, quantity: Quantity, along: Along, colours: Palette) -> None:
    ink = colour(history, colours)
    title = html.escape(history.title)
    fine = curve.series == "training" and along == "step"
    value = "%{y:.3f} nats" if quantity == "loss" else "%{y:.1f} %"
    known = np.isfinite(curve.y)  # a line goes on over epochs that were not validated
    where = {"epoch": "", "step": ", step %{x:,d}", "seconds": ", %{x:,.0f} s"}[along]
    drawing.scatter(
        x=curve.x[known],
        y=np.round(curve.y[known], 5),
        customdata=curve.epoch[known],
        mode="lines" if fine else "lines+markers",
        line={"color": ink, "width": 1.3 if fine else 2.4, "dash": "solid" if curve.series == "training" else "dash"},
        marker={"symbol": symbol(history), "size": 7, "color": ink, "line": {"color": ink, "width": 1.4}},
        name=title,
        opacity=0.6 if fine else 1,
        legendgroup=history.name,
        showlegend=curve.series == "training",
        hovertemplate=f"{curve.series}, epoch %{{customdata}}{where}<br>{value}<extra>{title}</extra>",
    )


def _mark(drawing: Drawing, marks: list[Mark], quantity: Quantity, corner: tuple[int, int], colours: Palette) -> None:
    """Ring the best epochs, and name them, best first, in the corner that curves leave empty."""
    loss, (right, top) = quantity == "loss", corner
    marks = sorted(marks, key=lambda mark: mark[1] if loss else -mark[1])
    for line, (x, y, history) in enumerate(marks):
        ink, title = colour(history, colours), html.escape(history.title)
        drawing.scatter(
            x=[x],
            y=[y],
            mode="markers",
            marker={"symbol": "circle-open", "size": 17, "color": ink, "line": {"color": ink, "width": 2.2}},
            name=f"best epoch of {title}",
            legendgroup=history.name,
            showlegend=False,
            hoverinfo="skip",
        )
        value = f"{y:.3f}" if loss else percent(y / 100, 1)
        drawing.annotation(
            text=f"◯ {title}: epoch {history.epoch_of(history.best or 0)}, {value}",
            xref="paper",
            yref="paper",
            x=right,
            y=top,
            xanchor="right" if right else "left",
            yanchor="top" if top else "bottom",
            xshift=0 if right else 6,
            yshift=-_LINE * line if top else _LINE * (len(marks) - 1 - line) + 4,
            showarrow=False,
            font={"color": ink, "size": 13 if len(history.title) < 28 else 11},  # a phone is narrow
            bgcolor=colours.paper,
            opacity=0.92,
            borderpad=1,
        )


def _shade(drawing: Drawing, history: History, drawn: tuple[Curve, ...], quantity: Quantity, colours: Palette) -> None:
    """Fill between the two curves, split where they cross."""
    x, training, validation = _with_crossings(drawn[0].x.astype(float), drawn[0].y, drawn[1].y)
    worse = np.maximum if quantity == "loss" else np.minimum
    better = np.minimum if quantity == "loss" else np.maximum
    ink = colour(history, colours)
    for edge, pattern in ((worse(training, validation), ""), (better(training, validation), "/")):
        if np.allclose(edge, training):
            continue
        drawing.scatter(
            x=np.concatenate([x, x[::-1]]),
            y=np.round(np.concatenate([training, edge[::-1]]), 5),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=_faded(ink, 0.22),
            fillpattern={"shape": pattern, "fgcolor": _faded(ink, 0.5), "size": 6, "solidity": 0.15}
            if pattern
            else None,
            name=f"{'overfitting' if not pattern else 'validation better'}: {history.title}",
            legendgroup=history.name,
            showlegend=False,
            hoverinfo="skip",
        )


def _with_crossings(x: Array, first: Array, second: Array) -> tuple[Array, Array, Array]:
    """Both curves where both are known, with a point added wherever they cross."""
    known = np.isfinite(first) & np.isfinite(second)
    x, first, second = x[known], first[known], second[known]
    difference = first - second
    places = np.flatnonzero(difference[:-1] * difference[1:] < 0)
    share = difference[places] / (difference[places] - difference[places + 1])
    rows = [
        np.insert(row, places + 1, row[places] + share * (row[places + 1] - row[places])) for row in (x, first, second)
    ]
    return rows[0], rows[1], rows[2]


def _faded(colour_: str, opacity: float) -> str:
    return f"rgba({','.join(map(str, channels(colour_)))},{opacity})"
