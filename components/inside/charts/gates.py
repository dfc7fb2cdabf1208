"""Gates: what every gate of every unit did at every word, and each gate's habits over the whole review."""

from __future__ import annotations

import numpy as np

from components.inside.charts.lanes import Lane, lanes
from components.ui.figure import Drawing, Figure
from components.ui.theme import Palette
from models.explain.view import View

Array = np.ndarray

LETTERS = {"input": "i", "forget": "f", "candidate": "g", "output": "o", "update": "z", "reset": "r"}
SHUT, OPEN = 0.1, 0.9


def lane_names(view: View) -> list[str]:
    """The lanes that a layer has: its gates, and the cell state of an LSTM; none for a SimpleRNN."""
    return [*view.layer.gates, *(["cell"] if view.layer.cell_states is not None else [])]


def lane_title(name: str) -> str:
    """``forget gate f``, ``candidate g``, ``cell state c``."""
    if name == "cell":
        return "cell state c"
    return f"candidate {LETTERS[name]}" if name == "candidate" else f"{name} gate {LETTERS[name]}"


def gate_lanes(view: View, names: list[str], cell_range: float, colours: Palette) -> Figure:
    """The chosen lanes below each other: gates 0…1, candidate −1…+1, cell state on its own symmetric scale."""
    shown = []
    for name in names:
        if name == "cell" and view.layer.cell_states is not None:
            shown.append(Lane(lane_title(name), view.layer.cell_states, -cell_range, cell_range))
        else:
            shown.append(Lane(lane_title(name), view.layer.gates[name], -1.0 if name == "candidate" else 0.0, 1.0))
    return lanes(view, shown, colours, 120)


def saturation(values: Array) -> tuple[Array, Array]:
    """Shares of words, (units,) each, at which a gate (timesteps, units) is shut (< 0.1) and open (> 0.9)."""
    return (values < SHUT).mean(0), (values > OPEN).mean(0)


def habits(view: View, name: str, colours: Palette) -> Figure:
    """One point a unit: how often its gate is shut and how often it is open (Karpathy et al. 2015, Figure 3)."""
    shut, wide = saturation(view.layer.gates[name])
    # The chosen unit last, so that it lies on top.
    order = np.argsort(np.arange(len(shut)) == view.unit, kind="stable")
    chosen = order == view.unit
    drawing = Drawing(colours, 300)
    drawing.scatter(
        x=[0, 100],
        y=[100, 0],
        mode="lines",
        line={"color": colours.line, "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    drawing.scatter(
        x=np.round(100 * shut[order], 2),
        y=np.round(100 * wide[order], 2),
        mode="markers",
        customdata=order,
        marker={
            "size": np.where(chosen, 15, 9),
            "color": colours.sequential[3][1],
            "opacity": np.where(chosen, 1, 0.6),
            "line": {
                "color": np.where(chosen, colours.ink, colours.paper).tolist(),
                "width": np.where(chosen, 2.5, 1),
            },
        },
        hovertemplate="unit %{customdata}<br>below 0.1 at %{x:.0f} % of words<br>above 0.9 at %{y:.0f} %"
        "<extra></extra>",
        showlegend=False,
    )
    scale = {"range": [-6, 106], "tickvals": [0, 50, 100], "ticktext": ["0 %", "50 %", "100 %"], "zeroline": False}
    drawing.xaxis(scale, title_text="words at which it is below 0.1")
    drawing.yaxis(scale, title_text="words at which it is above 0.9")
    return drawing.figure()
