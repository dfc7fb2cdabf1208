"""A review, and at once: the verdict in plain words, and the network reading it, word by word."""

import streamlit as st

from components.read import recent, states
from components.read.verdicts import all_verdicts
from components.session import inputs, resources
from components.session import reading as readings
from components.session.evidence import evidence, more_evidence
from components.session.frame import end_page, page_header
from components.ui import theme
from components.ui.messages import plain
from components.ui.picture import pictures

page_header(
    "Watch a network read",
    "Unrolled: a recurrent network reads one word at a time and keeps what it read in a state. Type a film review.",
)
colours = theme.palette()

left, right = st.columns([4, 7], gap="large")
with left:
    review = inputs.review_box()
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        inputs.read_button()
    card = inputs.model_picker()
    trace = readings.read(card, review)
    recent.remember(row, review, card, trace)
    if trace is None or card is None:
        end_page()
    states.verdict(trace, evidence(trace, card))
    more = more_evidence(trace, card)
    if more:
        with st.expander("How far to believe it", key="believe"):
            plain(*more)
            st.page_link("pages/evaluation.py", label="Where networks go wrong, measured")
    if not card.facts.get("brought"):  # ours judge films; Compare puts the two beside each other
        all_verdicts(review, resources.cards(), card, trace, colours)

with right:
    states.watch(review, trace, card, colours)
    with st.expander("As a chart, to point at and to download", key="chart-section", on_change="rerun") as chart:
        if chart.open:
            states.prediction_and_states(trace, card.family, colours)
            pictures()
