"""What the training page asks and says: which runs, along which axis, what is out of order, how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from components.session import address, keys, resources
from components.session.pickers import several_models
from components.training import curves_text
from components.ui.messages import damaged_file
from components.ui.verdict import marked_title
from models.card import ModelCard
from models.card_facts import recipe, training
from models.errors import ArtifactError
from models.history.curves import Along
from models.history.history import History
from models.nn.summary import Layer, read_summary


def controls(cards: Sequence[ModelCard]) -> tuple[list[ModelCard], Along, bool]:
    """Ask which models, along which axis, and whether to shade the gap; the address carries the answers."""
    chosen = several_models("Models", cards, keys.RUNS, marked_title, in_address=True)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        along = st.segmented_control(
            "Along",
            get_args(Along),
            default="epoch",
            required=True,
            key=keys.ALONG,
            bind="query-params",
            persist_state="session",
            help="Steps show the finer curve within epochs; seconds show what the time bought.",
        )
        gap = st.toggle(
            "Shade the gap",
            key=keys.GAP,
            bind="query-params",
            persist_state="session",
            disabled=along == "step",
            help="Fills between training and validation: full where validation is worse (overfitting), hatched where "
            "it is better. By epoch or seconds.",
        )
    return chosen, along, bool(gap) and along != "step"


def drawable(shown: Sequence[History], along: Along) -> list[History]:
    """The runs that can be drawn along this axis; says which cannot, and why."""
    lacking = curves_text.without(shown, along)
    if lacking:
        names = ", ".join(history.title for history in lacking)
        file = "steps.csv" if along == "step" else "a column of seconds"
        st.info(f"Not drawn here, for want of {file}: {names}. By epoch all of them are.", icon=":material/info:")
    return [history for history in shown if history not in lacking]


def out_of_order(chosen: Sequence[ModelCard], damaged: Sequence[ArtifactError], along: Along) -> None:
    """Name the models whose saved curves, or whose card, cannot be read; everything else goes on."""
    names = [card.name for card in chosen]
    for error in damaged:
        if error.model in names:
            damaged_file(error, "Its curves are left out; everything else on this page goes on.")
    if along == "step":
        for card in chosen:
            if found := resources.damaged_steps(card):
                damaged_file(found, "By epoch and by seconds its curves can be seen.")
    for error in resources.damaged():
        damaged_file(error, "It is not on this page.")


def how_to_read(chosen: Sequence[ModelCard], gap: bool) -> None:
    """What the two losses measure, so that nobody compares what cannot be compared."""
    notes = ["Solid: training. Dashed: validation. Ring: the best epoch (lowest validation loss). Nothing is smoothed."]
    dropout = any(recipe(card).output_dropout for card in chosen)
    taught = any(recipe(card).teachers for card in chosen)
    if dropout or taught:
        reasons = []
        if dropout:
            reasons.append("is measured with dropout on, while the weights are still changing")
        if taught:
            reasons.append("includes reviews labelled by a teacher model with probabilities, whose loss cannot be zero")
        notes.append(f"Training loss {' and '.join(reasons)}: so it can lie above validation loss.")
    if taught:
        notes.append("Training accuracy counts only the reviews with a human label.")
    if any(recipe(card).validation_share for card in chosen):
        notes.append(
            "Articles draw their validation reviews at random, so that reviews of one film stand on both sides: their "
            "dashed curves flatter a little."
        )
    if any(recipe(card).validation_steps for card in chosen):
        notes.append("The tutorials’ dashed curves are batches of the official test set, as published.")
    if any(training(card).resumed for card in chosen):
        notes.append("Dotted upright line: stopped there and taken up again from an earlier checkpoint.")
    if gap:
        notes.append("Shaded full: validation is worse than training. Hatched: it is better.")
    st.caption(" ".join(notes))


def choose_one(cards: Sequence[ModelCard]) -> ModelCard:
    """Ask which model's making is told."""
    by_name = {card.name: card for card in cards}
    default = "lstm" if "lstm" in by_name else next(iter(by_name))
    asked = st.query_params.get(keys.ONE_RUN)
    # ``bind`` would put the labels in the address, not the models' names.
    if st.session_state.setdefault(keys.ONE_RUN, asked) not in by_name:
        st.session_state[keys.ONE_RUN] = default
    name = st.pills(
        "Model",
        list(by_name),
        required=True,
        format_func=lambda name: marked_title(by_name[name]),
        key=keys.ONE_RUN,
        persist_state="session",
        label_visibility="collapsed",
    )
    address.write(keys.ONE_RUN, None if name == default else name)
    return by_name[name or default]


def layers(card: ModelCard) -> tuple[Layer, ...]:
    """A model's layers; empty, with a message, where ``model.keras`` cannot be read."""
    try:
        return read_summary(card.folder)
    except ArtifactError as error:
        damaged_file(error, "Its layers cannot be listed; its curves do not depend on that file.")
        return ()
