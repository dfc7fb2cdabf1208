"""The one word axis: every chart over timesteps has the words of the review, in order, along x."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.ui.figure import HUNDREDTHS, Drawing, lean
from components.ui.format import shortened
from components.ui.theme import Palette
from models.text import Token

Array = np.ndarray
MOST_COLUMNS = 400


def shown(text: str, most: int = 14) -> str:
    """A visitor's word as a tick, hover or annotation text: shortened, and escaped so that no markup in it lives."""
    short = shortened(text, most)
    return short if short.isalnum() else html.escape(short, quote=False)


def columns(timesteps: int) -> Array:
    """First timestep of every column to draw: all of them, or ``MOST_COLUMNS`` evenly spread over a long review."""
    if timesteps <= MOST_COLUMNS:
        return np.arange(timesteps)
    return np.unique(np.linspace(0, timesteps - 1, MOST_COLUMNS).astype(int))


def thinned(values: Array, timesteps: int) -> Array:
    """Mean of ``values`` (timesteps, …) over each column of ``columns``; the same array when all fit."""
    starts = columns(timesteps)
    if len(starts) == timesteps:
        return values
    sums = np.add.reduceat(values, starts, axis=0)
    counts = np.diff(np.append(starts, timesteps)).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(sums / counts, values.dtype)


def place(timestep: int, timesteps: int) -> int:
    """Where the column that holds a (0-based) timestep stands on the word axis, for shapes and annotations."""
    return int(np.searchsorted(columns(timesteps), timestep, side="right")) - 1


def numbers(timesteps: int) -> Array:
    """x-values of the drawn columns on the word axis: word numbers, from 1."""
    return np.asarray(columns(timesteps) + 1, np.uint16 if timesteps < 2**16 else np.uint32)


def word_axis(tokens: Sequence[Token]) -> dict[str, Any]:
    """Plotly settings of an x-axis over words, for traces whose x is ``numbers``.

    Every word is a category, labelled by the word itself; the browser leaves out labels where it lacks the room, so
    that the same figure is readable on a phone and on a projector.
    """
    starts = columns(len(tokens))
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": numbers(len(tokens)),
        "labelalias": {str(i + 1): shown(tokens[i].text) for i in starts.tolist()},
        "tickangle": -90 if len(starts) > 12 else 0,
        "range": [-0.5, len(starts) - 0.5],
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": 11},
    }


def below(
    drawing: Drawing, tokens: Sequence[Token], height: int, *, top: int, left: int, right: int, upright: int = 92,
    hovered: bool = True,
) -> None:  # fmt: skip
    """Put the word axis below all rows, and room for it and around the rows.

    Args:
        height: of all rows together, in pixels, to which the room is added.
        top, left, right: the margins, in pixels.
        upright: room below for many words, which stand; few lie.
        hovered: hover texts of the upper rows name words by x, so they need them too.
    """
    axis = word_axis(tokens)
    drawing.xaxis(axis, automargin=False, showticklabels=False, labelalias=axis["labelalias"] if hovered else None)
    drawing.xaxis(showticklabels=True, labelalias=axis["labelalias"], row=drawing.rows)
    room = upright if axis["tickangle"] else 40
    drawing.layout(height=height + room + top, margin={"l": left, "r": right, "t": top, "b": room})


def unit_rows(drawing: Drawing, states: Array, units: Array, row: int, title: str, *, hundredths: bool = True) -> None:
    """Hidden states, (timesteps, units), as coloured cells of one row: ``units`` from top to bottom.

    Args:
        hundredths: see ``Drawing.heatmap``; not where some are NaN.
    """
    drawn = thinned(states[:, units], len(states)).T
    digits = HUNDREDTHS if hundredths else ":.2f"
    drawing.heatmap(
        z=drawn if hundredths else lean(drawn), hundredths=hundredths, x=numbers(len(states)),
        y=np.asarray(units, np.uint16), coloraxis="coloraxis", row=row,
        hovertemplate=f"unit %{{y}}, word %{{x}}<br>state %{{z{digits}}}<extra></extra>",
    )  # fmt: skip
    drawing.yaxis(
        title_text=title, type="category", autorange="reversed", showticklabels=False, showgrid=False, row=row
    )


def signed_bars(
    drawing: Drawing, tokens: Sequence[Token], values: Array, colours: Palette, hover: str, **settings: Any
) -> None:
    """A bar a drawn column, ``values`` (columns,) high, blue up and orange down.

    Args:
        hover: what is said below the word, as Plotly's template.
        settings: of the bars.
    """
    drawing.bar(
        x=numbers(len(tokens)), y=lean(values, 4), text=hover_words(tokens), textposition="none",
        marker={"color": np.where(values > 0, colours.positive, colours.negative).tolist(), "line": {"width": 0}},
        hovertemplate="%{text}<br>" + hover, showlegend=False, **settings,
    )  # fmt: skip
    drawing.layout(bargap=0.15)
    drawing.yaxis(zeroline=True, zerolinecolor=colours.muted, nticks=5)


def hover_words(tokens: Sequence[Token]) -> list[str]:
    """``word 3: bored`` for every drawn column."""
    return [hover_word(tokens, place) for place in columns(len(tokens)).tolist()]


def hover_word(tokens: Sequence[Token], place: int) -> str:
    """``word 3: bored`` for the word at a place, 0-based."""
    return f"word {place + 1}: {shown(tokens[place].text, 40)}"
