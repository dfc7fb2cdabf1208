"""A network growing up: one review after every epoch, and the loss curve with that epoch marked; no frame invented."""

from __future__ import annotations

import numpy as np

from components.inside.charts.lanes import LEFT, RIGHT, most_units
from components.ui import word_axis
from components.ui.figure import HUNDREDTHS, Drawing, Figure
from components.ui.theme import FAMILY_DASH, Palette, colour_bar
from models.explain.epochs import Growth, ReviewGrowth
from models.histories import History

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
    x, words = word_axis.positions(n), word_axis.hover_words(review.tokens)
    rows = 1 if running is None else 2
    height = 440 if rows == 2 else 300
    drawing = Drawing(colours, height + 120, rows=rows, spacing=0.06, heights=[0.4, 0.6] if rows == 2 else [1.0])
    if running is not None:
        ink = colours.families[family]
        others = [index for index in range(len(growth.epochs)) if index != epoch]
        for index in [*others, epoch]:
            here, number = index == epoch, growth.epochs[index]
            drawing.scatter(
                x=x, y=np.round(word_axis.thinned(running[index], n).astype(np.float32), 4), text=words,
                name=f"epoch {number}" if here else "other epochs",
                mode="lines+markers" if here and n <= 120 else "lines", marker={"size": 6},
                line={"color": ink if here else colours.muted, "width": 2.5 if here else 1,
                      "dash": FAMILY_DASH[family] if here else "solid"},
                opacity=1 if here else 0.45, showlegend=here or index == others[0],
                hovertemplate=f"%{{text}}<br>epoch {number}: P(positive) %{{y:.3f}}<extra></extra>", row=1,
            )  # fmt: skip
        drawing.hline(0.5, line={"color": colours.muted, "width": 1, "dash": "dot"}, row=1)
    kept = order[: most_units(1, n)]
    drawing.heatmap(
        z=word_axis.thinned(review.hidden_states[layer][epoch].astype(np.float32), n)[:, kept].T, hundredths=True, x=x,
        y=[str(unit) for unit in kept], coloraxis="coloraxis",
        hovertemplate=f"unit %{{y}}, word %{{x}}<br>%{{z{HUNDREDTHS}}}<extra></extra>", row=rows,
    )  # fmt: skip
    if rows == 2:
        drawing.yaxis(title_text="P(positive)", range=[-0.04, 1.04], tickvals=[0, 0.5, 1], row=1)
    drawing.yaxis(
        title_text="hidden units, −1 … +1", type="category", autorange="reversed", showticklabels=False,
        showgrid=False, row=rows,
    )  # fmt: skip
    drawing.yaxis(automargin=False, title_standoff=4)
    ticks = word_axis.word_axis(review.tokens)
    drawing.xaxis(**ticks, automargin=False, showticklabels=False)
    drawing.xaxis(showticklabels=True, row=rows)
    drawing.layout(
        margin={"l": LEFT, "r": RIGHT, "t": 34 if rows == 2 else 8, "b": 92 if ticks["tickangle"] else 36},
        coloraxis={
            "colorscale": colours.states, "cmin": -100, "cmax": 100,
            "colorbar": colour_bar([-1, 0, 1], 0.0, 0.56 if rows == 2 else 1.0, unit=100),
        },
        legend={"itemclick": False, "itemdoubleclick": False},
    )  # fmt: skip
    if cursor is not None:
        place = word_axis.place(cursor, n)
        drawing.shape(
            type="rect", name="cursor", xref="x", yref="paper", x0=place - 0.5, x1=place + 0.5, y0=0, y1=1,
            line={"color": colours.ink, "width": 1.5}, layer="above",
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
        x=numbers, y=np.round(review.probabilities.astype(np.float32), 4), mode="lines+markers", showlegend=False,
        line={"color": colours.muted, "width": 1.5}, customdata=ends,
        marker={"size": 11, "color": review.probabilities, "colorscale": colours.diverging, "cmin": 0, "cmax": 1,
                "line": {"color": colours.ink, "width": 1.2}},
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
        hovertemplate="epoch %{x}<br>P(positive) of this review %{y:.3f}<extra></extra>", row=rows,
    )  # fmt: skip
    drawing.hline(0.5, line={"color": colours.muted, "width": 1, "dash": "dot"}, row=rows)
    drawing.yaxis(title_text="P(positive)", range=[-0.1, 1.1], tickvals=[0, 0.5, 1], row=rows)
    last = max([*numbers, 0 if history is None else history.epochs])
    drawing.xaxis(range=[0.5, last + 0.5], tickvals=list(range(1, last + 1, 1 + last // 12)), showgrid=False)
    drawing.xaxis(title_text="epoch", row=rows)
    drawing.yaxis(title_standoff=4)
    drawing.shape(
        type="rect", xref="x", yref="paper", x0=numbers[epoch] - 0.3, x1=numbers[epoch] + 0.3, y0=0, y1=1,
        line={"color": colours.ink, "width": 1.5}, layer="above",
    )  # fmt: skip
    drawing.layout(legend={"itemclick": False, "itemdoubleclick": False})
    return drawing.figure()
