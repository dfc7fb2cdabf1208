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
    review: str, trace: Trace, colours: Palette, height: int, *, unit: Array | None = None, cursor: int | None = None
) -> None:
    """Show ``review`` with each token coloured by what it added to the logit, blue above zero and orange below.

    Colour never stands alone: words above zero are underlined solid, words below dashed, and the strongest carry
    their value. Words out of vocabulary are marked, words beyond the model's reach greyed.

    Args:
        height: in pixels, beyond which the text scrolls.
        unit: a unit's hidden states, (timesteps,), to colour by instead: olive above zero, plum below.
        cursor: the word to frame; with it each word can be clicked (``components/ui/pointing``).
    """
    st.html(
        f'<div class="unrolled-review u-words{"" if unit is None else " u-states"}'
        f'{"" if cursor is None else " u-follows"}" tabindex="0" role="region" '
        'aria-label="The review, word by word" '
        f'style="max-height:{height}px">'
        f"{review_html(review, trace, colours, unit=unit, cursor=cursor)}</div>"
    )


def review_html(
    review: str, trace: Trace, colours: Palette, *, unit: Array | None = None, cursor: int | None = None
) -> str:
    """The escaped HTML of ``coloured_review``, without its frame."""
    values = trace.contributions if unit is None else unit
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
        number = None if cursor is None else index
        state = unit is not None
        pieces.append(_word(token, float(values[index]), colours, number, framed=index == cursor, state=state))
        if index in strongest:
            pieces.append(f"<sup>{signed(values[index], 1)}</sup>")
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


def legend(colours: Palette) -> None:
    """The printed scale under a review that is coloured by what words added to the logit."""
    low, high = (html.escape(labels.relabelled(word)) for word in labels.USUAL)
    st.html(
        f'<p class="u-key">−{FULL_SHARE:.1f} {swatches(colours.diverging)} +{FULL_SHARE:.1f} &nbsp;added to the score '
        f'before the sigmoid (logit). <u>solid</u> pushes to {high}, <u class="u-dashed">dashed</u> to {low}; '
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


def stretch_html(review: str, trace: Trace, colours: Palette, start: int, stop: int) -> str:
    """The words ``start … stop − 1`` with what stands between them, coloured as in ``review_html``."""
    pieces, position = [], trace.tokens[start].start
    for index in range(start, stop):
        token = trace.tokens[index]
        pieces.append(html.escape(visible(review[position : token.start])))
        pieces.append(_word(token, float(trace.contributions[index]), colours, index))
        position = token.end
    return "".join(pieces)


def _word(
    token: Token, value: float, colours: Palette, number: int | None, *, framed: bool = False, state: bool = False
) -> str:
    share = max(-1.0, min(1.0, value if state else value / FULL_SHARE))
    background, deep = _shades(colours.paper, state)[round(_SHADES * share)]
    marks = ["deep"] if deep else []
    if abs(share) > 0.15:
        marks.append("up" if share > 0 else "down")
    if not token.known:
        marks.append("new")
    if framed:
        marks.append("here")
    title = signed(value) + ("" if token.known else ", out of vocabulary")
    classes = f' class="{" ".join(marks)}"' if marks else ""
    if number is not None:
        classes += f' data-word="{number}"'
    return f'<span{classes} style="--c:{background}" title="{title}">{html.escape(visible(token.text))}</span>'


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
