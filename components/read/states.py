"""The two pictures of a reading: its words with their credit, and P(positive) above the hidden states."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.read.charts import reading
from components.session import keys
from components.session import reading as readings
from components.ui import sentences, words
from components.ui.panel import heading, panel
from components.ui.player import player
from components.ui.theme import Palette
from models.card import ModelCard
from models.sentiment import Trace


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


def credited_words(review: str, trace: Trace, colours: Palette, height: int = 165) -> None:
    """The review, every word coloured by what it added to the logit."""
    scale = words.FULL_SHARE
    heading("What each word did to the verdict", sentences.credit(trace), key="words")
    words.coloured_review(review, trace, trace.contributions, scale, colours, height=height)
    words.legend(colours, scale, "added to the score before the sigmoid (logit)")
