"""What an edit does: two readings of one model on one aligned word axis, state paths, shuffles, the path of a flip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from components.ui import theme, word_axis
from components.ui.figure import Drawing, Figure, lean
from components.ui.format import percent
from components.ui.theme import Palette
from components.ui.verdict import ranks
from models.compare.edits import Pair
from models.compare.flip import Flip
from models.compare.readers import Reader, stretches
from models.text import Token

Array = np.ndarray

_ROW, _GAP, _WORDS, _TOP = 170, 34, 120, 52
_MOST_BANDS = 60
_MOST_MARKERS = 120


def carried(values: Array, places: Sequence[int | None]) -> Array:
    """``values`` on aligned columns: where a text has no word its last value is carried on, NaN before its first."""
    out = np.full(len(places), np.nan)
    last = np.nan
    for column, place in enumerate(places):
        if place is not None and place < len(values):
            last = float(values[place])
        out[column] = last
    return out


def column_words(pairs: Sequence[Pair], before: Sequence[Token], after: Sequence[Token]) -> tuple[Token, ...]:
    """What stands under each aligned column: the word, ``old → new``, ``+ new`` or ``− old``."""
    labels = []
    for pair in pairs:
        old = "" if pair.before is None else before[pair.before].text
        new = "" if pair.after is None else after[pair.after].text
        labels.append(
            {"same": new, "replaced": f"{old} → {new}", "removed": f"− {old}", "added": f"+ {new}"}[pair.kind]
        )
    return tuple(Token(text, 0, 0, 0, True) for text in labels)


def overlay(pairs: Sequence[Pair], versions: Sequence[tuple[Reader, Reader]], colours: Palette) -> Figure:
    """One row a model: P(positive) after every word of the original and of the edited review, edited words shaded.

    Args:
        versions: original and edited, only of models with a running prediction.
    """
    words = column_words(pairs, *(reader.trace.tokens for reader in versions[0]))
    n, rows = len(words), len(versions)
    total = rows * _ROW + (rows - 1) * _GAP
    drawing = Drawing(colours, total, rows=rows, spacing=_GAP / total)
    hover = word_axis.hover_words(words)
    for row, (old, new) in enumerate(versions, 1):
        family = old.card.family
        title = word_axis.shown(old.card.title, 40)
        for reader, places, name, line in (
            (old, [pair.before for pair in pairs], "original", {"color": colours.muted, "width": 2, "dash": "dot"}),
            (new, [pair.after for pair in pairs], "edited", {"color": colours.families[family], "width": 2.5}),
        ):
            assert reader.running is not None
            values = word_axis.thinned(carried(reader.running, places), n)
            drawing.scatter(
                x=word_axis.numbers(n),
                y=lean(values, 4),
                name=name,
                mode="lines+markers" if len(values) <= _MOST_MARKERS else "lines",
                line=line,
                marker={
                    "symbol": "x-thin-open" if name == "original" else theme.FAMILY_SYMBOL[family],
                    "size": 6,
                    "color": line["color"],
                },
                text=hover,
                hovertemplate=f"%{{text}}<br>P(positive) %{{y:.3f}}<extra>{title}, {name}</extra>",
                legendgroup=name,
                showlegend=row == 1,
                row=row,
            )
        drawing.probability(row=row, room=0.06)
        drawing.row_title(f"<b>{title}</b>  {old.trace.probability:.2f} → {new.trace.probability:.2f}", row)
    edited = np.array([pair.kind != "same" for pair in pairs])
    for start, stop in stretches(edited)[:_MOST_BANDS]:
        drawing.vrect(
            word_axis.place(start, n) - 0.5, word_axis.place(stop - 1, n) + 0.5,
            fillcolor=colours.line, opacity=0.55, line={"width": 0}, layer="below",
        )  # fmt: skip
    word_axis.below(drawing, words, total, top=_TOP, left=8, right=12, upright=_WORDS)
    drawing.layout(legend={"x": 1, "xanchor": "right", "y": 1 + 22 / total})
    return drawing.figure()


def state_paths(before: Reader, after: Reader, colours: Palette) -> Figure:
    """The hidden states of both readings as two paths, in the plane in which these states vary most (PCA of both)."""
    old, new = (reader.trace.layers[_forward(reader)].hidden_states.astype(np.float64) for reader in (before, after))
    both = np.concatenate([old, new])
    centre = both.mean(0)
    _, spread, directions = np.linalg.svd(both - centre, full_matrices=False)
    axes = np.zeros((2, both.shape[1]))
    axes[: min(2, len(directions))] = directions[:2]
    share = spread[:2] ** 2 / max(float((spread**2).sum()), 1e-12)
    share = np.pad(share, (0, 2 - len(share)))
    drawing = Drawing(colours, 380)
    family = before.card.family
    for reader, states, name, colour, dash in (
        (before, old, "original", colours.muted, "dot"),
        (after, new, "edited", colours.families[family], "solid"),
    ):
        x, y = np.round((states - centre) @ axes.T, 3).T
        drawing.scatter(
            x=x, y=y, name=name, mode="lines+markers",
            line={"color": colour, "width": 1.6, "dash": dash},
            marker={"size": [5] * (len(x) - 1) + [15], "color": colour, "symbol": theme.FAMILY_SYMBOL[family],
                    "line": {"color": colours.ink, "width": [0] * (len(x) - 1) + [1.5]}},
            text=[word_axis.hover_word(reader.trace.tokens, place) for place in range(len(x))],
            hovertemplate=f"%{{text}}<extra>{name}</extra>",
        )  # fmt: skip
        drawing.annotation(
            x=x[-1], y=y[-1], text=f"{name} ends", showarrow=False, yshift=19 if name == "original" else -20,
            font={"color": colours.ink, "size": 12}, bgcolor=colours.paper, borderpad=1,
        )  # fmt: skip
    drawing.xaxis(title_text=f"first direction ({percent(share[0])} of the variance)", zeroline=False)
    drawing.yaxis(title_text=f"second ({percent(share[1])})", zeroline=False)
    drawing.layout(margin={"t": 36})
    return drawing.figure()


def shuffles(shuffled: Mapping[str, Array], readers: Sequence[Reader], colours: Palette) -> Figure:
    """One row a model: P(positive) of the text as it stands (large) and of its words in other orders (small)."""
    drawing = Drawing(colours, 90 + 46 * len(readers))
    names = [word_axis.shown(reader.card.title, 24) for reader in readers]
    for reader, name in zip(readers, names, strict=True):
        colour, symbol = colours.families[reader.card.family], theme.FAMILY_SYMBOL[reader.card.family]
        values = np.round(shuffled[reader.card.name].astype(np.float64), 4)
        drawing.scatter(
            x=values, y=[name] * len(values), mode="markers", name="shuffled", legendgroup="shuffled",
            marker={"symbol": f"{symbol}-open", "size": 9, "color": colour, "line": {"width": 1.5}},
            hovertemplate="shuffled, P(positive) %{x:.3f}<extra>" + name + "</extra>", showlegend=False,
        )  # fmt: skip
        drawing.scatter(
            x=[round(reader.trace.probability, 4)], y=[name], mode="markers", showlegend=False,
            marker={"symbol": symbol, "size": 16, "color": colour, "line": {"color": colours.ink, "width": 1.5}},
            hovertemplate="in order, P(positive) %{x:.3f}<extra>" + name + "</extra>",
        )  # fmt: skip
    drawing.probability("x", room=0.03)
    drawing.yaxis(type="category", autorange="reversed", showgrid=True, tickfont={"size": 14})
    return drawing.figure()


def flip_paths(found: Sequence[tuple[Reader, Flip]], colours: Palette) -> Figure:
    """P(positive) after each edit of every model's own smallest change; the threshold is crossed by the last one."""
    drawing = Drawing(colours, 260)
    rank = ranks(reader.card for reader, _ in found)
    for reader, flip in found:
        place = rank[reader.card.name]
        family, title = reader.card.family, word_axis.shown(reader.card.title, 30)
        values = [flip.before, *flip.path]
        drawing.scatter(
            x=list(range(len(values))),
            y=[round(v, 4) for v in values],
            name=title,
            mode="lines+markers",
            line={"color": colours.families[family], "width": 2.5, "dash": theme.family_dash(family, place)},
            marker={"symbol": theme.family_symbol(family, place), "size": 10},
            text=["the review as it is", *(_edit_text(edit.before, edit.after) for edit in flip.edits)],
            hovertemplate="%{text}<br>P(positive) %{y:.3f}<extra>" + title + "</extra>",
        )
    most = max(len(flip.path) for _, flip in found)
    drawing.probability()
    drawing.xaxis(title_text="edits made", range=[-0.15, most + 0.15], dtick=1)
    drawing.layout(margin={"t": 36}, showlegend=True)
    return drawing.figure()


def _edit_text(before: str, after: str | None) -> str:
    removed = word_axis.shown(before, 24)
    return f"{removed} removed" if after is None else f"{removed} → {word_axis.shown(after, 24)}"


def _forward(reader: Reader) -> int:
    """The topmost layer that reads forward."""
    layers = reader.trace.layers
    return max(place for place, layer in enumerate(layers) if layer.direction == "forward")
