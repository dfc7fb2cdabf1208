"""What tutorials promise, shown: the accuracy that each article reports beside the one measured, and how it was built.

Everything is told from the models' cards: a published system that is not on the shelf is not listed.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from components.training.charts.articles import as_reported, in_words, reported_and_measured
from components.ui import styles
from components.ui.format import percent, signed
from components.ui.messages import escaped, plain
from components.ui.panel import heading, panel
from components.ui.theme import Palette
from models import card_facts
from models.card import ModelCard
from models.card_facts import RecipeFacts
from models.figures.reported import WITHIN, Reported
from models.history.history import History
from models.jobs.training_job import is_own

_QUANTITIES = {"training_accuracy": "training", "test_accuracy": "test"}
# Every labelled review of the dataset: the official halves together.
_ALL_REVIEWS = 50_000


def published(card: ModelCard) -> RecipeFacts | None:
    """The recipe of a published system; None for the project's own models, and for a visitor's shortened copy."""
    recipe = card_facts.recipe(card)
    return recipe if recipe.reported is not None and not is_own(card.name) else None


def section(cards: Sequence[ModelCard], histories: Mapping[str, History], colours: Palette) -> None:
    """Reported against reproduced, and what was published; nothing where no published system is on the shelf."""
    there = [card for card in cards if published(card) is not None]
    if not there:
        return
    rows = figures(there, histories)
    st.header("What the tutorials promise", anchor=False)
    panel(
        "Reported and reproduced accuracy",
        about(rows),
        reported_and_measured(rows, colours),
        key="articles",
        alt=f"A row a figure, the reported accuracy beside the one measured here. {about(rows)}",
        table=lambda: figure_table(rows),
    )
    for line in footnotes(there):
        plain(line, muted=True)
    heading(
        "How they were built",
        "As published, and what the articles leave open and was chosen here.",
        key="articles-built",
        table=lambda: built_table(there),
    )
    st.html(styles.tag("training/articles.css") + built_html(there, rows))


def figures(cards: Sequence[ModelCard], histories: Mapping[str, History]) -> list[Reported]:
    """One row a reported figure; a test row without "reported" for an article that gives none."""
    rows = []
    for card in cards:
        claims = card_facts.recipe(card).reported or {}
        reported = {key: claims[key] for key in _QUANTITIES if key in claims}
        for key in reported or ("test_accuracy",):
            measured = (
                card.test_accuracy if key == "test_accuracy" else _last_training_accuracy(histories.get(card.name))
            )
            rows.append(
                Reported(
                    card.title,
                    card.family,
                    _QUANTITIES[key],
                    100 * reported[key] if key in reported else None,
                    None if measured is None else 100 * measured,
                )
            )
    return rows


def about(rows: Sequence[Reported]) -> str:
    """How many of the reported figures are reproduced, and which is farthest off."""
    judged = [row for row in rows if row.difference is not None]
    if not judged:
        return "No reported figure has been measured here yet."
    met = sum(bool(row.within) for row in judged)
    far = max(judged, key=lambda row: abs(row.difference or 0))
    count = f"{met} of {len(judged)} reported figures are"
    if len(judged) == 1:
        count = f"The one reported figure is{'' if met else ' not'}"
    return (
        f"{count} met within {WITHIN:g} points. Farthest off: {far.model}, {far.quantity}, "
        f"{as_reported(far.reported or 0)} reported and {percent((far.measured or 0) / 100, 2)} here, "
        f"{signed(far.difference or 0)} points."
    )


def footnotes(cards: Sequence[ModelCard]) -> list[str]:
    """What a reader has to know of these figures, said only of models that are there."""
    notes = []
    for card in cards:
        cut = card_facts.recipe(card).test_reviews
        if cut:
            notes.append(
                f"{card.title} cuts its own {cut:,.0f} test reviews out of all {_ALL_REVIEWS:,}, as its article does. "
                "So this figure is not on the official test set, and it flatters: other reviews of the same films are "
                "among those it learnt from. Do not compare it with the others."
            )
    on_test = [card.title for card in cards if card_facts.recipe(card).validation_steps]
    if on_test:
        notes.append(
            f"{' and '.join(on_test)}: validation is made of batches of the official test reviews, as the tutorial "
            "does. Nothing was chosen by it, since the last epoch is kept."
        )
    if any("training_accuracy" in (card_facts.recipe(card).reported or {}) for card in cards):
        notes.append(
            "Training accuracy is that of the last epoch as Keras reports it, taken while the weights still change."
        )
    notes.append(
        "Test: share of right verdicts on the official 25,000 test reviews, unless said otherwise. One training each, "
        "with one seed: another would move these figures a little."
    )
    return notes


def built(card: ModelCard) -> dict[str, str]:
    """What was published of one system, in words, by column."""
    recipe = card_facts.recipe(card)
    front, batch = recipe.padding == "front", recipe.batch_size or 0
    most = recipe.max_timesteps or card.max_timesteps
    return {
        "Words": f"{recipe.vocabulary or card.vocabulary:,.0f}",
        "Timesteps": f"the last {most:,.0f} words" if front else f"whole reviews, up to {most:,.0f} words",
        "Padding": "in front, no mask" if front else "behind, masked",
        "Layers": layers(recipe),
        "Optimiser": optimiser(recipe),
        "Batch": f"{batch:.0f}",
        "Epochs": epochs(recipe),
        "Split": split(recipe),
    }


def layers(recipe: RecipeFacts) -> str:
    """``Embedding(64) → Bidirectional(LSTM(64)) → Dense(1)``."""
    names = [f"{recipe.family}({size})" for size in recipe.units]
    if recipe.bidirectional:
        names = [f"Bidirectional({name})" for name in names]
    hidden, dropout = recipe.hidden, recipe.output_dropout
    extra = ([f"Dense({hidden:.0f}, relu)"] if hidden else []) + ([f"Dropout({dropout:g})"] if dropout else [])
    return " → ".join([f"Embedding({recipe.embedding or 0:.0f})", *names, *extra, "Dense(1)"])


def optimiser(recipe: RecipeFacts) -> str:
    """``adam, rate 0.0001``; a rate that is Keras's own is not named."""
    rate = recipe.learning_rate
    return recipe.optimizer + (f", rate {rate:g}" if rate else "")


def epochs(recipe: RecipeFacts) -> str:
    """``10, resumed after 5``."""
    after = recipe.resumed_after
    return f"{recipe.epochs or 0:.0f}" + (f", resumed after {after:.0f}" if after else "")


def split(recipe: RecipeFacts) -> str:
    """Which reviews were learnt from, which validate, which judge."""
    cut, share, steps = recipe.test_reviews, recipe.validation_share, recipe.validation_steps
    halves = f"{_ALL_REVIEWS - cut:,.0f} / {cut:,.0f} of all" if cut else "25,000 / 25,000, official"
    if share:
        return f"{halves}; {percent(share)} of the former for validation"
    return f"{halves}; validation on {steps:.0f} test batches" if steps else halves


def figure_table(rows: Sequence[Reported]) -> pd.DataFrame:
    """The chart's numbers, in per cent and points."""
    return pd.DataFrame(
        {
            "model": [row.model for row in rows],
            "figure": [row.quantity for row in rows],
            "reported_percent": [row.reported for row in rows],
            "measured_percent": [row.measured for row in rows],
            "difference_points": [None if row.difference is None else round(row.difference, 3) for row in rows],
            "within_3_points": pd.array([row.within for row in rows], dtype="boolean"),
        }
    ).astype({"reported_percent": float, "measured_percent": float, "difference_points": float})


def built_table(cards: Sequence[ModelCard]) -> pd.DataFrame:
    """One row a model: what was published, and what was chosen here."""
    return pd.DataFrame(
        [
            {"model": card.title, **built(card), "chosen_here": " ".join(card_facts.recipe(card).chosen)}
            for card in cards
        ]
    ).rename(columns=str.lower)


def built_html(cards: Sequence[ModelCard], rows: Sequence[Reported]) -> str:
    """The same as a table that becomes a list of cards on a phone, with each figure and its difference."""
    heads = ("Reported → measured", *built(cards[0]), "Left open, chosen here")
    body = []
    for card in cards:
        own = [_compared(row) for row in rows if row.model == card.title]
        cells = ["<br>".join(own), *map(escaped, built(card).values())]
        cells.append("<br>".join(map(escaped, card_facts.recipe(card).chosen)))
        columns = "".join(
            f'<td data-label="{html.escape(head)}"><div>{cell}</div></td>'
            for head, cell in zip(heads, cells, strict=True)
        )
        body.append(f'<tr><th scope="row">{html.escape(card.title)}</th>{columns}</tr>')
    top = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in ("Model", *heads))
    return (
        '<div class="unrolled-articles" tabindex="0" role="region" aria-label="How the published systems were built">'
        f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _compared(row: Reported) -> str:
    figures = f"{row.quantity}: {in_words(row)}"
    if row.difference is None:
        return figures
    return f"{figures}, {signed(row.difference)}: {'within' if row.within else 'more than'} {WITHIN:g} points"


def _last_training_accuracy(history: History | None) -> float | None:
    value = None if history is None or not history.epochs else float(history.values["accuracy"][-1])
    return None if value is None or value != value else value
