"""How the networks were trained: curves from the saved histories, a visitor's own beside them, the table of runs."""

import streamlit as st

from components import articles, network, own_runs, runs, story, theme, train_here, training
from components.card_facts import facts, number
from components.charts.curves import curves, points
from components.messages import plain
from components.panel import heading, panel
from components.shell import page_header

page_header(
    "How they learnt", "Loss and accuracy of every network while it was trained, epoch by epoch, as saved then."
)
colours = theme.palette()
train_here.section()
cards, histories, damaged = training.shelf()

chosen, along, gap = training.controls(cards)
own, own_lines = own_runs.uploaded()
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
            runs.about_gap(drawn) if gap else runs.about_loss(drawn),
            curves(drawn, "loss", along, colours, gap=gap),
            key="curves-loss",
            alt=f"Training and validation loss in nats along the {along} of {alt}. {runs.about_loss(drawn)}",
            table=lambda: points(drawn, "loss", along),
        )
    with accuracy:
        sizes = {card.name: number(facts(card, "training"), "validation_reviews") for card in cards}
        panel(
            "Accuracy",
            runs.about_accuracy(drawn, sizes),
            curves(drawn, "accuracy", along, colours, gap=gap),
            key="curves-accuracy",
            alt=f"Training and validation accuracy in per cent along the {along} of {alt}. "
            f"{runs.about_accuracy(drawn, sizes)}",
            table=lambda: points(drawn, "accuracy", along),
        )
    training.how_to_read(cards, chosen, gap)
for line in own_lines:
    plain(line, muted=True)

if cards:
    table = runs.run_table(cards, histories)
    heading("Every training run", runs.about_runs(table), key="runs", table=lambda: table)
    runs.show_table(table, colours)

    articles.section(cards, histories, colours)
    st.header("How one of them was made", anchor=False)
    card = training.choose_one(cards)
    words, drawing = st.columns([6, 5], gap="large")
    with words:
        for title, paragraph in story.story(card):
            st.markdown(f"**{title}.** {paragraph}")
        st.code(story.command(card), language="bash", wrap_lines=True)
    layers = training.layers(card)
    if layers:
        with drawing:
            heading("The network, unrolled over the words", network.sentence(layers, card.parameters), key="network")
            network.diagram(layers, card, colours)
        lines = network.layer_table(layers)
        heading(
            "Its layers", "From the input to the verdict, as saved in model.keras.", key="layers", table=lambda: lines
        )
        network.show_table(lines)
else:
    plain("The shelf is empty. Train a first model with: python -m models.train lstm")
