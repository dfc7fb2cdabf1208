"""How the networks were trained: curves from the saved histories, a visitor's own beside them, the table of runs."""

import streamlit as st

from components.session.frame import page_header
from components.training import articles, curves_text, diagram, epoch_story, live_run, uploaded_runs
from components.training import controls as training
from components.training.charts.curves import curves, points
from components.ui import theme
from components.ui.messages import plain
from components.ui.panel import heading, panel
from models import card_facts

page_header(
    "How they learnt", "Loss and accuracy of every network while it was trained, epoch by epoch, as saved then."
)
colours = theme.palette()
live_run.section()
cards, histories, damaged = training.shelf()

chosen, along, gap = training.controls(cards)
own, own_lines = uploaded_runs.uploaded()
shown = [histories[name] for name in chosen if name in histories] + own
training.out_of_order(cards, damaged, chosen, along)

if not shown:
    training.nothing_chosen()
else:
    drawn = training.drawable(shown, along)
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
    training.how_to_read(cards, chosen, gap)
for line in own_lines:
    plain(line, muted=True)

if cards:
    table = curves_text.run_table(cards, histories)
    heading("Every training run", curves_text.about_runs(table), key="runs", table=lambda: table)
    curves_text.show_table(table, colours)

    articles.section(cards, histories, colours)
    st.header("How one of them was made", anchor=False)
    card = training.choose_one(cards)
    words, drawing = st.columns([6, 5], gap="large")
    with words:
        for title, paragraph in epoch_story.story(card):
            st.markdown(f"**{title}.** {paragraph}")
        st.code(epoch_story.command(card), language="bash", wrap_lines=True)
    layers = training.layers(card)
    if layers:
        with drawing:
            heading("The network, unrolled over the words", diagram.sentence(layers, card.parameters), key="network")
            diagram.diagram(layers, card, colours)
        lines = diagram.layer_table(layers)
        heading(
            "Its layers", "From the input to the verdict, as saved in model.keras.", key="layers", table=lambda: lines
        )
        diagram.show_table(lines)
else:
    plain("The shelf is empty. Train a first model with: python -m models.train lstm")
