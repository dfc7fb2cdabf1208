"""How the networks were trained: curves from the saved histories, a visitor's own beside them, the table of runs."""

import streamlit as st

from components.session import resources
from components.session.frame import page_header
from components.training import articles, curves_text, live_run, sections
from components.ui import theme
from components.ui.messages import empty_shelf
from components.ui.panel import heading

page_header(
    "How they learnt", "Loss and accuracy of every network while it was trained, epoch by epoch, as saved then."
)
colours = theme.palette()
live_run.section()
cards = resources.trained_cards()
histories, damaged = resources.histories()
sections.compared_runs(cards, histories, damaged, colours)

if cards:
    table = curves_text.run_table(cards, histories)
    heading("Every training run", curves_text.about_runs(table), key="runs", table=lambda: table)
    curves_text.show_table(table, colours)

    articles.section(cards, histories, colours)
    st.header("How one of them was made", anchor=False)
    sections.how_one_was_made(cards, colours)
else:
    empty_shelf()
