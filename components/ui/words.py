"""The review as the network read it: the visitor's own text, every word coloured. All text is escaped."""

from __future__ import annotations

import functools
import html

import numpy as np
import streamlit as st

from components.ui import labels
from components.ui.format import signed
from components.ui.theme import DARK, LIGHT, Palette, Scale, ink_on, on_scale, sentiment_colour, state_colour
from models.sentiment import Trace
from models.text import Token

Array = np.ndarray

# So many words are drawn as text; the browser would choke on a hundred thousand coloured ones.
MOST_WORDS = 1_500
MOST_UNREAD = 150
LABELLED_WORDS = 4
# What gets the full colour among the shares of words in a logit, in every review: a longer one does not blow its small
# shares up. What goes beyond it is said.
FULL_SHARE = 2.0
_SHADES = 127  # of one colour, which is finer than an eye sees


def coloured_review(
    review: str,
    trace: Trace,
    values: Array,
    scale: float,
    colours: Palette,
    height: int,
    cursor: int | None = None,
    *,
    states: bool = False,
) -> None:
    """Show ``review`` with each token coloured by ``values`` (timesteps,), blue above zero and orange below.

    Colour never stands alone: words above zero are underlined solid, words below dashed, and the strongest carry
    their value. Words out of vocabulary are marked, words beyond the model's reach greyed.

    Args:
        scale: the value that gets the full colour; printed by the caller.
        height: in pixels, beyond which the text scrolls.
        cursor: the word to frame; with it each word can be clicked (``components/ui/pointing``).
        states: the values are hidden states, which have a scale of their own: olive above zero, plum below.
    """
    st.html(
        f'<div class="unrolled-review u-words{" u-states" if states else ""}'
        f'{"" if cursor is None else " u-follows"}" tabindex="0" role="region" '
        'aria-label="The review, word by word" '
        f'style="max-height:{height}px">'
        f"{review_html(review, trace, values, scale, colours, cursor, states=states)}</div>"
    )


def review_html(
    review: str,
    trace: Trace,
    values: Array,
    scale: float,
    colours: Palette,
    cursor: int | None = None,
    *,
    states: bool = False,
) -> str:
    """The escaped HTML of ``coloured_review``, without its frame."""
    strongest = set(np.argsort(-np.abs(values))[:LABELLED_WORDS].tolist()) if len(values) > 2 else set()
    pieces: list[str] = []
    position = 0
    if trace.unread and trace.unread_end == "start":
        left_out = trace.unread[-MOST_UNREAD:]
        position = left_out[-1].end
        hidden = len(trace.unread) > MOST_UNREAD
        pieces.append(_note(f"{len(trace.unread):,} words not read … " if hidden else "(not read) "))
        pieces.append(greyed(review[left_out[0].start if hidden else 0 : position]))
    for index, token in enumerate(trace.tokens[:MOST_WORDS]):
        pieces.append(html.escape(visible(review[position : token.start])))
        label = signed(values[index], 1) if index in strongest else ""
        number = None if cursor is None else index
        marked = _word(
            token, float(values[index]), scale, label, colours, framed=index == cursor, states=states, number=number
        )
        pieces.append(marked)
        position = token.end
    if len(trace.tokens) > MOST_WORDS:
        pieces.append(_note(f" … {len(trace.tokens) - MOST_WORDS:,} more words read"))
    if trace.unread and trace.unread_end == "end":
        end = trace.unread[min(len(trace.unread), MOST_UNREAD) - 1].end
        pieces.append(greyed(review[position:end]))
        more = len(trace.unread) - MOST_UNREAD
        pieces.append(_note(f" … {len(trace.unread):,} words not read" if more > 0 else " (not read)"))
    elif len(trace.tokens) <= MOST_WORDS:
        pieces.append(html.escape(visible(review[position : position + 2_000])))
    return "".join(pieces)


def legend(colours: Palette, scale: float, quantity: str) -> None:
    """The printed scale under a coloured review."""
    low, high = (html.escape(labels.relabelled(word)) for word in labels.USUAL)
    st.html(
        f'<p class="u-key">−{scale:.1f} {swatches(colours.diverging)} +{scale:.1f} &nbsp;{quantity}. '
        f'<u>solid</u> pushes to {high}, <u class="u-dashed">dashed</u> to {low}; '
        '<span class="u-new">boxed</span> is out of vocabulary.</p>'
    )


def swatches(scale: Scale) -> str:
    """Five colours of a scale, from end to end, as HTML for a line of class ``u-key``."""
    return "".join(f'<i style="background:{on_scale(place, scale)}"></i>' for place in (0, 0.25, 0.5, 0.75, 1))


def beyond(trace: Trace) -> str:
    """Which words' shares go beyond the scale, as text that may quote them; empty where none does."""
    values = trace.contributions
    over = np.flatnonzero(np.abs(values).round(1) > FULL_SHARE)
    if not len(over):
        return ""
    most = int(np.abs(values).argmax())
    word, share = trace.tokens[most].text[:24], signed(float(values[most]), 1)
    if len(over) == 1:
        return f"“{word}” goes beyond the scale, with {share}"
    return f"{len(over):,} words go beyond the scale, “{word}” farthest, with {share}"


def stretch_html(
    review: str, trace: Trace, values: Array, scale: float, colours: Palette, start: int, stop: int
) -> str:
    """The words ``start … stop − 1`` with what stands between them, coloured as in ``review_html``."""
    pieces, position = [], trace.tokens[start].start
    for index in range(start, stop):
        token = trace.tokens[index]
        pieces.append(html.escape(visible(review[position : token.start])))
        pieces.append(_word(token, float(values[index]), scale, "", colours, number=index))
        position = token.end
    return "".join(pieces)


def _word(
    token: Token,
    value: float,
    scale: float,
    label: str,
    colours: Palette,
    *,
    framed: bool = False,
    states: bool = False,
    number: int | None = None,
) -> str:
    share = max(-1.0, min(1.0, value / scale)) if scale else 0.0
    background, deep = _shades(colours.paper, states)[round(_SHADES * share)]
    marks = ["deep"] if deep else []
    if abs(share) > 0.15:
        marks.append("up" if share > 0 else "down")
    if not token.known:
        marks.append("new")
    if framed:
        marks.append("here")
    title = signed(value) + ("" if token.known else ", out of vocabulary")
    sup = f"<sup>{label}</sup>" if label else ""
    classes = f' class="{" ".join(marks)}"' if marks else ""
    if number is not None:
        classes += f' data-word="{number}"'
    return f'<span{classes} style="--c:{background}" title="{title}">{html.escape(visible(token.text))}</span>{sup}'


@functools.cache
def _shades(paper: str, states: bool) -> dict[int, tuple[str, bool]]:
    """For −``_SHADES``…``_SHADES``: the colour, and whether it needs another ink than faint colours, as the sheet says.

    Args:
        paper: tells the palette.
        states: on the scale of hidden states.
    """
    colours = LIGHT if paper == LIGHT.paper else DARK
    colour_of = state_colour if states else sentiment_colour
    found = {level: colour_of(level / _SHADES, colours) for level in range(-_SHADES, _SHADES + 1)}
    return {level: (colour, ink_on(colour) != ink_on(colours.neutral)) for level, colour in found.items()}


def greyed(text: str) -> str:
    """A part of a text that is not read, as escaped HTML."""
    return f'<span class="u-unread" title="not read">{html.escape(visible(text))}</span>'


def _note(text: str) -> str:
    return f'<span class="u-note">{html.escape(text)}</span>'


def visible(text: str) -> str:
    """Control characters as a visible mark: a browser would drop or obey them."""
    if text.isprintable():
        return text
    return "".join(c if c >= " " or c in "\n\t" else "␀" if c == "\0" else "·" for c in text)
