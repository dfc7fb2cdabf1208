"""What each word added to the logit, as bars on the word axis."""

from __future__ import annotations

import numpy as np

from components.inside.charts.lanes import finish
from components.ui import word_axis
from components.ui.figure import Drawing, Figure, lean
from components.ui.theme import Palette
from components.ui.words import FULL_SHARE
from models.explain.view import View


def contributions(view: View, colours: Palette, height: int = 250) -> Figure:
    """One bar a word, blue up and orange down. Beyond 400 words a bar is the sum of the words it stands for."""
    values = view.trace.contributions
    starts = word_axis.columns(len(values))
    drawn = np.add.reduceat(values, starts) if len(starts) < len(values) else values
    drawing = Drawing(colours, height)
    drawing.bar(
        x=word_axis.positions(len(values)),
        y=lean(drawn, 4),
        customdata=starts,
        marker={"color": np.where(drawn > 0, colours.positive, colours.negative).tolist(), "line": {"width": 0}},
        text=word_axis.hover_words(view.trace.tokens),
        textposition="none",
        hovertemplate="%{text}<br>%{y:+.3f}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
    )
    end = max(FULL_SHARE, float(np.abs(drawn).max()) * 1.1)
    drawing.yaxis(
        title_text="added to the logit", range=[-end, end], automargin=False, title_standoff=2, nticks=5,
        zeroline=True, zerolinecolor=colours.muted,
    )  # fmt: skip
    # The whole column of a word can be clicked, however small its bar.
    drawing.layout(bargap=0.15, hovermode="x")
    finish(drawing, view.trace.tokens, view.cursor, colours, height, top=10)
    return drawing.figure()
