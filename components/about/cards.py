"""What is known of the models on the shelf, for people: one table of all, and each one's card."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from models import card_facts
from models.card import ModelCard
from models.card_facts import training_minutes


def models_table(cards: tuple[ModelCard, ...]) -> pd.DataFrame:
    """One row a model: sizes, and its figures on the official test reviews (NaN where never measured)."""
    rows = []
    for card in cards:
        test = card_facts.headline(card)
        rows.append(
            {
                "Model": card.title,
                "Test accuracy": None if card.test_accuracy is None else 100 * card.test_accuracy,
                "Family": card.family,
                "Parameters": card.parameters,
                "Vocabulary": card.vocabulary,
                "Units": card.units,
                "Words read": card.max_timesteps,
                "AUC": test.auc,
                "Calibration error": test.expected_calibration_error,
                "Training minutes": training_minutes(card),
            }
        )
    measured = ("Test accuracy", "AUC", "Calibration error", "Training minutes")
    table = pd.DataFrame(rows)
    return table.astype({name: float for name in measured if name in table})


def show_models_table(cards: tuple[ModelCard, ...]) -> None:
    """The table of all models."""
    st.dataframe(
        models_table(cards),
        hide_index=True,
        placeholder="–",
        height="content",
        alt="Sizes and test figures of every model on the shelf",
        column_config={
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Vocabulary": st.column_config.NumberColumn(format="localized"),
            "Words read": st.column_config.NumberColumn(
                format="localized",
                help="Of longer reviews the rest is not read.",
            ),
            "Test accuracy": st.column_config.NumberColumn(
                format="%.2f %%",
                help="On the official 25,000 test reviews; of Article BiLSTM on 5,000 of its own.",
            ),
            "AUC": st.column_config.NumberColumn(format="%.4f", help="Area under the ROC curve; 0.5 is guessing."),
            "Calibration error": st.column_config.NumberColumn(
                format="%.3f", help="How far P(positive) is from the share that really was positive, on average."
            ),
            "Training minutes": st.column_config.NumberColumn(
                format="%.0f", help="Without the training of its teachers, if it had any."
            ),
        },
    )


def show_card(card: ModelCard) -> None:
    """One model's card as training wrote it, without its machine-readable head."""
    try:
        text = (card.folder / "README.md").read_text(encoding="utf-8")
    except (OSError, ValueError):
        st.info("This model has no written card. What is known of it stands in the table above.")
        return
    if text.startswith("---"):
        text = text.split("---", 2)[-1]
    st.markdown(text.replace("\n# ", "\n### ", 1).replace("\n## ", "\n#### "))
