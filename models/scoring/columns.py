"""Which column of a table holds the reviews, and which one the labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from models.scoring.label_words import plain_label, side, speaks_for_itself
from models.scoring.labels import Labels, Own, name_words, read_labels
from models.scoring.tables import Broken, NotText
from models.word_lists import word_lists

# Usual names of columns, and words of longer names (``airline_sentiment``, ``isPositive``), the surest first. What such
# a name must not have in it: ids, dates, counts, and what others thought of a review.
_WORDS = word_lists(Path(__file__).with_suffix(".txt"))
_UNNAMED = re.compile(r"(?:column \d+|unnamed: ?\d+|\d+|)", re.IGNORECASE)
_UNNAMED_SCALES = ("0/1", "0/1/2", "sign", "0-4", "1/2", "stars 5")


def pick_text(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """The column of the reviews: one with a usual name that has words in it, else the one with the longest text.

    Args:
        rows: a sample, each with one cell a column.

    Returns:
        its place, or None where no column has words.
    """
    lengths = [_mean_words([row[place] for row in rows]) for place in range(len(columns))]
    plain = _plain(columns)
    for name in _WORDS["reviews"]:
        named = [place for place, found in enumerate(plain) if found == name and lengths[place] > 0]
        if named:
            return max(named, key=lengths.__getitem__)
    longest = max(range(len(columns)), key=lengths.__getitem__, default=None)
    return longest if longest is not None and lengths[longest] > 0 else None


def pick_label(
    columns: Sequence[str], rows: Sequence[Sequence[str]], text: int | None, own: Own | None = None
) -> int | None:
    """The column of the labels, by names and values together; None where there is none, or it is not clear.

    A usual name, or a name with such a word in it, whose values can be read as labels; else values that can only be
    verdicts (``pos``, ``rotten``); of columns without names the one of a usual scale, if there is just one. Never an
    id, a date or a vote.

    Args:
        own: see ``read_labels``; a column of both words is one of labels, whatever it is called.
    """
    own = own or {}

    def cells(place: int) -> list[str]:
        return [row[place] for row in rows]

    def read(place: int, named: bool = False) -> Labels | None:
        if place == text or (not named and _ids(cells(place))):
            return None
        return read_labels(cells(place), columns[place], own=own)

    plain = _plain(columns)
    for name in _WORDS["labels"]:
        for place, found in enumerate(plain):
            if found == name and read(place, named=True) is not None:
                return place
    words = [set(name_words(name)) for name in columns]
    for word in _WORDS["in a label"]:
        for place, found_words in enumerate(words):
            if word in found_words and found_words.isdisjoint(_WORDS["in no label"]) and read(place) is not None:
                return place
    for place in range(len(columns)):
        labels = {plain_label(cell) for cell in cells(place)} if place != text else set()
        sides = {own.get(cell) or side(cell) for cell in labels if cell in own or speaks_for_itself(cell)}
        if sides >= {"positive", "negative"} and read(place) is not None:
            return place
    unnamed = [place for place, name in enumerate(columns) if _UNNAMED.fullmatch(name.strip())]
    usual = [place for place in unnamed if _usual(read(place))]
    return usual[0] if len(usual) == 1 else None


def _plain(columns: Sequence[str]) -> list[str]:
    return [re.sub(r"\W+", "_", name.strip().lower()).strip("_") for name in columns]


def _usual(labels: Labels | None) -> bool:
    """Whether labels under no heading are of a usual scale, both sides of it there."""
    return labels is not None and labels.scale in _UNNAMED_SCALES and {True, False} <= set(labels.positive)


def _ids(cells: Sequence[str]) -> bool:
    """Whether cells only count on: as 1, 2, 3 do."""
    try:
        numbers = [int(cell) for cell in cells]
    except ValueError:
        return False
    return len(numbers) > 3 and all(after - before == 1 for before, after in pairwise(numbers))


def _mean_words(cells: Sequence[str]) -> float:
    """Mean number of words (then of letters) of the cells that have letters; 0 where fewer than a tenth have any."""
    sizes = [
        len(cell[:20_000].split()) + 1e-6 * len(cell[:20_000])
        for cell in cells
        if not isinstance(cell, NotText | Broken) and any(map(str.isalpha, cell[:2_000]))
    ]
    return sum(sizes) / len(sizes) if sizes and len(sizes) > 0.1 * len(cells) else 0.0
