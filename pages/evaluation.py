"""How good the networks are: figures on held-out reviews and on short texts, side by side, with what chance allows."""

import streamlit as st

from components.evaluation import brought, challenges, panels
from components.evaluation import controls as evaluation
from components.session import resources
from components.session.frame import page_header
from components.ui import theme
from components.ui.messages import empty_shelf

page_header(
    "How good are they?",
    "Every figure is measured on reviews that were kept out of training; the last ones on our own texts too.",
)
colours = theme.palette()
cards = resources.trained_cards()

if not cards:
    empty_shelf()
else:
    models = evaluation.choose(cards)
    if models:
        panels.figures(models, colours)
        panels.confusion(models, colours)

        panels.side_by_side(models, colours, panels.roc, panels.threshold)

        st.header("What a score means", anchor=False)
        panels.calibration(models, colours)

        st.header("Where they fail", anchor=False)
        panels.side_by_side(models, colours, panels.stars, panels.length)
        panels.side_by_side(models, colours, panels.share, panels.disagreement)

        st.header("What people type", anchor=False)
        panels.side_by_side(models, colours, challenges.by_kind, challenges.pairs)
        challenges.read_pairs(models)
brought.section(colours)
