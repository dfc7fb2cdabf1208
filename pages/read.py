"""A review, and at once: the verdict, every word's credit, the running prediction, the hidden states."""

import streamlit as st

from components import history, inputs, readings, resources, sentences, theme
from components.messages import plain
from components.reading_panel import credited_words, prediction_and_states
from components.shell import page_header
from components.verdict import all_verdicts, evidence, verdict

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
    history.remember(earlier, review, card, trace)
    if trace is None or card is None:
        st.stop()
    verdict(trace, card, colours)
    plain(f"{evidence(trace, card)} {sentences.what_was_read(trace)}", muted=True)
    all_verdicts(review, resources.cards(), card, colours)

with right:
    credited_words(review, trace, colours)
    prediction_and_states(trace, card.family, colours)
