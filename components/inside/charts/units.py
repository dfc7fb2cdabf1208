"""Units: all hidden states of a layer at every word, and everything about one unit."""

from __future__ import annotations

import numpy as np

from components.inside.charts.gates import LETTERS
from components.inside.charts.lanes import Lane, finish, lanes, scale_text
from components.ui import word_axis
from components.ui.figure import Drawing, Figure, lean
from components.ui.theme import FAMILY_DASH, Palette
from models.explain.view import View

_ROW, _HEATMAP = 150, 300  # pixels
# Gates of one unit are told apart by line style and by shade, a place of the sequential scale; order as drawn. A cell
# with more gates than there are looks needs another look here: none is left out.
_GATE_LOOKS = (("solid", 4), ("dash", 3), ("dot", 2))


def hidden_states(view: View, colours: Palette) -> Figure:
    """The hidden state of every unit at every word, on the fixed scale −1…+1."""
    return lanes(view, [Lane("hidden state h", view.layer.hidden_states, -1, 1)], colours, _HEATMAP)


def weighed_states(view: View, weights: np.ndarray, colours: Palette) -> Figure:
    """What the state of every unit says at every word: the state × its readout weight, orange against, blue for."""
    weighted = view.layer.hidden_states * weights
    end = max(0.01, float(np.round(np.percentile(np.abs(weighted), 99), 2)))
    return lanes(view, [Lane("state × weight", weighted, -end, end, speaks=True)], colours, _HEATMAP)


def cell_range(view: View) -> float:
    """The end of the symmetric scale for all cell states of this layer: it leaves out the farthest 3 %.

    A cell state is unbounded; one unit that counts words would bleach all the others.
    """
    cells = view.layer.cell_states
    return 1.0 if cells is None else _rounded_up(float(np.percentile(np.abs(cells), 97)))


def _rounded_up(value: float) -> float:
    return max(1.0, float(np.ceil(value * 2) / 2))


def one_unit(view: View, colours: Palette) -> Figure:
    """One unit as lines: hidden state and candidate, below them the cell state, below that the gates."""
    layer, unit, timesteps = view.layer, view.unit, len(view.trace.tokens)
    x, words = word_axis.numbers(timesteps), word_axis.hover_words(view.trace.tokens)
    gates = [name for name in layer.gates if name != "candidate"]
    rows = ["state", *(["cell"] if layer.cell_states is not None else []), *(["gates"] if gates else [])]
    height = _ROW * len(rows) + (40 if len(rows) == 1 else 0)
    drawing = Drawing(colours, height, rows=len(rows), spacing=0.07)
    mode = "lines+markers" if timesteps <= 80 else "lines"

    def line(name: str, values: np.ndarray, row: int, colour: str, dash: str, width: float) -> None:
        drawing.scatter(
            x=x, y=lean(word_axis.thinned(values, timesteps), 4), mode=mode, name=name,
            text=words, line={"color": colour, "dash": dash, "width": width}, marker={"size": 4, "color": colour},
            hovertemplate=f"%{{text}}<br>{name} %{{y:.3f}}<extra></extra>", row=row,
        )  # fmt: skip

    ink = colours.families[view.family]
    line("hidden state h", layer.hidden_states[:, unit], 1, ink, FAMILY_DASH[view.family], 2.5)
    if gates:
        line("candidate g", layer.gates["candidate"][:, unit], 1, colours.muted, "dot", 1.5)
    drawing.yaxis(title_text="−1 … +1", range=[-1.05, 1.05], tickvals=[-1, 0, 1], row=1)
    if layer.cell_states is not None:
        end = _rounded_up(float(np.abs(layer.cell_states[:, unit]).max()))
        line("cell state c", layer.cell_states[:, unit], 2, colours.ink, "solid", 2)
        drawing.yaxis(
            title_text="cell state", range=[-1.05 * end, 1.05 * end], tickvals=[-end, 0, end],
            ticktext=[scale_text(-end), "0", scale_text(end)], row=2,
        )  # fmt: skip
    for name, (dash, shade) in zip(gates, _GATE_LOOKS[: len(gates)], strict=True):
        line(
            f"{name} gate {LETTERS[name]}", layer.gates[name][:, unit], len(rows), colours.sequential[shade][1], dash, 2
        )
    if gates:
        drawing.yaxis(title_text="gates 0 … 1", range=[-0.05, 1.05], tickvals=[0, 0.5, 1], row=len(rows))
    drawing.yaxis(automargin=False, title_standoff=4, zeroline=True)
    drawing.layout(legend={"y": 1, "yanchor": "bottom", "entrywidthmode": "pixels"})
    # A click anywhere in a word's column chooses the word.
    drawing.layout(hovermode="x", hoverdistance=-1)
    finish(drawing, view.trace.tokens, view.cursor, colours, height, top=58)
    return drawing.figure()
