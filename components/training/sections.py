"""The sections of the training page that are steered by themselves: what is set in one draws that one again alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.training import controls, curves_text, diagram, epoch_story, uploaded_runs
from components.training.charts.curves import curves, points
from components.ui.messages import plain
from components.ui.panel import heading, panel
from components.ui.theme import Palette
from models import card_facts
from models.card import ModelCard
from models.errors import ArtifactError
from models.history.history import History


@st.fragment
def compared_runs(
    cards: Sequence[ModelCard], histories: Mapping[str, History], damaged: Sequence[ArtifactError], colours: Palette
) -> None:
    """Loss and accuracy of the runs that the visitor chooses and brings."""
    chosen, along, gap = controls.controls(cards)
    own, own_lines = uploaded_runs.uploaded()
    shown = [histories[card.name] for card in chosen if card.name in histories] + own
    controls.out_of_order(chosen, damaged, along)

    if not shown:
        st.info(
            "Choose at least one model above, or bring a history of your own, and its curves are drawn here.",
            icon=":material/show_chart:",
            title="No curves chosen",
        )
    else:
        drawn = controls.drawable(shown, along)
        alt = ", ".join(history.title for history in drawn) or "no run"
        loss, accuracy = st.columns(2, gap="large")
        with loss:
            panel(
                "Loss",
                curves_text.about_gap(drawn) if gap else curves_text.about_loss(drawn),
                curves(drawn, "loss", along, colours, gap=gap),
                key="curves-loss",
                alt=f"Training and validation loss in nats along the {along} of {alt}. {curves_text.about_loss(drawn)}",
                table=lambda: points(drawn, "loss", along),
                part="Training curves",
            )
        with accuracy:
            sizes = {card.name: card_facts.training(card).validation_reviews for card in cards}
            panel(
                "Accuracy",
                curves_text.about_accuracy(drawn, sizes),
                curves(drawn, "accuracy", along, colours, gap=gap),
                key="curves-accuracy",
                alt=f"Training and validation accuracy in per cent along the {along} of {alt}. "
                f"{curves_text.about_accuracy(drawn, sizes)}",
                table=lambda: points(drawn, "accuracy", along),
            )
        controls.how_to_read(chosen, gap)
    for line in own_lines:
        plain(line, muted=True)


@st.fragment
def how_one_was_made(cards: Sequence[ModelCard], colours: Palette) -> None:
    """One network's making in words, its command, and the network unrolled."""
    card = controls.choose_one(cards)
    words, drawing = st.columns([6, 5], gap="large")
    with words:
        for title, paragraph in epoch_story.story(card):
            st.markdown(f"**{title}.** {paragraph}")
        st.code(epoch_story.command(card), language="bash", wrap_lines=True)
    layers = controls.layers(card)
    if layers:
        with drawing:
            heading("The network, unrolled over the words", diagram.sentence(layers, card.parameters), key="network")
            diagram.diagram(layers, card, colours)
        lines = diagram.layer_table(layers)
        heading(
            "Its layers", "From the input to the verdict, as saved in model.keras.", key="layers", table=lambda: lines
        )
        diagram.show_table(lines)
