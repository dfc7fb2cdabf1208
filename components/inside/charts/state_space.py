"""The path of a reading through state space: the first principal components of test states, and what the head wants."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.ui import word_axis
from components.ui.figure import Drawing, Figure, lean
from components.ui.format import percent
from components.ui.theme import Palette
from models.explain.state_space import LayerStates, Path, path_of
from models.explain.view import View

Array = np.ndarray

MOST_LABELS = 6
# So many points of the cloud are drawn: enough for its shape, few enough for a phone.
MOST_CLOUD = 1_200
_LEGEND = {"font": {"size": 12}, "itemclick": False, "itemdoubleclick": False, "itemsizing": "constant"}


def _start(view: View) -> str:
    return "what the padding left" if view.trace.padding and view.layer.direction == "forward" else "every unit at 0"


def labelled(path: Path, cursor: int) -> list[int]:
    """Words to name beside the path: first, last, the one under the cursor, and those that moved the state farthest."""
    first, last = int(path.words.min()), int(path.words.max())
    strongest = path.words[np.argsort(-path.moved, kind="stable")].tolist()
    return sorted(list(dict.fromkeys([cursor, first, last, *strongest]))[:MOST_LABELS])


def path_2d(view: View, space: LayerStates, colours: Palette, *, other: Path | None = None) -> Figure:
    """The path over the cloud on the first two components; ``other`` is a second path, drawn dashed."""
    path = path_of(view, space)
    if path.points.shape[1] < 2:
        raise ValueError("a plane needs two components")
    drawing = Drawing(colours, 500)
    _cloud(drawing, space, colours, 2)
    x_range, y_range = _ranges(space, [path] if other is None else [path, other])
    _readout(drawing, space, colours, 2)
    if other is not None:
        _draw(
            drawing, other.points[_shown(other), :2], mode="lines", name="with units held",
            line={"color": colours.ink, "width": 2, "dash": "dash"}, hoverinfo="skip",
        )  # fmt: skip
        _draw(
            drawing, other.points[-1:, :2], mode="markers", showlegend=False,
            marker={"symbol": "x", "size": 11, "color": colours.ink}, hovertemplate="end, units held<extra></extra>",
        )  # fmt: skip
    shown, ink = _shown(path), colours.families[view.family]
    # Arrowheads turn with the path; they grow from its start to its end.
    size = np.linspace(6, 13, len(shown)) * (1 if len(shown) <= 80 else 0.6)
    _draw(
        drawing, path.points[shown, :2], mode="lines+markers", name="this review", line={"color": ink, "width": 2},
        marker={
            "symbol": ["circle-open", *["arrow"] * (len(shown) - 1)], "angleref": "previous",
            "size": np.round(size, 1).tolist(), "color": ink, "line": {"width": 0},
        },
        text=_hover(view, path, shown), hovertemplate="%{text}<br>%{x:.2f}, %{y:.2f}<extra></extra>",
    )  # fmt: skip
    _cursor(drawing, path.points[path.after(view.cursor), :2], colours, 20, 2.5)
    _labels(drawing, view, path, x_range, y_range, colours)
    drawing.xaxis(title_text=_title(space, 0), range=x_range, zeroline=False, automargin=True)
    drawing.yaxis(title_text=_title(space, 1), range=y_range, zeroline=False, title_standoff=4)
    drawing.layout(legend=_LEGEND)
    return drawing.figure()


def path_3d(view: View, space: LayerStates, colours: Palette) -> Figure:
    """The same on three components, to be turned with the mouse or a finger."""
    path = path_of(view, space)
    if path.points.shape[1] < 3:
        raise ValueError("a room needs three components")
    drawing = Drawing(colours, 560)
    _cloud(drawing, space, colours, 3)
    _readout(drawing, space, colours, 3)
    named = _apart(path, labelled(path, view.cursor), view.cursor)
    shown = np.union1d(_shown(path), list(named)).astype(int)
    ink = colours.families[view.family]
    _draw(
        drawing, path.points[shown, :3], mode="lines+markers+text", name="this review", line={"color": ink, "width": 5},
        marker={"size": np.round(np.linspace(2, 7, len(shown)), 1).tolist(), "color": ink},
        text=[_label(view, named[row]) if row in named else "" for row in shown], textposition="top center",
        textfont={"color": colours.ink, "size": 13}, hovertext=_hover(view, path, shown),
        hovertemplate="%{hovertext}<br>%{x:.2f}, %{y:.2f}, %{z:.2f}<extra></extra>",
    )  # fmt: skip
    _cursor(drawing, path.points[path.after(view.cursor), :3], colours, 13, 3)

    def side(component: int) -> dict[str, Any]:
        return {
            "title": {"text": _title(space, component, brief=True), "font": {"size": 12, "color": colours.muted}},
            "gridcolor": colours.line, "showbackground": False, "zerolinecolor": colours.line,
            "tickfont": {"size": 10, "color": colours.muted}, "nticks": 5, "showspikes": False,
        }  # fmt: skip

    drawing.layout(
        scene={
            "xaxis": side(0), "yaxis": side(1), "zaxis": side(2), "dragmode": "orbit", "aspectmode": "manual",
            "aspectratio": {"x": 1.5, "y": 1, "z": 0.9},
            "camera": {"eye": {"x": 0.6, "y": -1.65, "z": 0.55}, "center": {"x": 0, "y": 0, "z": -0.2}},
        },
        legend=_LEGEND,
    )  # fmt: skip
    return drawing.figure()


def _draw(drawing: Drawing, points: Array, **settings: Any) -> None:
    """A trace of points, (rows, 2 or 3), in as many dimensions."""
    kind = "scatter3d" if points.shape[1] == 3 else "scatter"
    drawing.trace(type=kind, **dict(zip("xyz", lean(points).T, strict=False)), **settings)


def _cursor(drawing: Drawing, point: Array, colours: Palette, size: int, width: float) -> None:
    _draw(
        drawing, point[None], mode="markers", name="word under the cursor", hoverinfo="skip",
        marker={"symbol": "circle-open", "size": size, "color": colours.ink, "line": {"width": width}},
    )  # fmt: skip


def _apart(path: Path, words: list[int], cursor: int) -> dict[int, int]:
    """Words by their rows of the path, those left out that lie too near another: in a room, names cannot make way."""
    spread = np.ptp(path.points, axis=0).max() or 1.0
    kept: dict[int, int] = {}
    for word in sorted(words, key=lambda word: (word != cursor, -word)):
        row = path.after(word)
        if all(np.linalg.norm(path.points[row] - path.points[other]) > 0.28 * spread for other in kept):
            kept[row] = word
    return kept


def _shown(path: Path) -> Array:
    """Rows of the path to draw: all, or as many as the word axis has, the start and the end among them."""
    rows = word_axis.columns(len(path.points))
    return np.unique(np.append(rows, len(path.points) - 1))


def _hover(view: View, path: Path, rows: Array) -> list[str]:
    """What is said of these rows of the path."""
    names = [f"start: {_start(view)}", *(word_axis.hover_word(view.trace.tokens, word) for word in path.words.tolist())]
    return [names[row] for row in rows]


def _cloud(drawing: Drawing, space: LayerStates, colours: Palette, dimensions: int) -> None:
    """Test states, faint: two shapes and two tints, so that the labels can be told apart without colour.

    There are no triangles in three dimensions; solid circles and open diamonds instead.
    """
    of = "in {} test reviews" if space.of == "test reviews" else "in texts that it calls {}"
    for value, side, ink, flat, solid in (
        (0, "negative", colours.negative, "triangle-down", "diamond-open"),
        (1, "positive", colours.positive, "triangle-up", "circle"),
    ):
        points = space.cloud[space.cloud_labels == value]
        look = {"size": 5, "symbol": flat} if dimensions == 2 else {"size": 2.5, "symbol": solid}
        _draw(
            drawing, points[:: max(1, -(-2 * len(points) // MOST_CLOUD)), :dimensions], mode="markers",
            name=f"states {of.format(side)}", marker={"color": ink, "opacity": 0.28, "line": {"width": 0}} | look,
            hoverinfo="skip",
        )  # fmt: skip


def _readout(drawing: Drawing, space: LayerStates, colours: Palette, dimensions: int) -> None:
    """The readout direction as a line through the mean state, as long as the cloud is wide."""
    direction = space.readout_direction(dimensions)
    if direction is None or not np.linalg.norm(direction):
        return
    direction = direction / np.linalg.norm(direction)
    ends = np.outer(np.percentile(space.cloud[:, :dimensions] @ direction, [1, 99]), direction)
    line = {"color": colours.muted, "dash": "dot"}
    if dimensions == 3:
        _draw(
            drawing, ends, mode="lines+text", name="readout direction", line={**line, "width": 4},
            text=["negative", "positive"], textfont={"color": colours.muted, "size": 12}, hoverinfo="skip",
        )  # fmt: skip
        return
    _draw(
        drawing, ends, mode="lines+markers", name="readout direction: to positive", line={**line, "width": 2},
        marker={"symbol": ["circle", "arrow"], "angleref": "previous", "size": [1, 15], "color": colours.muted},
        hoverinfo="skip",
    )  # fmt: skip


def _ranges(space: LayerStates, paths: list[Path]) -> tuple[list[float], list[float]]:
    """What the plane shows: nearly all of the cloud, all of the paths, and room for labels above and below."""
    found = []
    for component, room in ((0, 0.05), (1, 0.17)):
        values = np.concatenate(
            [np.percentile(space.cloud[:, component], [0.5, 99.5]), *(path.points[:, component] for path in paths)]
        )
        low, high = float(values.min()), float(values.max())
        width = max(high - low, 1e-3)
        found.append([low - room * width, high + room * width])
    return found[0], found[1]


def _labels(
    drawing: Drawing, view: View, path: Path, x_range: list[float], y_range: list[float], colours: Palette
) -> None:
    """Names of some words in two rows, above and below, each tied to its place on the path by a thin line.

    Rows instead of places beside the points: whatever the width of the screen, names cannot lie upon each other.
    """
    words = labelled(path, view.cursor)
    points = {word: path.points[path.after(word)] for word in words}
    by_height = sorted(words, key=lambda word: -points[word][1])
    margin = 0.04 * (y_range[1] - y_range[0])
    upper = by_height[: (len(words) + 1) // 2]
    for row, high in ((upper, True), ([word for word in words if word not in upper], False)):
        row = sorted(row, key=lambda word: points[word][0])
        for place, word in enumerate(row):
            share = (place + 0.5) / len(row)
            here = word == view.cursor
            drawing.annotation(
                x=float(points[word][0]), y=float(points[word][1]), axref="x", ayref="y",
                ax=x_range[0] + share * (x_range[1] - x_range[0]),
                ay=y_range[1] - margin if high else y_range[0] + margin,
                text=f"<b>{_label(view, word)}</b>" if here else _label(view, word),
                showarrow=True, arrowhead=0, arrowwidth=1, arrowcolor=colours.ink if here else colours.muted,
                standoff=5, font={"size": 13, "color": colours.ink},
            )  # fmt: skip


def _label(view: View, word: int) -> str:
    return f"{word + 1} {word_axis.shown(view.trace.tokens[word].text, 11)}"


def _title(space: LayerStates, component: int, brief: bool = False) -> str:
    share = percent(float(space.explained[component]))
    if brief:
        return f"component {component + 1}, {share}"
    return f"component {component + 1}: {share} of the variance"
