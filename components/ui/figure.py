"""The one way to make a figure: put together from plain dictionaries, and sent as it is.

A chart is a function that makes a ``Drawing``, adds to it and returns ``drawing.figure()``::

    drawing = Drawing(colours, height=300)                    # rows=2, heights=[…], spacing=0.05 for rows on one x-axis
    drawing.scatter(x=…, y=…, mode="lines", row=2)            # bar, heatmap, and trace(type=…) for others
    drawing.yaxis(title_text="epoch", range=[0, 1])           # of every row, or of one: row=2; probability
    drawing.vline(3, line={"color": colours.muted})           # vrect, shape, annotation, row_title
    drawing.layout(bargap=0.15)                               # merged into what is there
    return drawing.figure()

Settings are those of plotly.js, merged without looking at them: Plotly's own objects check every property of every
call, which costs more time than the network takes to read the review. That check is made in the tests instead: every
figure that any test makes is validated by Plotly (``tests/figures.py``). So whatever is misspelt here fails there.

Arrays stay NumPy arrays until the figure is sent; then each is written once, as a typed array. See ``lean``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io

from components.ui import labels, theme
from components.ui.theme import Palette
from components.ui.typed_arrays import plain

Settings = dict[str, Any]
# How a hover text writes a value that travels in hundredths, ``%{z:04,d}``: padded to three digits, with the point
# where other numbers have a comma between thousands. ``Figure.config`` tells the browser so.
HUNDREDTHS = ":04,d"
_POINT_BEFORE_TWO_DIGITS = {"locale": "en", "locales": {"en": {"format": {"grouping": [2], "thousands": "."}}}}


class Figure(go.Figure):
    """A Plotly figure whose content is ready. It is Plotly's own figure for whoever looks into it, and only then.

    ``st.plotly_chart`` asks a figure for its dictionary alone, and takes what it gets without checking it again.
    """

    def __init__(self, ready: Settings, config: Settings | None = None) -> None:
        self._ready = ready
        self._config = config or {}

    @property
    def config(self) -> Settings:
        """What ``st.plotly_chart(config=…)`` needs for this figure, beside what all figures share."""
        return self._config

    def resized(self, height: int, letters: int) -> Figure:
        """The same figure ``height`` pixels high, no letter of it smaller than ``letters`` pixels."""
        layout = _merged({}, self._ready["layout"])
        layout["height"], margin = height, layout["margin"]
        margin["t"] = max(margin.get("t", 0), round(2.4 * letters))  # a legend above the plot is as high as its letters
        fonts = [layout.setdefault("font", {}), layout.setdefault("legend", {}).setdefault("font", {})]
        for name, part in layout.items():
            if name.startswith(("xaxis", "yaxis")):
                title = part.setdefault("title", {})
                fonts += [part.setdefault("tickfont", {}), title.setdefault("font", {})]
                if name.startswith("yaxis"):
                    title["standoff"] = letters  # the sheet may make the numbers beside it a little larger still
                    margin["l"] = max(margin["l"], 0 if part.get("automargin") else 5 * letters)
            elif name.startswith("coloraxis"):
                fonts.append(part.setdefault("colorbar", {}).setdefault("tickfont", {}))
        layout["annotations"] = [_merged({"font": {}}, one) for one in layout.get("annotations", [])]
        for font in (*fonts, *(one["font"] for one in layout["annotations"])):
            font["size"] = max(letters, font.get("size", 0))
        return Figure({**self._ready, "layout": layout}, self._config)

    def headed(self, room: int) -> Figure:
        """The same figure with at least ``room`` pixels above its plot, and as much higher."""
        layout, more = self._ready["layout"], max(0, room - self._ready["layout"]["margin"]["t"])
        margin = {**layout["margin"], "t": layout["margin"]["t"] + more}
        layout = {**layout, "height": layout["height"] + more, "margin": margin}
        return Figure({**self._ready, "layout": layout}, self._config)

    def __getattr__(self, name: str) -> Any:
        # Only what is not there yet comes here: the objects that Plotly makes of the dictionary.
        if "_ready" not in self.__dict__ or "_data_objs" in self.__dict__:
            raise AttributeError(name)
        super().__init__({"data": self._ready["data"], "layout": self._ready["layout"]}, _validate=False)
        return getattr(self, name)

    def to_dict(self) -> Settings:
        """The figure as it is sent: plain values and typed arrays, nothing shared with what it was made from."""
        if "_data_objs" in self.__dict__:
            return dict(super().to_dict())
        return dict(labels.in_figure(plain(self._ready)))


class Drawing:
    """A figure while it is put together: see above.

    Args:
        height: in pixels.
        rows: plots below each other, which share one x-axis; the first is at the top.
        heights: how high each row is, relative to the others; without it all are alike.
        spacing: between rows, as a share of the whole height.
    """

    def __init__(
        self,
        colours: Palette,
        height: int,
        *,
        rows: int = 1,
        heights: Sequence[float] | None = None,
        spacing: float = 0,
    ) -> None:
        self.rows = rows
        self._colours = colours
        self.traces: list[Settings] = []
        self._shapes: list[Settings] = []
        self._annotations: list[Settings] = []
        self._config: Settings = {}
        self._layout: Settings = _merged({}, theme.figure_look(colours))
        self._layout["height"] = height
        if rows > 1:
            self._place_rows(list(heights or [1.0] * rows), spacing)
        axes = theme.axis_look(colours)
        for row in range(1, rows + 1):
            self._layout[_axis("xaxis", row)] = _merged(self._layout.get(_axis("xaxis", row), {}), axes)
            self._layout[_axis("yaxis", row)] = _merged(self._layout.get(_axis("yaxis", row), {}), axes)

    def _place_rows(self, heights: list[float], spacing: float) -> None:
        share = (1 - spacing * (self.rows - 1)) / sum(heights)
        top = 1.0
        for row, height in enumerate(heights, 1):
            bottom = max(0.0, top - height * share)
            words: Settings = {"anchor": _axis("y", row), "domain": [0.0, 1.0]}
            if row < self.rows:
                words |= {"matches": _axis("x", self.rows), "showticklabels": False}
            self._layout[_axis("xaxis", row)] = words
            self._layout[_axis("yaxis", row)] = {"anchor": _axis("x", row), "domain": [round(bottom, 6), round(top, 6)]}
            top = bottom - spacing

    def trace(self, *, row: int | None = None, **settings: Any) -> None:
        """Add a trace of any type; what is None is left out."""
        made = _merged({}, settings)
        if self.rows > 1:
            made["xaxis"], made["yaxis"] = _axis("x", row or 1), _axis("y", row or 1)
        self.traces.append(made)

    def scatter(self, *, row: int | None = None, **settings: Any) -> None:
        """Add points or a line."""
        self.trace(type="scatter", row=row, **settings)

    def bar(self, *, row: int | None = None, **settings: Any) -> None:
        """Add bars."""
        self.trace(type="bar", row=row, **settings)

    def heatmap(self, *, row: int | None = None, hundredths: bool = False, **settings: Any) -> None:
        """Add coloured cells; ``z`` is (y, x).

        With ``hundredths`` the values travel as whole hundredths, in a byte each where they lie in −1.27…1.27 and two
        otherwise, instead of four. Then the colour scale counts hundredths too, and hover texts use ``HUNDREDTHS``.
        """
        if hundredths:
            settings["z"] = np.rint(100 * np.asarray(settings["z"], np.float32)).astype(np.int32)
            self._config = _POINT_BEFORE_TWO_DIGITS
        self.trace(type="heatmap", row=row, **settings)

    def layout(self, more: Mapping[str, Any] | None = None, **settings: Any) -> None:
        """Set what belongs to the whole figure."""
        _merge(self._layout, {**(more or {}), **settings})

    def xaxis(self, more: Mapping[str, Any] | None = None, *, row: int | None = None, **settings: Any) -> None:
        """Set the x-axes of all rows, or of one."""
        self._axes("xaxis", row, {**(more or {}), **settings})

    def yaxis(self, more: Mapping[str, Any] | None = None, *, row: int | None = None, **settings: Any) -> None:
        """Set the y-axes of all rows, or of one."""
        self._axes("yaxis", row, {**(more or {}), **settings})

    def _axes(self, name: str, row: int | None, settings: Settings) -> None:
        for one in range(1, self.rows + 1) if row is None else (row,):
            _merge(self._layout[_axis(name, one)], settings)

    def shape(self, **settings: Any) -> None:
        """Draw a line or a box; what ``x0``, ``y0`` … count in is said by ``xref`` and ``yref``."""
        self._shapes.append(_merged({}, settings))

    def annotation(self, **settings: Any) -> None:
        """Write into the figure. The text may not hold a visitor's words unless ``word_axis.shown`` escaped them."""
        self._annotations.append(_merged({}, settings))

    def row_title(self, text: str, row: int) -> None:
        """Write above a row, at its left; of the text holds what holds of an annotation's."""
        top = self._layout[_axis("yaxis", row)].get("domain", (0, 1))[1]
        place = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
        look = {"font": {"size": 14, "color": self._colours.ink}, "bgcolor": self._colours.paper}
        self.annotation(text=text, **place, **look, showarrow=False)

    def probability(self, axis: str = "y", *, row: int = 1, room: float = 0.04) -> None:
        """Let an axis of a row be P(positive) from 0 to 1, with ``room`` beyond, and mark the threshold with a line."""
        settings = {"title_text": "P(positive)", "range": [-room, 1 + room], "tickvals": [0, 0.5, 1]}
        self._axes(f"{axis}axis", row, settings)
        across = "x" if axis == "y" else "y"
        self.shape(
            type="line", line={"color": self._colours.muted, "width": 1, "dash": "dot"},
            **{f"{across}0": 0, f"{across}1": 1, f"{across}ref": f"{_axis(across, row)} domain"},
            **{f"{axis}0": 0.5, f"{axis}1": 0.5, f"{axis}ref": _axis(axis, row)},
        )  # fmt: skip

    def vline(self, x: Any, **settings: Any) -> None:
        """A line from top to bottom, through all rows."""
        self.vrect(x, x, type="line", **settings)

    def vrect(self, x0: Any, x1: Any, *, type: str = "rect", **settings: Any) -> None:
        """A band from top to bottom, through all rows."""
        self.shape(type=type, x0=x0, x1=x1, xref="x", y0=0, y1=1, yref="paper", **settings)

    def figure(self) -> Figure:
        """What is drawn so far, to show it."""
        template = _template(frozenset(trace["type"] for trace in self.traces))
        layout = {**self._layout, "template": template, "shapes": self._shapes, "annotations": self._annotations}
        return Figure({"data": self.traces, "layout": layout}, self._config)


def lean(values: Any, decimals: int = 3) -> np.ndarray:
    """Values with so many decimals in four bytes each, as pictures need them."""
    return np.round(np.asarray(values, np.float32), decimals)


def _axis(name: str, row: int) -> str:
    """``x``, ``x2``, ``x3`` …: Plotly's name of the axis of a row."""
    return name if row == 1 else f"{name}{row}"


@cache
def _template(types: frozenset[str]) -> Settings:
    """The part of Plotly's template in force that these types of traces need; Streamlit fills the theme's colours in.

    The look cannot stand in it: Streamlit overwrites the template's layout in the browser. Colour scales are left out,
    because every chart that colours by a number says on which scale.
    """
    whole = plotly.io.templates[plotly.io.templates.default].to_plotly_json()
    layout = {name: value for name, value in whole["layout"].items() if name not in ("colorscale", "coloraxis")}
    data = {
        name: [{key: value for key, value in one.items() if key not in ("colorscale", "colorbar")} for one in traces]
        for name, traces in whole["data"].items()
        if name in types
    }
    return {"data": data, "layout": layout}


def _merged(into: Settings, settings: Mapping[str, Any]) -> Settings:
    """A copy of ``into`` with the settings merged into it."""
    made: Settings = {}
    for part in (into, settings):
        _merge(made, part)
    return made


def _merge(into: Settings, settings: Mapping[str, Any]) -> None:
    """Set what is there, dictionary by dictionary; None takes a setting away. ``title_text`` is ``title: text``."""
    for name, value in settings.items():
        if name.startswith("title_"):
            name, value = "title", {name[6:]: value}
        if isinstance(value, dict):
            inner = into.get(name)
            if not isinstance(inner, dict):
                inner = into[name] = {}
            _merge(inner, value)
        elif value is None:
            into.pop(name, None)
        else:
            into[name] = value
