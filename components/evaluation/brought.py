"""A visitor's own networks, each on the labelled file that was dropped in beside it; never on our reviews of films."""

from __future__ import annotations

import streamlit as st

from components.evaluation import panels
from components.evaluation import text as findings
from components.evaluation.charts import figures as charts
from components.session import brought, resources
from components.ui import labels
from components.ui.format import percent
from components.ui.messages import plain
from components.ui.theme import Palette
from models.figures.judged import Judged


def section(colours: Palette) -> None:
    """Accuracy, confusion, ROC and calibration of each; one line for what cannot be."""
    cards = resources.brought_cards()
    if not cards:
        return
    st.header("Your own networks, on your own files", anchor=False)
    for card in cards:
        name, title = card.name, card.title
        own = brought.beside(name).judged
        labels.use([card], texts=True)
        if own is None:
            plain(f"{title}: nothing was measured. Drop a labelled file in beside it, on Your network.", muted=True)
            continue
        plain(f"{title} is right on {percent(own.figures.accuracy, 1)}: {own.summary}")
        judged = [Judged(card, own.figures, 0)]
        matrix, roc, calibration = st.columns(3, gap="large")
        with matrix:
            panels.confusion_of(judged[0], colours)
        with roc:
            if own.figures.roc:
                panels.of_part(
                    "ROC", judged, "roc", charts.roc(judged, colours, corner=False), findings.about_roc(judged),
                    key=f"own-roc-{name}", alt="ROC curve, a mark at threshold 0.5.",
                )  # fmt: skip
            else:
                plain("All labels are of one kind, so there is no ROC curve to draw.", muted=True)
        with calibration:
            panels.of_part(
                "Calibration", judged, "calibration", charts.calibration(judged, None, colours),
                findings.about_calibration(judged), key=f"own-calibration-{name}",
                alt="Share positive against mean P(positive) in bins.",
            )  # fmt: skip
        plain(
            "By star rating, by length, on contrast pairs and against other networks nothing is known of it: those "
            "were measured on what people wrote of films.",
            muted=True,
        )
    labels.use(())
