"""A review, and at once: the verdict, every word's credit, the running prediction, the hidden states."""

import streamlit as st

from components.read import recent
from components.read.states import credited_words, prediction_and_states
from components.read.verdicts import all_verdicts
from components.session import inputs, resources
from components.session import reading as readings
from components.session.evidence import evidence
from components.session.frame import page_header
from components.ui import sentences, theme
from components.ui.messages import plain
from components.ui.verdict import verdict

page_header(
    "Watch a network read",
    "Type a film review. A recurrent network reads it one word at a time; see what it makes of it.",
)
colours = theme.palette()

left, right = st.columns([4, 7], gap="large")
with left:
    review = inputs.review_box()
    earlier = st.container()
    card = inputs.model_picker()
    trace = readings.read(card, review)
    recent.remember(earlier, review, card, trace)
    if trace is None or card is None:
        st.stop()
    verdict(trace)
    plain(f"{evidence(trace, card)} {sentences.what_was_read(trace)}", muted=True)
    all_verdicts(review, resources.cards(), card, trace, colours)

with right:
    credited_words(review, trace, colours)
    prediction_and_states(trace, card.family, colours)
