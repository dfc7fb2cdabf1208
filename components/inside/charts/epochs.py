"""A network growing up: one review after every epoch, and the loss curve with that epoch marked; no frame invented."""

from __future__ import annotations

import numpy as np

from components.inside.charts.lanes import finish, most_units
from components.ui import word_axis
from components.ui.figure import Drawing, Figure, lean
from components.ui.theme import FAMILY_DASH, Palette, colour_axis
from models.explain.epochs import Growth, ReviewGrowth
from models.history.history import History

Array = np.ndarray


def reading(
    review: ReviewGrowth, growth: Growth, epoch: int, layer: int, order: Array, cursor: int | None, family: str,
    colours: Palette,
) -> Figure:  # fmt: skip
    """The running prediction after one epoch, with all others faint behind it, over that epoch's hidden states.

    Args:
        epoch: index into ``growth.epochs``.
        layer: index into ``growth.layers``.
        order: units, the first at the top.
        cursor: the word to frame, 0-based; None where another review is on the page.
    """
    n, running = len(review.tokens), review.running_probabilities
    x, words = word_axis.numbers(n), word_axis.hover_words(review.tokens)
    rows = 1 if running is None else 2
    height = 434 if rows == 2 else 320
    drawing = Drawing(colours, height, rows=rows, spacing=0.06, heights=[0.4, 0.6])
    if running is not None:
        ink = colours.families[family]
        others = [index for index in range(len(growth.epochs)) if index != epoch]
        for index in [*others, epoch]:
            here, number = index == epoch, growth.epochs[index]
            drawing.scatter(
                x=x, y=lean(word_axis.thinned(running[index], n), 4), text=words,
                name=f"epoch {number}" if here else "other epochs",
                mode="lines+markers" if here and n <= 120 else "lines", marker={"size": 6},
                line={"color": ink if here else colours.muted, "width": 2.5 if here else 1,
                      "dash": FAMILY_DASH[family] if here else "solid"},
                opacity=1 if here else 0.45, showlegend=here or index == others[0],
                hovertemplate=f"%{{text}}<br>epoch {number}: P(positive) %{{y:.3f}}<extra></extra>", row=1,
            )  # fmt: skip
        drawing.probability(row=1)
    states = review.hidden_states[layer][epoch].astype(np.float32)
    word_axis.unit_rows(drawing, states, order[: most_units(1, n)], rows, "hidden units, −1 … +1")
    drawing.yaxis(automargin=False, title_standoff=4)
    finish(drawing, review.tokens, cursor, colours, height, top=34 if rows == 2 else 8)
    drawing.layout(
        coloraxis=colour_axis(colours.states, -1, 1, 0, 0.56 if rows == 2 else 1, unit=100),
        legend={"itemclick": False, "itemdoubleclick": False},
    )  # fmt: skip
    return drawing.figure()


def loss(
    history: History | None, review: ReviewGrowth, growth: Growth, epoch: int, family: str, colours: Palette
) -> Figure:
    """Loss after every epoch and, below it, what the network says of this review; the chosen epoch is framed."""
    rows = 1 if history is None else 2
    drawing = Drawing(colours, 190 * rows + 60, rows=rows, spacing=0.12)
    ink, numbers = colours.families[family], list(growth.epochs)
    ends = np.arange(len(numbers))
    if history is not None:
        for name, quantity, dash, symbol in (
            ("training loss", "loss", "solid", "circle"),
            ("validation loss", "val_loss", "dash", "circle-open"),
        ):
            drawing.scatter(
                x=np.arange(1, history.epochs + 1), y=np.round(history.values[quantity], 4), name=name,
                mode="lines+markers", line={"color": ink, "dash": dash, "width": 2},
                marker={"symbol": symbol, "size": 8, "color": ink}, customdata=np.arange(history.epochs),
                selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
                hovertemplate=f"epoch %{{x}}<br>{name} %{{y:.3f}} nats<extra></extra>", row=1,
            )  # fmt: skip
        drawing.yaxis(title_text="loss, nats", nticks=4, row=1)
    drawing.scatter(
        x=numbers, y=lean(review.probabilities, 4), mode="lines+markers", showlegend=False,
        line={"color": colours.muted, "width": 1.5}, customdata=ends,
        marker={"size": 11, "color": review.probabilities, "colorscale": colours.diverging, "cmin": 0, "cmax": 1,
                "line": {"color": colours.ink, "width": 1.2}},
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
        hovertemplate="epoch %{x}<br>P(positive) of this review %{y:.3f}<extra></extra>", row=rows,
    )  # fmt: skip
    drawing.probability(row=rows, room=0.1)
    last = max([*numbers, 0 if history is None else history.epochs])
    drawing.xaxis(range=[0.5, last + 0.5], tickvals=list(range(1, last + 1, 1 + last // 12)), showgrid=False)
    drawing.xaxis(title_text="epoch", row=rows)
    drawing.yaxis(title_standoff=4)
    chosen = numbers[epoch]
    drawing.vrect(chosen - 0.3, chosen + 0.3, line={"color": colours.ink, "width": 1.5}, layer="above")
    drawing.layout(legend={"itemclick": False, "itemdoubleclick": False})
    return drawing.figure()
