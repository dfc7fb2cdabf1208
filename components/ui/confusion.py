"""The confusion matrix: what labels say against what a model says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from components.ui import labels
from components.ui.figure import Drawing, Figure
from components.ui.format import percent
from components.ui.panel import panel
from components.ui.theme import Palette, ink_on, on_scale
from models.figures.records import Confusion


def confusion_panel(model: str, title: str, sentence: str, verdicts: Confusion, colours: Palette, *, key: str) -> None:
    """The right and wrong verdicts of one model, with what is said of them."""
    panel(
        title,
        sentence,
        confusion(verdicts, colours),
        key=key,
        alt=f"Confusion matrix of {model}. {sentence}",
        table=lambda: confusion_table(verdicts),
    )


def confusion_table(verdicts: Confusion) -> pd.DataFrame:
    """The four counts, with their shares of the label."""
    rows = [
        ("negative", "negative", verdicts.true_negative, verdicts.negative),
        ("negative", "positive", verdicts.false_positive, verdicts.negative),
        ("positive", "negative", verdicts.false_negative, verdicts.positive),
        ("positive", "positive", verdicts.true_positive, verdicts.positive),
    ]
    table = pd.DataFrame(rows, columns=["label", "verdict", "reviews", "of"])
    return table.assign(share=table["reviews"] / table.pop("of").clip(lower=1))


def confusion(verdicts: Confusion, colours: Palette) -> Figure:
    """What the labels say against what the model says, as counts and as shares of each label."""
    counts = np.array(
        [[verdicts.true_negative, verdicts.false_positive], [verdicts.false_negative, verdicts.true_positive]]
    )
    shares = counts / np.maximum(1, counts.sum(1, keepdims=True))
    sides = list(labels.now())
    drawing = Drawing(colours, 250)
    drawing.heatmap(
        z=100 * shares,
        x=sides,
        y=sides,
        zmin=0,
        zmax=100,
        colorscale=colours.sequential,
        showscale=False,
        xgap=3,
        ygap=3,
        customdata=counts,
        hovertemplate="labelled %{y}, verdict %{x}<br>%{customdata:,} reviews, %{z:.1f} % of this label<extra></extra>",
    )
    for i, side in enumerate(sides):
        for j, verdict in enumerate(sides):
            shade = on_scale(float(shares[i, j]), colours.sequential)
            drawing.annotation(
                x=verdict, y=side, text=f"{counts[i, j]:,}<br>{percent(shares[i, j])}", showarrow=False,
                font={"color": ink_on(shade), "size": 15},
            )  # fmt: skip
    drawing.xaxis(title_text="the model says", showgrid=False)
    drawing.yaxis(title_text="the label says", autorange="reversed", showgrid=False, tickangle=-90)
    return drawing.figure()
