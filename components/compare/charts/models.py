"""Several models on one word axis: running predictions row by row, states beneath on demand, credit per word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.ui import theme, word_axis
from components.ui.figure import Drawing, Figure, lean
from components.ui.theme import Palette
from components.ui.verdict import in_words, ranks
from components.ui.words import FULL_SHARE
from models.compare.readers import Parting, Reader, on_axis
from models.explain.view import drawn_units
from models.text import Token

Array = np.ndarray

MOST_UNITS = 32
# Both charts have these margins, so that a word stands at the same place in them.
LEFT, RIGHT = 56, 48
_LINE, _STATES, _CREDIT = 150, 120, 120
_GAP, _WORDS = 34, 100
# With more markers than this a line of them is a smear.
_MOST_MARKERS = 120


def side_by_side(
    readers: Sequence[Reader], words: Sequence[Token], parting: Sequence[Parting], with_states: bool, colours: Palette
) -> Figure:
    """One row a model: P(positive) after every word, the others as thin lines behind it, states beneath if asked.

    A network that also reads from the end has no running prediction; it has rows only where ``with_states`` is set.

    Args:
        words: the common word axis, see ``models.compare.readers.common_words``.
        parting: marked by a vertical line each; at most three are read without trouble.
    """
    rows: list[tuple[Reader, int | None]] = []
    for reader in readers:
        if reader.running is not None:
            rows.append((reader, None))
        if with_states:
            last = len(reader.trace.layers) - 1
            rows += [(reader, last)] if reader.running is not None else [(reader, last - 1), (reader, last)]
    heights = [_LINE if layer is None else _STATES for _, layer in rows]
    drawing = _rows(heights, words, colours, 34 + 18 * len(parting), hovered=with_states)
    lines = [reader for reader in readers if reader.running is not None]
    rank = ranks(reader.card for reader in readers)
    hover = word_axis.hover_words(words)
    for row, (reader, layer) in enumerate(rows, 1):
        if layer is None:
            for other in lines:
                if other is not reader:
                    _running(drawing, other, words, row, colours, rank[other.card.name])
            _running(drawing, reader, words, row, colours, rank[reader.card.name], hover)
            drawing.probability(row=row, room=0.06)
            p = reader.trace.probability
            title = f"<b>{word_axis.shown(reader.card.title, 40)}</b>  {p:.2f}, {in_words(p)}"
        else:
            states = on_axis(reader, reader.trace.layers[layer].hidden_states, words)
            order = drawn_units(reader.trace, layer, MOST_UNITS)
            word_axis.unit_rows(drawing, states, order, row, "units", hundredths=False)
            direction = "" if reader.running is not None else f" {reader.trace.layers[layer].direction}"
            title = f"{word_axis.shown(reader.card.title, 40)}, hidden states{direction}, −1 … +1"
        drawing.row_title(title, row)
    for place, one in enumerate(parting):
        _mark(drawing, one, words, place, colours)
    if with_states:
        drawing.layout(coloraxis=theme.colour_axis(colours.states, -1, 1))
    return drawing.figure()


def credits(readers: Sequence[Reader], words: Sequence[Token], colours: Palette) -> Figure:
    """One row a model: what every word added to the logit; up is towards positive. One scale for all."""
    drawing = _rows([_CREDIT] * len(readers), words, colours, 30)
    drawn = [word_axis.thinned(on_axis(r, r.trace.contributions, words), len(words)) for r in readers]
    most = max(FULL_SHARE, max(float(np.nanmax(np.abs(values))) for values in drawn)) * 1.12
    for row, (reader, values) in enumerate(zip(readers, drawn, strict=True), 1):
        hover = f"credit %{{y:+.2f}}<extra>{word_axis.shown(reader.card.title, 30)}</extra>"
        word_axis.signed_bars(drawing, words, values, colours, hover, row=row)
        drawing.row_title(f"<b>{word_axis.shown(reader.card.title, 40)}</b>", row)
    drawing.yaxis(range=[-most, most])
    return drawing.figure()


def _rows(
    heights: Sequence[int], words: Sequence[Token], colours: Palette, top: int, *, hovered: bool = False
) -> Drawing:
    """Rows of the given heights in pixels with room for a title over each, and the words below."""
    total = sum(heights) + _GAP * (len(heights) - 1)
    drawing = Drawing(colours, total, rows=len(heights), spacing=_GAP / total, heights=heights)
    word_axis.below(drawing, words, total, top=top, left=LEFT, right=RIGHT, upright=_WORDS, hovered=hovered)
    drawing.layout(font={"size": 13})
    drawing.yaxis(automargin=False)
    return drawing


def _running(
    drawing: Drawing,
    reader: Reader,
    words: Sequence[Token],
    row: int,
    colours: Palette,
    rank: int,
    hover: Sequence[str] | None = None,
) -> None:
    """A line of P(positive): the row's own one has hover texts, without them it is a thin one behind."""
    thin = hover is None
    family = reader.card.family
    values = word_axis.thinned(on_axis(reader, reader.running, words), len(words))  # type: ignore[arg-type]
    colour, title = colours.families[family], word_axis.shown(reader.card.title, 30)
    few = len(values) <= _MOST_MARKERS and not thin
    drawing.scatter(
        x=word_axis.numbers(len(words)),
        y=lean(values, 4),
        name=title,
        mode="lines+markers" if few else "lines",
        line={"color": colour, "width": 1 if thin else 2.5, "dash": theme.family_dash(family, rank)},
        marker={"symbol": theme.family_symbol(family, rank), "size": 6, "color": colour},
        opacity=0.4 if thin else 1,
        text=hover,
        hovertemplate=None if thin else f"%{{text}}<br>P(positive) %{{y:.3f}}<extra>{title}</extra>",
        hoverinfo="skip" if thin else None,
        showlegend=False,
        row=row,
    )


def _mark(drawing: Drawing, parting: Parting, words: Sequence[Token], place: int, colours: Palette) -> None:
    """A line through all rows at the word, and the names of the two over it."""
    here = word_axis.place(parting.timestep, len(words))
    line = {"color": colours.ink, "width": 1.5, "dash": "solid" if parting.apart else "dot"}
    drawing.vline(here, line=line, layer="above")
    right = here > len(word_axis.columns(len(words))) / 2
    above, below = (", ".join(reader.card.title for reader in side) for side in (parting.above, parting.below))
    names = word_axis.shown(f"{above} | {below}", 60)
    verb = "part" if parting.apart else "furthest apart"
    word = word_axis.shown(words[parting.timestep].text)
    drawing.annotation(
        text=f"{names} {verb}: <b>{word}</b>", x=here, xref="x", xanchor="right" if right else "left",
        y=1, yref="paper", yanchor="bottom", yshift=22 + 18 * place, showarrow=False,
        font={"size": 12, "color": colours.ink},
    )  # fmt: skip
