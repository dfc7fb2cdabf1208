"""The same review judged by the other networks on the shelf."""

from __future__ import annotations

import html

import streamlit as st

from components.session import resources
from components.ui.theme import Palette
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel


def all_verdicts(review: str, cards: tuple[ModelCard, ...], chosen: ModelCard, colours: Palette) -> None:
    """The same review judged by our own models and the chosen one, a point on a bar each; ``chosen`` is set in bold."""
    rows = []
    for card in [card for card in cards if card.part in ("trio", "best") or card.name == chosen.name]:
        try:
            p: float | None = float(resources.model(card.name).predict([review])[0])
        except (ArtifactError, UnknownModel):
            p = None
        colour = colours.families.get(card.family, colours.muted)
        weight = 650 if card.name == chosen.name else 400
        bar = (
            '<span style="position:relative;flex:1 1 4rem;min-width:4rem;height:6px;border-radius:3px;'
            f'background:{colours.surface};box-shadow:inset 0 0 0 1px {colours.line}">'
            '<span style="position:absolute;left:50%;top:-3px;height:12px;'
            f'border-left:1.5px dashed {colours.muted}"></span>'
            + (
                f'<span style="position:absolute;left:{100 * p:.1f}%;top:-4px;width:14px;height:14px;margin-left:-7px;'
                f'border-radius:50%;background:{colour};box-shadow:0 0 0 2px {colours.paper}"></span>'
                if p is not None
                else ""
            )
            + "</span>"
        )
        value = f"{p:.3f} {'+' if p >= 0.5 else '−'}" if p is not None else "out of order"
        rows.append(
            f'<div style="display:flex;align-items:center;gap:.8rem;margin:.35rem 0;font-weight:{weight}">'
            f'<span style="flex:0 1 9.5rem;overflow-wrap:anywhere">{html.escape(card.title)}</span>{bar}'
            f'<span style="min-width:4.2rem;text-align:right;font-variant-numeric:tabular-nums">{value}</span></div>'
        )
    st.html(
        '<div role="group" aria-label="P(positive) of this review by several models">'
        '<p style="margin:.2rem 0 .3rem;font-weight:650">P(positive), model by model</p>' + "".join(rows) + "</div>"
    )
