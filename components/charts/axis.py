"""The one word axis: every chart over timesteps has the words of the review, in order, along x."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import numpy as np

from models.text import Token

Array = np.ndarray
MOST_COLUMNS = 400
MOST_LABELS = 60


def shown(text: str, most: int = 14) -> str:
    """A visitor's word as a tick, hover or annotation text: shortened, and escaped so that no markup in it lives."""
    return html.escape(text if len(text) <= most else text[: most - 1] + "…")


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


def word_axis(tokens: Sequence[Token], most_labels: int = MOST_LABELS) -> dict[str, Any]:
    """Plotly settings of an x-axis over word positions 1…n with the words as labels, thinned when they are many."""
    n = len(tokens)
    step = max(1, -(-n // most_labels))
    places = list(range(0, n, step))
    return {
        "tickvals": [place + 1 for place in places],
        "ticktext": [shown(tokens[place].text) for place in places],
        "tickangle": -90 if n > 12 else 0,
        "range": [0.5, n + 0.5],
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }


def hover_words(tokens: Sequence[Token]) -> list[str]:
    """``word 3: bored`` for every drawn column."""
    return [f"word {i + 1}: {shown(tokens[i].text, 40)}" for i in columns(len(tokens))]
