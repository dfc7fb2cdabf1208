"""A review, and at once: the verdict, every word's credit, the running prediction, the hidden states."""

from functools import partial

import numpy as np
import streamlit as st

from components import history, inputs, readings, resources, sentences, theme, words
from components.charts.reading import reading
from components.messages import plain
from components.panel import heading, panel
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
    scale = max(0.5, float(np.abs(trace.contributions).max()))
    heading("What each word did to the verdict", sentences.credit(trace), key="words")
    words.coloured_review(review, trace, trace.contributions, scale, colours, height=165)
    words.legend(colours, scale, "change of the logit")
    panel(
        "P(positive) after every word, and the hidden states",
        sentences.running_prediction(trace),
        reading(trace, card.family, colours),
        key="reading",
        alt=f"P(positive) after each of {len(trace.tokens)} words, ending at {trace.probability:.2f}, above the "
        "hidden states of every unit at every word, from −1 to +1",
        table=partial(readings.state_table, trace),
    )
