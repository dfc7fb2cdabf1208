"""One review, seen from inside: every unit and gate at every word, and the arithmetic of the word under the cursor."""

import streamlit as st

from components.inside import attribution, epochs, gates, memory, state_space, unit_lab, weights
from components.inside import controls as inside
from components.inside.brought import offered, why_not_running
from components.inside.contents import contents, panel_of
from components.inside.keras_check import tensorflow_check
from components.session import inputs, resources
from components.session import reading as readings
from components.session.frame import end_page, page_header
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
    end_page()

with panel_of("input-section") as section:
    if section.open and offered(card, "ids"):
        weights.what_goes_in(trace, card)

with panel_of("play-section", expanded=True) as section:
    if section.open:
        inside.play(trace, card, review, colours)

cursor = inside.cursor(trace, review)
view = inside.looked_at(trace, card, cursor)
inside.listen(view, card)
if trace.running_logits is None:
    plain(why_not_running(trace), muted=True)
contents(view)
with st.container(border=True, key="states-section"):
    gates.hidden_states(view, colours)

with panel_of("gates-section", expanded=True) as section:
    if section.open:
        gates.gate_lanes(view, colours)

with panel_of("equation-section", expanded=True) as section:
    if section.open and offered(card, "arithmetic"):
        network = resources.model(card.name).network
        step = equations.step(network, trace, view.place, cursor)
        gates.arithmetic(view, step, equations.verdict(network, trace, cursor), colours)
        inside.to_letters(card)

with panel_of("unit-section", expanded=True) as section:
    if section.open:
        gates.one_unit(view, review, colours)

with panel_of("credit-section") as section:
    if section.open:
        gates.credit(view, card, review, colours)

with panel_of("ways-section") as section:
    if section.open and offered(card, "gradients"):
        attribution.three_ways(view, card, review, colours)

with panel_of("memory-section") as section:
    if section.open and offered(card, "gradients"):
        memory.memory(view, card, review, colours)

with panel_of("space-section") as section:
    if section.open:
        state_space.shape(view, card, colours)

with panel_of("lab-section") as section:
    if section.open and offered(card, "clamp"):
        unit_lab.unit_lab(view, card, colours)

with panel_of("growth-section") as section:
    if section.open and offered(card, "growth"):
        epochs.growth(view, card, colours)

with panel_of("habits-section") as section:
    if section.open and offered(card, "habits"):
        gates.habits(view, card, colours)

with panel_of("check-section") as section:
    if section.open and offered(card, "proof"):
        tensorflow_check(review, trace, card)
