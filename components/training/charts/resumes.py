"""Upright lines where a training was stopped and taken up again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.training.charts.label_placement import Line, free_height
from components.ui.figure import Drawing
from models.history.history import History

Array = np.ndarray


def mark_resumes(
    drawing: Drawing,
    history: History,
    ends: Array,
    lines: Sequence[Line],
    taken: tuple[float, float],
    ink: str,
    paper: str,
) -> None:
    """Draw them, each named where the curves beside it leave room.

    Args:
        ends: (rows,) where each row of the history lies along the axis.
        taken: from where to where the names of the best epochs stand, as shares of the height.
        ink, paper: colours of the run and of what is behind it.
    """
    places = [(row, "taken up again here") for row in history.resumes]
    if history.resumed is not None:
        after, origin = history.resumed
        places.append((after - 1, f"resumed here from the<br>checkpoint of epoch {origin}"))
    for row, text in places:
        x = float(ends[row])
        drawing.vline(x, line={"color": ink, "width": 1.6, "dash": "dot"})
        late = x > (float(ends[0]) + float(ends[-1])) / 2
        drawing.annotation(
            text=text,
            x=x,
            y=free_height(lines, (0.0, x) if late else (x, x + 0.45 * float(ends[-1])), taken),
            yref="paper",
            xanchor="right" if late else "left",
            yanchor="middle",
            xshift=-5 if late else 5,
            align="right" if late else "left",
            showarrow=False,
            font={"color": ink, "size": 12},
            bgcolor=paper,
            opacity=0.92,
        )
