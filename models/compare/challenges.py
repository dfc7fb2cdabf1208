"""Texts written to find out where a network fails: contrast pairs, single sentences, sarcasm, swapped names, opinions.

All of them were written for this project, in ``challenges.json``. Half of every kind is positive, so that guessing is
right half of the time.
"""

from __future__ import annotations

import functools
import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
# Kinds as they stand in the files, with their names for people. The pairs are of a sentence or two, except the
# whole reviews that were edited.
REVIEWS = "review"
PAIRS = {
    "negation": "negation",
    "double_negation": "two negations",
    "adjective": "adjectives",
    "comparison": "comparisons",
    "turning_point": "turning points",
    "quantity": "quantities",
    "expectation": "expectations",
    REVIEWS: "edited reviews",
}
DOMAINS = {"restaurants": "restaurants", "phones": "phones", "books": "books", "hotels": "hotels"}
SINGLES = {"sentence": "short sentences", "sarcasm": "sarcasm", "critic": "critics' one-liners", **DOMAINS}
SWAPS = {"names": "first names", "countries": "countries", "genders": "men and women"}
# Sentences that say outright what somebody thinks, by what makes them hard.
OPINIONS = {
    "present": "present tense",
    "least": "least and most",
    "reservation": "reservations",
    "mild": "mild words denied",
    "negation": "plain negations",
    "after": "after a negation",
    "wish": "wishes and hopes",
    "comparison": "comparing",
    "mixed": "for and against",
    "degree": "hardly and too much",
}
# Pieces of reviews of the dataset, see ``models.training.report.challenges.pieces``.
CUTS = {
    "whole": "whole review",
    "first_100_words": "first 100 words",
    "first_50_words": "first 50 words",
    "first_20_words": "first 20 words",
    "first_10_words": "first 10 words",
    "last_50_words": "last 50 words",
    "last_20_words": "last 20 words",
    "last_10_words": "last 10 words",
    "first_sentence": "first sentence",
    "last_sentence": "last sentence",
    "any_sentence": "any sentence",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and a small edit of it that means the opposite; ``positive``: whether the original is the good one."""

    kind: str
    original: str
    edited: str
    positive: bool


@dataclass(frozen=True, slots=True)
class Single:
    """One short review; ``positive`` is what its writer means."""

    kind: str
    text: str
    positive: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """A sentence that says what its writer thinks; ``held_out``: nobody looked at how it is judged while tuning."""

    kind: str
    text: str
    positive: bool
    held_out: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """One sentence in versions that differ in a name, a country or a gender, which should not change a verdict."""

    kind: str
    texts: tuple[str, ...]
    positive: bool


@functools.cache
def pairs() -> tuple[Pair, ...]:
    """The contrast pairs, kind by kind; of a kind, a good original and a bad one in turn."""
    found: list[Pair] = []
    for kind, both in _texts()["pairs"].items():
        turned = [[Pair(kind, text, edited, way == "turned_negative") for text, edited in both[way]] for way in both]
        found += filter(None, itertools.chain(*itertools.zip_longest(*turned)))
    return tuple(found)


@functools.cache
def singles() -> tuple[Single, ...]:
    """The single reviews, kind by kind."""
    return tuple(
        Single(kind, text, label == "positive")
        for kind, both in _texts()["singles"].items()
        for label, found in both.items()
        for text in found
    )


@functools.cache
def opinions() -> tuple[Opinion, ...]:
    """The opinions, kind by kind; of the good and of the bad ones of a kind every second is held out."""
    return tuple(
        Opinion(kind, text, label == "positive", place % 2 == 1)
        for kind, both in _texts()["opinions"].items()
        for label, found in both.items()
        for place, text in enumerate(found)
    )


@functools.cache
def swaps() -> tuple[Swap, ...]:
    """The sentences with something swapped that should not matter."""
    return tuple(
        Swap(kind, tuple(template.format(filling) for filling in found["fillings"]), label == "positive")
        for kind, found in _texts()["swaps"].items()
        for label in ("positive", "negative")
        for template in found[label]
    )


def _texts() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))
