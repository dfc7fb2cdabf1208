"""What the evaluation page asks and shows besides charts: which models, the table, what was not measured, the CSVs."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from components.evaluation import text as findings
from components.evaluation.charts import look
from components.evaluation.text import Pair
from components.session import keys, resources
from components.session.pickers import several_models
from components.ui.format import command
from components.ui.html_table import html_table
from components.ui.messages import damaged_file, kept_whole, plain
from components.ui.panel import heading
from components.ui.theme import Palette
from components.ui.verdict import marked_title, ranks, shape
from models.card import ModelCard
from models.figures import statistics as science
from models.figures.judged import Judged
from models.figures.records import Part

MOST_PAIRS = 10


def choose(cards: Sequence[ModelCard]) -> list[Judged]:
    """Ask which models, and take their figures; says which were not measured or whose file is damaged."""
    chosen = several_models("Models", cards, keys.JUDGED, marked_title, in_address=True)
    found, rank = [], ranks(cards)
    for card in chosen:
        figures = resources.evaluation(card)
        if figures is None:
            _out_of_order(card)
        else:
            found.append(Judged(card, figures, rank[card.name]))
    for error in resources.damaged():
        damaged_file(error, "It is not on this page.")
    if not found:
        st.info(
            "Choose at least one model that was measured, and its figures are drawn here.",
            icon=":material/fact_check:",
            title="No figures chosen",
        )
    return found


def _out_of_order(card: ModelCard) -> None:
    there = (card.folder / "evaluation.json").exists()
    st.warning(
        f"The file evaluation.json of the model `{card.name}` is {'damaged' if there else 'missing'}, so it is left "
        "out here; everything else goes on. Whoever runs this server writes it again with "
        f"`{command(f'models.evaluate {card.name}')}`.",
        icon=":material/broken_image:",
        title="A file is out of order" if there else "Not measured yet",
    )


def having(models: Sequence[Judged], part: Part) -> list[Judged]:
    """The models whose figures hold this part."""
    return [model for model in models if model.figures.has(part)]


def lacking(models: Sequence[Judged], part: Part) -> None:
    """Say kindly which models are not in a panel, and why."""
    for model in models:
        if model.figures.has(part):
            continue
        measured = f"It is measured by: {command(f'models.evaluate {model.card.name}')}"
        if part == "by_share_read" and model.card.bidirectional:
            reason = "it also reads from the end, so it has no prediction before the last word."
        elif part == "right_bits" and not model.figures.official_test:
            reason = "it is tested on other reviews than the others, so nobody can count where they disagree."
        elif part in model.figures.damaged:
            reason = f"this part of its file of figures is damaged. {measured}"
        else:
            reason = f"its file of figures is an older one without this part. {measured}"
        plain(f"{model.title} is not here: {reason}", muted=True)


def panel_of(title: str, models: Sequence[Judged], part: Part, key: str, draw: Callable[[list[Judged]], Any]) -> None:
    """Draw a panel of the models that have a part; without any, its title and the reason stand there."""
    there = having(models, part)
    if there:
        draw(there)
    else:
        heading(title, "None of the chosen models has these figures.", key=key)
    lacking(models, part)


def figures_table(models: Sequence[Judged]) -> pd.DataFrame:
    """The headline figures as numbers, one row a model; ± are halves of 95 % intervals."""
    rows = []
    for model in models:
        figures, n = model.figures, model.figures.test_reviews
        fit, deviation = figures.calibration, figures.loss_deviation
        rows.append(
            {
                "model": model.title,
                "test_reviews": n,
                "accuracy_percent": 100 * figures.accuracy,
                "accuracy_chance": 100 * science.margin(figures.accuracy, n),
                "loss_nats": figures.loss,
                "loss_chance": None if deviation is None else 1.96 * deviation / n**0.5,
                "auc": figures.auc,
                "auc_chance": science.auc_margin(figures.auc, figures.confusion.positive, figures.confusion.negative),
                "calibration_error_points": 100 * fit.expected_calibration_error if fit else None,
                "calibration_error_by_chance": 100 * science.chance_calibration_error(fit.bins) if fit else None,
            }
        )
    return pd.DataFrame(rows)


def show_figures(table: pd.DataFrame, models: Sequence[Judged], colours: Palette) -> None:
    """The headline figures as a small table that reads without scrolling, on a phone with the chance beneath."""
    head = ("Model", "Accuracy", "Loss, nats", "AUC", "Calibration error")
    rows = []
    for model, row in zip(models, table.to_dict("records"), strict=True):
        values = (
            _with_chance(row["accuracy_percent"], row["accuracy_chance"], 2, "\u00a0%"),
            _with_chance(row["loss_nats"], row["loss_chance"], 4),
            _with_chance(row["auc"], row["auc_chance"], 4),
            "not measured"
            if pd.isna(row["calibration_error_points"])
            else f"{row['calibration_error_points']:.1f} points "
            f"<span class='u-muted'>(chance\u00a0{row['calibration_error_by_chance']:.1f})</span>",
        )
        name = f'<span style="color:{look.colour(model, colours)}">{shape(model.card.family, model.rank)}</span>&nbsp;'
        rows.append(
            f'<tr><th scope="row" class="strong">{name}{html.escape(model.title)}</th>'
            + "".join(f'<td class="figure">{value}</td>' for value in values)
            + "</tr>"
        )
    html_table(head, rows, "Figures on the test set", snug=True)
    st.caption(
        "Loss: how much the right answers surprise the network, in nats (natural logarithms); guessing gives 0.693. "
        "±: what chance allows. Of 100 test sets of this size, about 95 would give an interval like this that holds "
        "the true figure. Leads are judged on the reviews where two models differ. Another training seed is a chance "
        f"of its own, not counted here{findings.about_seeds(models)}. Calibration error: by how much the scores stray "
        "from what turned out, and in brackets what a perfectly calibrated model would show on as many reviews. "
        + kept_whole(findings.about_duplicates(models))
    )


def _with_chance(value: float, chance: float, digits: int, unit: str = "") -> str:
    spread = "" if pd.isna(chance) else f" <span class='u-muted'>±\u00a0{chance:.{digits}f}</span>"
    return f"{value:.{digits}f}{unit}{spread}"


def part_table(models: Sequence[Judged], part: Part) -> pd.DataFrame:
    """All rows of one part of the figures, with the model they belong to."""
    return pd.DataFrame([{"model": model.title, **row} for model in models for row in model.figures.rows(part)])


def pair_table(pairs: Sequence[Pair]) -> pd.DataFrame:
    """One row a pair of models: counts of reviews by who is right."""
    return pd.DataFrame(
        {
            "first": [one.title for one, _, _ in pairs],
            "second": [two.title for _, two, _ in pairs],
            "reviews": [both.reviews for _, _, both in pairs],
            "only_first_right": [both.only_first for _, _, both in pairs],
            "only_second_right": [both.only_second for _, _, both in pairs],
            "both_wrong": [both.both_wrong for _, _, both in pairs],
            "disagreement": [both.disagreement for _, _, both in pairs],
        }
    )


def score_slider(models: Sequence[Judged]) -> float:
    """Ask for a score, and say of each model what such a score meant."""
    st.session_state.setdefault(keys.SCORE, 0.85)
    score = st.slider("A score of P(positive)", 0.0, 1.0, step=0.01, key=keys.SCORE, persist_state="session")
    for model in models:
        plain(findings.scored_like(model, score))
    return score


def threshold_slider(models: Sequence[Judged]) -> float:
    """Ask for a threshold among those that were measured."""
    measured = sorted({round(row.threshold, 4) for model in models for row in model.figures.thresholds})
    if st.session_state.get(keys.THRESHOLD) not in measured:
        st.session_state[keys.THRESHOLD] = min(measured, key=lambda value: abs(value - 0.5))
    return float(
        st.select_slider(
            "Call a review positive from",
            measured,
            format_func=lambda value: f"{value:.2f}",
            key=keys.THRESHOLD,
            persist_state="session",
        )
    )
