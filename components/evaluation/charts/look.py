"""How each model is drawn: its family's colour, marker and line, in variants where a family has several models."""

from __future__ import annotations

import html
from typing import Any

from components.ui.theme import Palette, family_dash, family_symbol
from models.figures.judged import Judged


def dash(model: Judged) -> str:
    """Its family's line, another for every further model of the family."""
    return family_dash(model.card.family, model.rank)


def colour(model: Judged, colours: Palette) -> str:
    """Its family's colour."""
    return colours.families.get(model.card.family, colours.ink)


def label(model: Judged) -> str:
    """The title as Plotly may show it: a card may be anybody's, and Plotly renders links."""
    return html.escape(model.title)


def marker(model: Judged, colours: Palette, size: int) -> dict[str, Any]:
    """Plotly settings of its marker; ``size`` in pixels."""
    ink = colour(model, colours)
    return {
        "symbol": family_symbol(model.card.family, model.rank),
        "size": size,
        "color": ink,
        "line": {"color": ink, "width": 1.3},
    }
