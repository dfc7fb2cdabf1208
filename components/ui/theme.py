"""One place for colours, scales and the toolbar of charts: one colour per meaning, in light and in dark.

- sentiment: orange (negative) – neutral – blue (positive), centred on zero or 0.5;
- families: SimpleRNN, LSTM, GRU, told apart from the sentiment scale and from each other, also with colour-blind
  vision (a test holds this), and each with a line style and a marker of its own;
- activations −1…1: a diverging scale of their own, plum (below zero) – neutral – olive (above), because a state is not
  for or against anything until it is weighed; gates 0…1: one sequential scale, violet.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import streamlit as st

Scale = list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, all as ``#rrggbb``."""

    paper: str
    surface: str
    ink: str
    muted: str
    line: str
    negative: str
    positive: str
    neutral: str
    families: dict[str, str]
    diverging: Scale
    states: Scale
    sequential: Scale

    @property
    def named(self) -> dict[str, str]:
        """All colours but those of scales, by name; the families by theirs."""
        names = ("paper", "surface", "ink", "muted", "line", "negative", "positive", "neutral")
        return {name: getattr(self, name) for name in names} | self.families


def _diverging(*colours: str) -> Scale:
    """Seven colours, the middle one of which says nothing."""
    return list(zip((0.0, 0.15, 0.35, 0.5, 0.65, 0.85, 1.0), colours, strict=True))


LIGHT = Palette(
    paper="#fbfaf6",
    surface="#f1eee5",
    ink="#1f1d1a",
    muted="#6a655c",
    line="#d9d4c7",
    negative="#b8540a",
    positive="#1f6fb4",
    neutral="#f6f3ea",
    families={"SimpleRNN": "#75665a", "LSTM": "#0a8a6c", "GRU": "#a8398f"},
    diverging=_diverging("#8a3c00", "#c05a0a", "#ecb487", "#f6f3ea", "#a5c8e6", "#1f6fb4", "#0b4a86"),
    states=_diverging("#5c1b57", "#963f8d", "#dab2d5", "#f6f3ea", "#c5cf90", "#6f7d1c", "#3f4a06"),
    sequential=[(0.0, "#f6f3ea"), (0.25, "#d5cfe6"), (0.5, "#a69dcf"), (0.75, "#6c5faf"), (1.0, "#332872")],
)
DARK = Palette(
    paper="#17161a",
    surface="#222128",
    ink="#ece8de",
    muted="#aaa59b",
    line="#3d3b45",
    negative="#f0944a",
    positive="#62a8e5",
    neutral="#26252c",
    families={"SimpleRNN": "#bfae9d", "LSTM": "#3fc9a4", "GRU": "#ea8fd2"},
    diverging=_diverging("#ffc08c", "#f0944a", "#7d4a24", "#26252c", "#2c557a", "#62a8e5", "#a9d3f7"),
    states=_diverging("#f4c1ec", "#cf80c4", "#6a3f65", "#26252c", "#4a5124", "#a8b74e", "#dde8a0"),
    sequential=[(0.0, "#26252c"), (0.25, "#453d62"), (0.5, "#6b5f9c"), (0.75, "#9d90d6"), (1.0, "#dcd5fa")],
)
FAMILY_DASH = {"SimpleRNN": "dot", "LSTM": "solid", "GRU": "dash"}
FAMILY_SYMBOL = {"SimpleRNN": "square", "LSTM": "circle", "GRU": "diamond"}
_DASHES = ("dashdot", "longdashdot", "longdash")
_VARIANTS = ("-open", "-open-dot", "-cross-open", "-x-open")  # a dot in a filled marker cannot be seen


def family_symbol(family: str, rank: int = 0) -> str:
    """A family's marker, in a variant for every further model of the family that stands beside others."""
    variant = _VARIANTS[(rank - 1) % len(_VARIANTS)] if rank else ""
    return FAMILY_SYMBOL.get(family, "triangle-up") + variant


def family_dash(family: str, rank: int = 0) -> str:
    """A family's line, another for every further model of the family that stands beside others."""
    return FAMILY_DASH.get(family, "solid") if not rank else _DASHES[(rank - 1) % len(_DASHES)]


def figure_look(colours: Palette) -> dict[str, Any]:
    """The look of the app: transparent, ink for text, room for the axis titles."""
    return {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours.ink, "size": 14},
        "hoverlabel": {"bgcolor": colours.surface, "font": {"color": colours.ink}, "bordercolor": colours.line},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"color": colours.ink}},
        "dragmode": False,
        "hovermode": "closest",
    }


def axis_look(colours: Palette) -> dict[str, Any]:
    """A quiet grid, and titles and ticks that make room for themselves."""
    quiet = {"color": colours.muted, "size": 13}
    return {
        "gridcolor": colours.line,
        "zerolinecolor": colours.line,
        "linecolor": colours.line,
        "tickfont": quiet,
        "title": {"font": quiet},
        "automargin": True,
    }


# The toolbar offers the picture (PNG) and nothing that a visitor could lose the chart with.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    "toImageButtonOptions": {"format": "svg", "filename": "unrolled"},
    "scrollZoom": False,
}


def is_dark() -> bool:
    """Whether the visitor looks at the dark theme."""
    return getattr(st.context.theme, "type", None) == "dark"


def palette() -> Palette:
    """The colours of the theme that the visitor looks at."""
    return DARK if is_dark() else LIGHT


def sentiment_colour(value: float, colours: Palette) -> str:
    """The colour of a signed value, −1 (negative) … 1 (positive), on the scale of sentiment."""
    return on_scale((value + 1) / 2, colours.diverging)


def state_colour(value: float, colours: Palette) -> str:
    """The colour of a hidden state, −1…1, on the scale of states."""
    return on_scale((value + 1) / 2, colours.states)


def on_scale(place: float, scale: Scale) -> str:
    """The colour at a place of a scale, 0…1, as ``#rrggbb``; beyond its ends, theirs."""
    place = min(1.0, max(0.0, place))
    for (low, first), (high, second) in itertools.pairwise(scale):
        if place <= high:
            return mixed(first, second, (place - low) / (high - low))
    return scale[-1][1]


def ink_on(background: str) -> str:
    """Black or white, whichever reads better on ``background`` (WCAG relative luminance)."""
    return "#000000" if contrast(background, "#000000") >= contrast(background, "#ffffff") else "#ffffff"


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1…21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colour_axis(
    scale: Scale, low: float, high: float, bottom: float = 0, height: float = 1, *, unit: float = 1
) -> dict[str, Any]:
    """Colours for ``low`` … ``high``, printed as a thin bar at the right of the rows that the axis title names.

    Args:
        bottom: where the bar starts, and ``height`` how long it is, as shares of the figure.
        unit: what one stands for among the values that are coloured: 100 where they count hundredths.
    """
    ticks = [low, (low + high) / 2, high]
    bar = {
        "tickvals": [tick * unit for tick in ticks],
        "ticktext": [f"{tick:+g}".replace("-", "−") if tick else "0" for tick in ticks],
        "tickfont": {"size": 11},
        "thickness": 8,
        "len": height,
        "x": 1.0,
        "xanchor": "left",
        "xpad": 3,
        "y": bottom,
        "ypad": 0,
        "yanchor": "bottom",
        "outlinewidth": 0,
    }
    return {"colorscale": scale, "cmin": unit * low, "cmax": unit * high, "colorbar": bar}


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0…255, of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(first: str, second: str, share: float) -> str:
    """A colour ``share`` (0…1) of the way from one to another."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
