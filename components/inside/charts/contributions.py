"""What each word added to the logit, as bars on the word axis."""

from __future__ import annotations

import numpy as np

from components.inside.charts.lanes import finish
from components.ui import word_axis
from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette
from components.ui.words import FULL_SHARE
from models.explain.view import View


def contributions(view: View, colours: Palette) -> Figure:
    """One bar a word, blue up and orange down. Beyond 400 words a bar is the sum of the words it stands for."""
    values = view.trace.contributions
    starts = word_axis.columns(len(values))
    drawn = np.add.reduceat(values, starts) if len(starts) < len(values) else values
    drawing = Drawing(colours, 250)
    word_axis.signed_bars(
        drawing, view.trace.tokens, drawn, colours, "%{y:+.3f}<extra></extra>", customdata=starts,
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
    )  # fmt: skip
    end = max(FULL_SHARE, float(np.abs(drawn).max()) * 1.1)
    drawing.yaxis(title_text="added to the logit", range=[-end, end], automargin=False, title_standoff=2)
    drawing.layout(hovermode="x")  # the whole column of a word can be clicked, however small its bar
    finish(drawing, view.trace.tokens, view.cursor, colours, 250, top=10)
    return drawing.figure()
