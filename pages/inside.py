"""One review, seen from inside: every unit and gate at every word, and the arithmetic of the word under the cursor."""

import streamlit as st

from components.inside import (
    attribution,
    contributions,
    controls,
    epochs,
    equation,
    gates,
    memory,
    state_space,
    unit_lab,
    units,
    weights,
)
from components.inside.brought import why_not_running
from components.inside.contents import contents
from components.inside.keras_check import tensorflow_check
from components.inside.parts import (
    CONTENTS,
    CONTROLS,
    CREDIT_WORDS,
    CURSOR,
    STATES,
    STATES_WORDS,
    Seen,
    begin,
    closed_panels,
    panel_part,
    part,
)
from components.session import inputs, resources
from components.session import reading as readings
from components.session.frame import end_page, page_header
from components.ui import theme
from components.ui.messages import plain
from models.explain.view import View
from models.nn import equations

page_header("Inside the network", "Every hidden state, gate and cell state while it reads your sentence, word by word.")
colours = theme.palette()
controls.open_asked_panel()

card = inputs.model_picker()
with st.expander("Change the review", icon=":material/edit:"):
    review = inputs.review_box()
trace = readings.read(card, review)
if trace is None or card is None:
    end_page()
begin(trace)
seen = Seen(trace, card, review, colours)


def states(view: View) -> None:
    """All hidden states; the words above them follow the cursor by themselves."""
    with st.container(border=True, key="states-section"):
        units.hidden_states(view, colours, lambda: part(STATES_WORDS, units.states_words, seen))


def arithmetic(view: View) -> None:
    """The equations at the word under the cursor, and the way to Letters."""
    network = resources.model(seen.card.name).network
    step = equations.step(network, seen.trace, view.place, view.cursor)
    equation.arithmetic(view, step, equations.verdict(network, seen.trace, view.cursor), colours)
    controls.to_letters(seen.card)


def credit(view: View) -> None:
    """What every word added; the words above it follow the cursor by themselves."""
    contributions.credit(view, seen.card, review, colours, lambda: part(CREDIT_WORDS, contributions.credit_words, seen))


panel_part("input-section", lambda _: weights.what_goes_in(seen.trace, seen.card), seen, needs="ids")
panel_part("play-section", lambda view: controls.play(view, seen), seen)
part(CURSOR, lambda view: controls.cursor(view, seen), seen)
part(CONTROLS, lambda _: controls.looked_at(seen), seen)
controls.listen(seen)
if trace.running_logits is None:
    plain(why_not_running(trace), muted=True)
part(CONTENTS, contents, seen)
part(STATES, states, seen)
panel_part("gates-section", lambda view: gates.gate_lanes(view, colours), seen)
panel_part("equation-section", arithmetic, seen, needs="arithmetic")
panel_part("unit-section", lambda view: units.one_unit(view, review, colours), seen)
closed_panels(
    {
        "credit-section": (credit, None),
        "ways-section": (lambda view: attribution.three_ways(view, seen.card, review, colours), "gradients"),
        "memory-section": (lambda view: memory.memory(view, seen.card, review, colours), "gradients"),
        "space-section": (lambda view: state_space.shape(view, seen.card, colours), None),
        "lab-section": (lambda view: unit_lab.unit_lab(view, seen.card, colours), "clamp"),
        "growth-section": (lambda view: epochs.growth(view, seen.card, colours), "growth"),
        "habits-section": (lambda view: gates.habits(view, seen.card, colours), "habits"),
        "check-section": (lambda _: tensorflow_check(review, seen.trace, seen.card), "proof"),
    },
    seen,
)
