"""What a score like this one meant on the test reviews: the sentence beside a verdict."""

from __future__ import annotations

from typing import Any

from components.session import resources
from models import statistics as science
from models.card import ModelCard
from models.sentiment import Trace

_SENTENCE = 25  # words up to which a text is read like a single sentence rather than like a review


def evidence(trace: Trace, card: ModelCard) -> str:
    """What a score like this meant on the test set, or what is known if that was never measured.

    Test reviews are long: beside a short text stands how often single sentences are judged as they are meant.
    """
    figures = resources.evaluation(card) or {}
    return f"{_scored_alike(trace, card, figures)} {_of_sentences(trace, figures)}".rstrip()


def _scored_alike(trace: Trace, card: ModelCard, figures: dict[str, Any]) -> str:
    bin_ = science.scored_alike(figures, trace.probability)
    if bin_ is None:
        return "How often a score like this is right was not measured for this model."
    if bin_["reviews"] < science.FEW:
        return f"Only {bin_['reviews']:,} test reviews were scored like this, too few to say how often it is right."
    return (
        f"Of {bin_['reviews']:,} test reviews that {card.title} scored between {bin_['from']:.2f} and "
        f"{bin_['to']:.2f}, {100 * bin_['positive']:.0f}\u00a0% were positive."
    )


def _of_sentences(trace: Trace, figures: dict[str, Any]) -> str:
    if len(trace.tokens) > _SENTENCE:
        return ""
    cuts = (figures.get("challenges") or {}).get("cuts") or []
    row = next((row for row in cuts if row["kind"] == "any_sentence" and row["reviews"]), None)
    if row is None:
        return ""
    return (
        f"Yours is short: of {row['reviews']:,} single sentences from held-out reviews it judged "
        f"{100 * row['accuracy']:.0f}\u00a0% as the whole review was meant."
    )
