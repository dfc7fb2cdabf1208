"""One network drawn unrolled over the words of a review, and its layers as a table."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.ui.format import agreeing, counted, percent
from components.ui.theme import Palette, ink_on
from models.card import ModelCard
from models.nn.summary import Layer

_WIDTH, _ROW, _BOX_WIDTH, _BOX_HEIGHT = 400, 58, 50, 32
_EXTRA = 24  # a layer that reads both ways is so much taller
_COLUMNS = (163, 230, 297, 364)
_WORDS = ("a", "fine", "…", "film")
_GAP = 2  # the column that stands for all the words in between
_WIDE_KINDS = {
    "ids": "word ids",
    "embedding": "embedding",
    "pool": "pooling",
    "hidden": "relu layer",
    "dense": "readout",
}


def diagram(layers: Sequence[Layer], card: ModelCard, colours: Palette) -> None:
    """Draw the network unrolled: words at the bottom, P(positive) at the top, one column a word.

    ``st.html`` takes no SVG, so it is a picture, with its description as ``alt``.
    """
    streams = not card.bidirectional
    description = "; ".join(f"{_title(layer)}, {_caption(layer)}" for layer in layers if layer.role != "dropout")
    end = "P(positive) after every word" if streams else "P(positive) after the whole review"
    picture = base64.b64encode(svg(layers, card.family, streams, colours).encode()).decode()
    st.html(
        f'<img alt="The network, unrolled over the words: {html.escape(description)}; {end}" '
        f'class="u-network" src="data:image/svg+xml;base64,{picture}">'
    )


def svg(layers: Sequence[Layer], family: str, streams: bool, colours: Palette) -> str:
    """The drawing of ``diagram`` as SVG, ``_WIDTH`` wide."""
    hidden = ("dropout", "last word", "activation", "other")
    shown = [layer for layer in layers if layer.role not in hidden]
    rows: list[Layer | str] = ["words", *shown, "verdict"]
    heights = [_ROW + (_EXTRA if isinstance(row, Layer) and row.bidirectional else 0) for row in rows]
    height = sum(heights)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" xmlns="http://www.w3.org/2000/svg" '
        f'style="font-family:system-ui,sans-serif;font-size:12.5px" fill="{colours.ink}">'
    ]
    below = float(height)
    for row, tall in zip(rows, heights, strict=True):
        middle = below - tall / 2
        parts += _row(row, middle, tall - (_ROW - _BOX_HEIGHT), below, family, streams, colours)
        below -= tall
    return "".join(parts) + "</svg>"


def layer_table(layers: Sequence[Layer]) -> pd.DataFrame:
    """One row a layer: name, kind, output shape, parameters, what it does."""
    return pd.DataFrame(
        {
            "layer": [layer.name for layer in layers],
            "kind": [layer.kind for layer in layers],
            "output shape": [" × ".join(str(size) for size in layer.shape) for layer in layers],
            "parameters": [layer.parameters for layer in layers],
            "what it does": [layer.detail for layer in layers],
        }
    )


def show_table(table: pd.DataFrame) -> None:
    """Draw the table of layers."""
    config = st.column_config
    st.dataframe(
        table,
        hide_index=True,
        key="layers-table",
        alt=f"A table of the network's {len(table)} layers",
        column_config={
            "layer": config.TextColumn("Layer", pinned=True),
            "kind": config.TextColumn("Kind"),
            "output shape": config.TextColumn("Output shape"),
            "parameters": config.NumberColumn("Parameters", format="localized"),
            "what it does": config.TextColumn("What it does", width="large"),
        },
    )


def sentence(layers: Sequence[Layer], parameters: int) -> str:
    """Where the parameters are, and whether they are all accounted for."""
    total = sum(layer.parameters for layer in layers)
    if total != parameters:
        return f"The layers below hold {total:,} parameters; the card says {parameters:,}."
    words = sum(layer.parameters for layer in layers if layer.role == "embedding")
    recurrent = sum(layer.parameters for layer in layers if layer.role == "recurrent")
    number = sum(layer.role == "recurrent" for layer in layers)
    return (
        f"Of {counted(total, 'parameter')}, {percent(words / total, 1)} are the words' vectors; the recurrent "
        f"{agreeing(number, 'layer itself has', 'layers themselves have')} {recurrent:,}."
    )


def _row(
    row: Layer | str, middle: float, tall: float, below: float, family: str, streams: bool, colours: Palette
) -> list[str]:
    """One line of the drawing: its label, and a box and an arrow from below for every word.

    ``middle`` and ``below`` are heights in the drawing, ``tall`` is the height of a box.
    """
    if isinstance(row, Layer):
        title, caption = _title(row), _caption(row)
    elif row == "words":
        title, caption = "words", "of the review"
    else:
        title, caption = "P(positive)", f"after {'every' if streams else 'the last'} word"
    parts = [
        f'<text x="0" y="{middle - 2}" font-weight="600">{html.escape(title)}</text>',
        f'<text x="0" y="{middle + 14}" fill="{colours.muted}">{html.escape(caption)}</text>',
    ]
    for column, x in enumerate(_COLUMNS):
        final, gap = column == len(_COLUMNS) - 1, column == _GAP
        if row == "words":
            parts.append(_text(x, middle, _WORDS[column], colours.ink, "font-style:italic;font-size:15px"))
            continue
        of_the_end = row == "verdict" or (isinstance(row, Layer) and row.role in ("hidden", "dense"))
        if of_the_end and not (streams or final):
            continue
        start = below + (_ROW - _BOX_HEIGHT) / 2 - 2
        parts.append(_arrow(x, start, x, middle + tall / 2 + 2, colours.muted))
        if isinstance(row, Layer) and row.role == "recurrent":
            parts += _cell(
                column, x, middle, tall, row.bidirectional, colours.families.get(family, colours.ink), colours
            )
        elif gap:
            parts.append(_text(x, middle, "…", colours.muted, ""))
        elif isinstance(row, Layer):
            parts.append(_box(x, middle, tall, colours.muted, colours.surface))
            parts.append(_text(x, middle, _SYMBOLS.get(row.role, ""), colours.ink, ""))
        else:
            parts.append(_box(x, middle, tall, colours.ink, colours.ink if final else colours.paper))
            parts.append(_text(x, middle, "verdict" if final else "P", colours.paper if final else colours.ink, ""))
    return parts


def _cell(column: int, x: float, middle: float, tall: float, both: bool, ink: str, colours: Palette) -> list[str]:
    """A recurrent cell at one word, with the arrows that carry its state on, and back if it also reads from the end."""
    lanes = [(middle + 13, 1), (middle - 13, -1)] if both else [(middle, 1)]
    parts = [] if column == _GAP else [_box(x, middle, tall, ink, ink)]
    for y, direction in lanes:
        label = "…" if column == _GAP else "h →" if direction > 0 else "← h"
        parts.append(_text(x, y, label, colours.muted if column == _GAP else ink_on(ink), ""))
        if column:
            left, right = _COLUMNS[column - 1] + _BOX_WIDTH / 2, x - _BOX_WIDTH / 2
            parts.append(_arrow(left, y, right - 1, y, ink) if direction > 0 else _arrow(right, y, left + 1, y, ink))
    return parts


_SYMBOLS = {"ids": "id", "embedding": "vector", "pool": "pool", "hidden": "relu", "dense": "logit"}


def _title(layer: Layer) -> str:
    return (
        layer.kind.removeprefix("Bidirectional(").removesuffix(")")
        if layer.role == "recurrent"
        else _WIDE_KINDS.get(layer.role, layer.kind)
    )


def _caption(layer: Layer) -> str:
    if layer.role == "ids":
        return "one a word"
    if layer.role == "pool":
        size = layer.shape[-1]
        return counted(size, "number") if isinstance(size, int) else f"{size} numbers"
    return counted(layer.parameters, "weight")


def _text(x: float, y: float, label: str, fill: str, style: str) -> str:
    return f'<text x="{x}" y="{y + 4.5}" text-anchor="middle" fill="{fill}" style="{style}">{html.escape(label)}</text>'


def _box(x: float, y: float, tall: float, line: str, fill: str) -> str:
    corner = f'x="{x - _BOX_WIDTH / 2}" y="{y - tall / 2}"'
    return f'<rect {corner} width="{_BOX_WIDTH}" height="{tall}" rx="5" fill="{fill}" stroke="{line}"/>'


def _arrow(x0: float, y0: float, x1: float, y1: float, ink: str) -> str:
    """A straight arrow, along x or along y."""
    dx, dy = (1 if x1 > x0 else -1 if x1 < x0 else 0), (1 if y1 > y0 else -1 if y1 < y0 else 0)
    back, side = 5, 3
    bx, by = x1 - back * dx, y1 - back * dy
    return (
        f'<path d="M{x0} {y0}L{bx} {by}" stroke="{ink}" stroke-width="1.4" fill="none"/>'
        f'<path d="M{x1} {y1}L{bx - side * dy} {by - side * dx}L{bx + side * dy} {by + side * dx}Z" fill="{ink}"/>'
    )
