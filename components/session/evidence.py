"""How far a verdict can be believed: what was measured for scores and texts like this one, in plain words."""

from __future__ import annotations

import itertools

from components.session import resources
from models import card_facts
from models.card import ModelCard
from models.compare import kinds
from models.compare.opposites import is_negation
from models.figures import statistics as science
from models.figures.records import Challenges
from models.sentiment import Trace

_SENTENCE = 25  # words up to which a text is read like a single sentence rather than like a review


def evidence(trace: Trace, card: ModelCard) -> str:
    """The one statistic that fits the text: of single sentences where it is as short as one, else of whole reviews.

    Of a network that was never shown single sentences, a short text is told that first.
    """
    if not _is_short(trace):
        return of_reviews(trace, card)
    found = _challenges(card)
    unused = "" if _knows_sentences(card) else _of_opinions(card, found)
    return unused or _of_sentences(found) or of_reviews(trace, card)


def more_evidence(trace: Trace, card: ModelCard) -> list[str]:
    """What else was measured: whole reviews beside a short text, and what this kind of text does to networks."""
    if card.facts.get("brought"):
        return []  # what was measured on films says nothing of it
    found = _challenges(card)
    whole = [f"Of whole reviews: {of_reviews(trace, card)}"] if _is_short(trace) else []
    sentence = _of_opinions(card, found) if _knows_sentences(card) else _of_sentences(found)
    short = [sentence] if _is_short(trace) else []
    of_each_kind = (_of_negations, _of_subject, _of_sarcasm) if _is_short(trace) else (_of_negations,)
    of_kinds = [of(trace, card, found) for of in of_each_kind]
    return [*whole, *filter(None, [*short, *of_kinds])]


def _challenges(card: ModelCard) -> Challenges | None:
    figures = resources.evaluation(card)
    return figures.challenges if figures else None


def _is_short(trace: Trace) -> bool:
    return len(trace.tokens) <= _SENTENCE


def of_reviews(trace: Trace, card: ModelCard) -> str:
    """How often whole reviews with a score like this one were what it was called."""
    figures = resources.evaluation(card)
    bin_ = figures.scored_alike(trace.probability) if figures else None
    if bin_ is None:
        return "How often a score like this is right was not measured for this model."
    if bin_.reviews < science.FEW:
        return f"Only {bin_.reviews:,} test reviews were scored like this, too few to say how often it is right."
    side, share = ("positive", bin_.positive) if trace.probability >= 0.5 else ("negative", 1 - bin_.positive)
    return (
        f"Reviews that {card.title} scored like this ({bin_.low:.2f} to {bin_.high:.2f}) were {side} "
        f"{100 * share:.0f} times in 100: {bin_.reviews:,} test reviews."
    )


def _of_sentences(challenges: Challenges | None) -> str:
    row = challenges.cut("any_sentence") if challenges else None
    if row is None:
        return ""
    return (
        f"Of single sentences it judges {100 * row.accuracy:.0f} in 100 as the whole review was meant: "
        f"{row.reviews:,} sentences from held-out reviews."
    )


def _of_opinions(card: ModelCard, challenges: Challenges | None) -> str:
    """How it fares with opinions of a few words, and that it is no judge of them if it was never shown a sentence."""
    right, count = challenges.held_out_opinions if challenges else (0, 0)
    if not count:
        return ""
    score = f"of {count} short opinions that we wrote, half of them positive, it judges {right} rightly."
    if _knows_sentences(card):
        return score.capitalize()
    return f"{card.title} learnt to judge whole reviews, not single sentences: {score}"


def _knows_sentences(card: ModelCard) -> bool:
    return bool(card_facts.recipe(card).sentences_per_epoch)


def _of_subject(trace: Trace, card: ModelCard, challenges: Challenges | None) -> str:
    about = kinds.subject(trace.tokens)
    row = challenges.single(about) if challenges and about else None
    if row is None:
        return ""
    right = round(row.accuracy * row.reviews)
    return (
        f"It seems to be about {about}, and {card.title} learnt from reviews of films: of {row.reviews} short texts "
        f"about {about} that we wrote, it judges {right} rightly."
    )


def _of_sarcasm(trace: Trace, card: ModelCard, challenges: Challenges | None) -> str:
    row = challenges.single("sarcasm") if challenges and kinds.sounds_sarcastic(trace.tokens) else None
    if row is None:
        return ""
    right = round(row.accuracy * row.reviews)
    return (
        f"It may be sarcastic: of {row.reviews} sarcastic sentences that we wrote, {card.title} judges {right} rightly."
    )


def _of_negations(trace: Trace, card: ModelCard, challenges: Challenges | None) -> str:
    """What one negation, or two of them close together, does to this network; nothing where that was not measured."""
    denies = {word: is_negation(word) for word in {token.text for token in trace.tokens}}
    places = [place for place, token in enumerate(trace.tokens) if denies[token.text]]
    if challenges is None or not places:
        return ""
    two = any(b - a <= 6 for a, b in itertools.pairwise(places))
    kind, name = ("double_negation", "two negations meet") if two else ("negation", "a negation turns the meaning")
    row = challenges.pair(kind)
    if row is None:
        return ""
    pairs_right = f"{round(row.both_right * row.pairs)} of {row.pairs} pairs of sentences"
    return f"Where {name}, {card.title} had both sides right in {pairs_right} that we wrote."
