"""One review, seen from inside: every unit and gate at every word, and the arithmetic of the word under the cursor."""

import streamlit as st

from components.inside import attribution, epochs, gates, memory, state_space, unit_lab, weights
from components.inside import controls as inside
from components.inside.brought import offered, why_not_running
from components.inside.keras_check import tensorflow_check
from components.session import inputs, resources
from components.session import reading as readings
from components.session.frame import page_header
from components.ui import theme
from components.ui.messages import plain
from models.nn import equations

page_header("Inside the network", "Every hidden state, gate and cell state while it reads your sentence, word by word.")
colours = theme.palette()
inside.open_asked_panel()

card = inputs.model_picker()
with st.expander("Change the review", icon=":material/edit:"):
    review = inputs.review_box()
trace = readings.read(card, review)
if trace is None or card is None:
    st.stop()

with st.expander("What goes into the network", key="input-section", on_change="rerun") as section:
    if section.open and offered(card, "ids"):
        weights.what_goes_in(trace, card)

with st.expander("Word by word", expanded=True, key="play-section", on_change="rerun") as section:
    if section.open:
        inside.play(trace, card, review, colours)

cursor = inside.cursor(trace, review)
view = inside.looked_at(trace, card, cursor)
if trace.running_logits is None:
    plain(why_not_running(trace), muted=True)
with st.container(border=True):
    gates.hidden_states(view, colours)

with st.expander("Gates", expanded=True, key="gates-section", on_change="rerun") as section:
    if section.open:
        gates.gate_lanes(view, colours)

with st.expander("Arithmetic", expanded=True, key="equation-section", on_change="rerun") as section:
    if section.open and offered(card, "arithmetic"):
        network = resources.model(card.name).network
        step = equations.step(network, trace, view.place, cursor)
        gates.arithmetic(view, step, equations.verdict(network, trace, cursor), colours)
        inside.to_letters(card)

with st.expander("One unit", expanded=True, key="unit-section", on_change="rerun") as section:
    if section.open:
        gates.one_unit(view, review, colours)

with st.expander("Verdict", key="credit-section", on_change="rerun") as section:
    if section.open:
        gates.credit(view, card, colours)

with st.expander(
    "Verdict, three ways: do other methods name the same words?", key="ways-section", on_change="rerun"
) as section:
    if section.open and offered(card, "gradients"):
        attribution.three_ways(view, card, review, colours)

with st.expander("Memory: how long does a word stay?", key="memory-section", on_change="rerun") as section:
    if section.open and offered(card, "gradients"):
        memory.memory(view, card, review, colours)

with st.expander(
    "Shape of the state: where does it move as it reads?", key="space-section", on_change="rerun"
) as section:
    if section.open:
        state_space.shape(view, card, colours)

with st.expander("Unit lab", key="lab-section", on_change="rerun") as section:
    if section.open and offered(card, "clamp"):
        unit_lab.unit_lab(view, card, colours)

with st.expander(
    "Growth: how would it have read this after each epoch?", key="growth-section", on_change="rerun"
) as section:
    if section.open and offered(card, "growth"):
        epochs.growth(view, card, colours)

with st.expander(
    "Gate habits: how open are its gates, here and usually?", key="habits-section", on_change="rerun"
) as section:
    if section.open and offered(card, "habits"):
        gates.habits(view, card, colours)

with st.expander("Proof: does Keras come to the same numbers?", key="check-section", on_change="rerun") as section:
    if section.open and offered(card, "proof"):
        tensorflow_check(review, trace, card)
