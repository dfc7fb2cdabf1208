"""What many scores show together: how they are spread, where models part ways, how they fit the file's labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from components.batch import charts
from components.batch.job import Batch
from components.ui.confusion import confusion_panel
from components.ui.format import agreeing, counted, percent
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.theme import Palette
from models.card import ModelCard
from models.figures.metrics import Fit, fit
from models.figures.statistics import interval
from models.scoring.scoring import PARTED, strange_rows, verdicts

Array = np.ndarray
Cards = Mapping[str, ModelCard]
_MOST_PARTED = 8


def unread_language(batch: Batch, cards: Cards) -> bool:
    """Say, before any figure, that most reviews are in no language that the models read; returns whether it is so."""
    scores = batch.scores(list(cards))
    strange, scored = strange_rows(scores), scores.tokens > 0
    words = int(scores.tokens.sum())
    unknown = np.nansum(np.min(list(scores.unknown.values()), 0) * scores.tokens) if scores.unknown else 0.0
    if not scored.any() or not (2 * strange.sum() > scored.sum() or 2 * unknown > words):
        return False
    st.warning(
        f"The models learnt from English film reviews. {counted(int(strange.sum()), 'row')} of {int(scored.sum()):,} "
        f"with words in them {agreeing(strange.sum(), 'is', 'are')} in another language or made of words that they "
        f"never met ({percent(unknown / max(1, words))} of all words are out of vocabulary); the column “Note” "
        "marks each. What follows shows how they read a text that they do not understand, not how good they are.",
        icon=":material/translate:",
        title="Most of this is not what these models can read",
    )
    return True


def spread(batch: Batch, cards: Cards, colours: Palette) -> None:
    """The histogram of P(positive)."""
    probabilities = batch.scores(list(cards)).probabilities
    panel(
        "How P(positive) is spread",
        spread_sentence(probabilities, cards),
        charts.histogram(probabilities, cards, colours),
        key="batch-spread",
        part="What was found",
        alt="Histogram of P(positive) from 0 to 1 in twenty steps, threshold at 0.5: "
        + spread_sentence(probabilities, cards),
        table=lambda: pd.DataFrame(
            {
                "from": np.arange(charts.BINS) / charts.BINS,
                "to": np.arange(1, charts.BINS + 1) / charts.BINS,
                **{f"reviews_{name}": charts.histogram_counts(values) for name, values in probabilities.items()},
            }
        ),
    )


def spread_sentence(probabilities: Mapping[str, Array], cards: Cards) -> str:
    """How many reviews each model calls positive, and how many it is unsure of."""
    parts = []
    for name, values in probabilities.items():
        scored = values[~np.isnan(values)]
        positive, unsure = int((scored >= 0.5).sum()), int(((scored > 0.4) & (scored < 0.6)).sum())
        parts.append(
            f"{cards[name].title} calls {positive:,} of {len(scored):,} positive"
            + (f" ({unsure:,} between 0.4 and 0.6)" if unsure else "")
        )
    return "; ".join(parts) + "."


def partings(batch: Batch, cards: Cards, colours: Palette) -> None:
    """The reviews on which the models' verdicts differ, furthest apart first."""
    scores = batch.scores(list(cards))
    probabilities = scores.probabilities
    together = np.stack(list(probabilities.values()))
    apart = np.flatnonzero(verdicts(scores) == PARTED)
    title = "Where the models disagree"
    scored = int((~np.isnan(together).any(0)).sum())
    if not len(apart):
        models = "Both" if len(cards) == 2 else f"All {len(cards)}"
        plain(f"{title}: nowhere. {models} models give the same verdict on all {scored:,} reviews.", muted=True)
        return
    order = apart[np.argsort(together[:, apart].min(0) - together[:, apart].max(0), kind="stable")]
    first = order[:_MOST_PARTED].tolist()
    gap = float(np.ptp(together[:, first[0]]))
    count = f"{len(apart):,} of {scored:,} reviews"
    sentence = f"The verdicts differ on {count}, most on row {first[0] + 1}: {gap:.2f} apart."
    if len(order) > len(first):
        sentence += f" The {len(first)} furthest apart are drawn; the table above lists them all."
    panel(
        title,
        sentence,
        charts.partings(first, [batch.excerpt(row) for row in first], probabilities, cards, colours),
        key="batch-partings",
        alt=f"P(positive) by each model of {len(first)} reviews. {sentence}",
        table=lambda: pd.DataFrame(
            {"row": order + 1, **{f"p_positive_{n}": v[order] for n, v in probabilities.items()}}
        ),
    )


def label_fit(batch: Batch, cards: Cards, colours: Palette, *, understood: bool) -> None:
    """How the verdicts fit the file's own labels: accuracy, confusion, ROC.

    Args:
        understood: whether the models can read the file's language; else none is called best.
    """
    labels = batch.labels
    if labels is None:
        return
    st.html('<h2 class="u-part">Against the labels of the file</h2>')
    plain(f"{labels.reading} {labels.known:,} of {len(batch):,} rows have one.", muted=True)
    fits = label_fits(batch, list(cards), labels.positive)
    if not fits:
        plain("No row has both a label and a score.", muted=True)
        return
    columns = st.columns(min(3, len(fits)), gap="medium")
    for place, (name, found) in enumerate(fits.items()):
        with columns[place % len(columns)]:
            title = cards[name].title
            confusion_panel(
                title, f"{title}: accuracy {percent(found.accuracy, 1)}", fit_sentence(found), found.confusion, colours,
                key=f"batch-confusion-{name}",
            )  # fmt: skip
    curves = {name: found for name, found in fits.items() if not np.isnan(found.auc)}
    if not curves:
        plain("All labels are of one kind, so there is no ROC curve to draw.", muted=True)
        return
    auc = max(curve.auc for curve in curves.values())
    best = [cards[name].title for name, curve in curves.items() if curve.auc == auc]
    sentence = f"A positive review scores above a negative one in {percent(auc, 1)} of pairs (AUC {auc:.3f})."
    if len(curves) > 1 and understood:
        sentence = f"{' and '.join(best)} {agreeing(len(best), 'ranks', 'rank')} best. {sentence}"
    left, _ = st.columns([3, 2])
    with left:
        panel(
            "ROC: right and false alarms at every threshold",
            sentence,
            charts.roc(curves, cards, colours),
            key="batch-roc",
            alt=f"ROC curves of {len(curves)} models. {sentence}",
            table=lambda: pd.concat(
                pd.DataFrame({"model": name, "false_positive_rate": c.false_rate, "true_positive_rate": c.true_rate})
                for name, c in curves.items()
            ),
        )


def label_fits(batch: Batch, names: Sequence[str], positive: Sequence[bool | None]) -> dict[str, Fit]:
    """Each model against the labels, over the rows that have a label and a score; left out where there is none."""
    known = np.array([value is not None for value in positive])
    truth = np.array([bool(value) for value in positive])
    fits = {}
    for name, probabilities in batch.scores(names).probabilities.items():
        both = known & ~np.isnan(probabilities)
        if both.any():
            fits[name] = fit(probabilities[both], truth[both])
    return fits


def fit_sentence(found: Fit) -> str:
    """How many verdicts were right, what chance allows that share, and the two kinds of error."""
    counts, (low, high) = found.confusion, interval(found.accuracy, found.reviews)
    return (
        f"Right on {counts.true_positive + counts.true_negative:,} of {found.reviews:,} ({percent(found.accuracy, 1)}; "
        f"chance allows {100 * low:.0f} to {percent(high)}); {counts.false_positive:,} called positive wrongly, "
        f"{counts.false_negative:,} called negative wrongly."
    )
