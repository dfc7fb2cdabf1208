"""How far a verdict can be believed: what was measured for scores and texts like this one, in plain words."""

from __future__ import annotations

import itertools
from typing import Any

from components.session import resources
from models import statistics as science
from models.card import ModelCard
from models.compare.opposites import is_negation
from models.sentiment import Trace

_SENTENCE = 25  # words up to which a text is read like a single sentence rather than like a review


def evidence(trace: Trace, card: ModelCard) -> str:
    """The one statistic that fits the text: of single sentences where it is as short as one, else of whole reviews."""
    figures = resources.evaluation(card) or {}
    return (_of_sentences(figures) if _is_short(trace) else "") or of_reviews(trace, card)


def more_evidence(trace: Trace, card: ModelCard) -> list[str]:
    """What else was measured: whole reviews beside a short text, and what this kind of text does to networks."""
    if card.facts.get("brought"):
        return []  # what was measured on films says nothing of it
    figures = resources.evaluation(card) or {}
    whole = [f"Of whole reviews: {of_reviews(trace, card)}"] if _is_short(trace) else []
    return [*whole, *filter(None, [_of_negations(trace, card, figures)])]


def _is_short(trace: Trace) -> bool:
    return len(trace.tokens) <= _SENTENCE


def of_reviews(trace: Trace, card: ModelCard) -> str:
    """How often whole reviews with a score like this one were what it was called."""
    bin_ = science.scored_alike(resources.evaluation(card) or {}, trace.probability)
    if bin_ is None:
        return "How often a score like this is right was not measured for this model."
    if bin_["reviews"] < science.FEW:
        return f"Only {bin_['reviews']:,} test reviews were scored like this, too few to say how often it is right."
    side, share = ("positive", bin_["positive"]) if trace.probability >= 0.5 else ("negative", 1 - bin_["positive"])
    return (
        f"Reviews that {card.title} scored like this ({bin_['from']:.2f} to {bin_['to']:.2f}) were {side} "
        f"{100 * share:.0f} times in 100: {bin_['reviews']:,} test reviews."
    )


def _of_sentences(figures: dict[str, Any]) -> str:
    cuts = (figures.get("challenges") or {}).get("cuts") or []
    row = next((row for row in cuts if row["kind"] == "any_sentence" and row["reviews"]), None)
    if row is None:
        return ""
    return (
        f"Of single sentences it judges {100 * row['accuracy']:.0f} in 100 as the whole review was meant: "
        f"{row['reviews']:,} sentences from held-out reviews."
    )


def _of_negations(trace: Trace, card: ModelCard, figures: dict[str, Any]) -> str:
    """What one negation, or two of them close together, does to this network; nothing where that was not measured."""
    places = [place for place, token in enumerate(trace.tokens) if is_negation(token.text)]
    if not places:
        return ""
    two = any(b - a <= 6 for a, b in itertools.pairwise(places))
    kind, name = ("double_negation", "two negations meet") if two else ("negation", "a negation turns the meaning")
    pairs = (figures.get("challenges") or {}).get("pairs") or []
    row = next((row for row in pairs if row["kind"] == kind and row["pairs"]), None)
    if row is None:
        return ""
    pairs_right = f"{round(row['both_right'] * row['pairs'])} of {row['pairs']} pairs of sentences"
    return f"Where {name}, {card.title} had both sides right in {pairs_right} that we wrote."
