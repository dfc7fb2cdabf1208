"""A reading on the screen: its verdict in words, its words with their credit, and P(positive) above the states."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.read.charts import reading
from components.session import keys
from components.session import reading as readings
from components.ui import sentences, words
from components.ui.messages import plain_html
from components.ui.panel import heading, panel
from components.ui.player import player
from components.ui.theme import Palette
from components.ui.verdict import verdict_html
from models.card import ModelCard
from models.sentiment import Trace

# Said by the style sheet alone, while a text is typed that is not read yet.
_STALE = '<p class="u-stale" role="status">What you see here is of the text before.</p>'


def verdict(trace: Trace, evidence: str) -> None:
    """The verdict, and how far it can be believed; one element, because Streamlit takes its time for each."""
    believed = plain_html(f"{evidence} {sentences.what_was_read(trace)}", muted=True)
    st.html(f"{_STALE}{verdict_html(trace)}{believed}")


@st.fragment
def watch(review: str, trace: Trace, card: ModelCard, colours: Palette) -> None:
    """The network reads in front of the visitor, word by word; a word chosen there is the page's cursor."""
    chosen = st.session_state.get(keys.TIMESTEP)
    player(
        trace,
        card,
        colours,
        review,
        title=f"Watch {card.title} read",
        part="While it reads",
        small=True,
        key="watch",
        cursor=None if chosen is None else min(chosen, len(trace.tokens)) - 1,
        table=partial(readings.state_table, trace),
        on_choice=lambda word, _: st.session_state.update({keys.TIMESTEP: word + 1}),
    )


def prediction_and_states(trace: Trace, family: str, colours: Palette) -> None:
    """The running prediction and the states of one reading."""
    panel(
        "P(positive) after every word, and the hidden states",
        sentences.running_prediction(trace),
        reading(trace, family, colours),
        key="reading",
        alt=f"P(positive) after each of {len(trace.tokens)} words, ending at {trace.probability:.2f}, above the "
        "hidden states of every unit at every word, from −1 to +1",
        table=partial(readings.state_table, trace),
    )


def credited_words(review: str, trace: Trace, colours: Palette) -> None:
    """The review, every word coloured by what it added to the logit."""
    heading("What each word did to the verdict", sentences.credit(trace), key="words")
    words.coloured_review(review, trace, colours, height=165)
    words.legend(colours)
