"""How each model is drawn: its family's colour, marker and line, in variants where a family has several models."""

from __future__ import annotations

import html
from typing import Any

from components.ui.theme import FAMILY_DASH, FAMILY_SYMBOL, Palette
from models.figures.judged import Judged

_DASHES = ("dashdot", "longdash", "longdashdot")
_VARIANTS = ("", "-open", "-dot", "-open-dot")


def symbol(model: Judged) -> str:
    """Its family's marker, in a variant for every further model of the family."""
    return FAMILY_SYMBOL.get(model.card.family, "triangle-up") + _VARIANTS[model.rank % len(_VARIANTS)]


def dash(model: Judged) -> str:
    """Its family's line, another for every further model of the family."""
    own = FAMILY_DASH.get(model.card.family, "solid")
    return own if not model.rank else _DASHES[(model.rank - 1) % len(_DASHES)]


def colour(model: Judged, colours: Palette) -> str:
    """Its family's colour."""
    return colours.families.get(model.card.family, colours.ink)


def label(model: Judged) -> str:
    """The title as Plotly may show it: a card may be anybody's, and Plotly renders links."""
    return html.escape(model.title)


def marker(model: Judged, colours: Palette, size: int) -> dict[str, Any]:
    """Plotly settings of its marker; ``size`` in pixels."""
    ink = colour(model, colours)
    return {"symbol": symbol(model), "size": size, "color": ink, "line": {"color": ink, "width": 1.3}}
