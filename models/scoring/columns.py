"""Which column of a table holds the reviews, which one the labels, and what the labels say."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.scoring.tables import Broken, NotText

TEXT_NAMES = (
    "review", "text", "comment", "reviews", "review_text", "reviewtext", "text_review", "comments", "content", "body",
    "message", "sentence", "phrase", "tweet", "document", "description", "feedback",
)  # fmt: skip
LABEL_NAMES = (
    "label", "sentiment", "stars", "rating", "labels", "polarity", "class", "target", "score", "star_rating", "overall",
    "y",
)  # fmt: skip
_POSITIVE = frozenset({"positive", "pos", "p", "+", "good", "fresh", "true", "yes", "favourable", "thumbs up"})
_NEGATIVE = frozenset({"negative", "neg", "n", "-", "−", "bad", "rotten", "false", "no", "thumbs down"})
_NEITHER = frozenset({"neutral", "mixed", "neither", "unsup", "none", "unknown", "na", "n/a", "nan", "null", "?"})
_STARS = re.compile(r"([-+]?\d+(?:[.,]\d+)?)\s*(?:/\s*(\d+)|stars?)?")
_MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class Labels:
    """What a file says about its own reviews.

    Attributes:
        positive: one entry a row; None where there is no label, or neither side.
        reading: how the values were read, in a sentence of our own.
    """

    positive: tuple[bool | None, ...]
    reading: str

    @property
    def known(self) -> int:
        """How many rows have a label."""
        return sum(value is not None for value in self.positive)


def pick_text(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """The column of the reviews: one with a usual name that has words in it, else the one with the longest text.

    Args:
        rows: a sample, each with one cell a column.

    Returns:
        its place, or None where no column has words.
    """
    lengths = [_mean_words([row[place] for row in rows]) for place in range(len(columns))]
    plain = [re.sub(r"\W+", "_", name.strip().lower()).strip("_") for name in columns]
    for name in TEXT_NAMES:
        named = [place for place, found in enumerate(plain) if found == name and lengths[place] > 0]
        if named:
            return max(named, key=lengths.__getitem__)
    longest = max(range(len(columns)), key=lengths.__getitem__, default=None)
    return longest if longest is not None and lengths[longest] > 0 else None


def pick_label(columns: Sequence[str], rows: Sequence[Sequence[str]], text: int | None) -> int | None:
    """The column of the labels: one with a usual name whose values can be read as labels; None where there is none."""
    plain = [re.sub(r"\W+", "_", name.strip().lower()).strip("_") for name in columns]
    for name in LABEL_NAMES:
        for place, found in enumerate(plain):
            if found == name and place != text and read_labels([row[place] for row in rows]) is not None:
                return place
    return None


def read_labels(cells: Sequence[str]) -> Labels | None:
    """Labels as 0/1, −1/1, pos/neg, positive/negative and the like, or stars; None where they are something else.

    Of stars, as for the reviews that the networks learnt from, at most 4 out of 10 are negative and at least 7 out of
    10 positive; what lies between is neither. One cell in five may be unreadable.
    """
    plain = [cell.strip().lower() for cell in cells]
    said = [cell for cell in plain if cell and cell not in _NEITHER]
    if not said or len(set(said)) > _MOST_NAMES:
        return None
    words = [True if cell in _POSITIVE else False if cell in _NEGATIVE else None for cell in plain]
    if sum(word is not None for word in words) >= 0.8 * len(said):
        return Labels(tuple(words), "The labels are words for positive and negative.")
    pairs = [_stars(cell) for cell in plain]
    numbers = [pair[0] for pair in pairs if pair is not None]
    if len(numbers) < 0.8 * len(said):
        return None
    scales = {scale for _, scale in filter(None, pairs)} - {None}
    low, high, reading = _sides(set(numbers), max(scales, default=None))  # type: ignore[type-var]
    if not reading:
        return None
    sides = [None if pair is None else True if pair[0] >= high else False if pair[0] <= low else None for pair in pairs]
    return Labels(tuple(sides), reading)


def _sides(values: set[float], scale: int | None) -> tuple[float, float, str]:
    """At most how much is negative, at least how much positive, and that in words ("" where it cannot be told)."""
    if scale is None:
        if values <= {0, 1}:
            return 0, 1, "The labels are read as 0 = negative, 1 = positive."
        if values <= {-1, 0, 1}:
            return -1, 1, "The labels are read as −1 = negative, 1 = positive."
        if values <= {1, 2}:
            return 1, 2, "The labels are read as 1 = negative, 2 = positive."
        if values <= {0, 2, 4} and 4 in values and 0 in values:
            return 0, 4, "The labels are read as 0 = negative, 4 = positive."
        if min(values) < 0 or max(values) > 10:
            return 0, 0, ""
        scale = 5 if max(values) <= 5 else 10
    low, high = math.floor(0.4 * scale * 2) / 2, math.ceil(0.7 * scale * 2) / 2
    return (
        low,
        high,
        (
            f"The labels are read as stars out of {scale}: up to {low:g} is negative, from {high:g} positive, "
            "between is "
            "neither."
        ),
    )


def _stars(cell: str) -> tuple[float, int | None] | None:
    if cell and not cell.strip("★☆"):
        return float(cell.count("★")), 5
    match = _STARS.fullmatch(cell)
    if match is None:
        return None
    scale = int(match[2][:4]) if match[2] else None
    return float(match[1].replace(",", ".")), scale if scale in (4, 5, 10) else None


def _mean_words(cells: Sequence[str]) -> float:
    """Mean number of words (then of letters) of the cells that have letters; 0 where fewer than a tenth have any."""
    sizes = [
        len(cell[:20_000].split()) + 1e-6 * len(cell[:20_000])
        for cell in cells
        if not isinstance(cell, NotText | Broken) and any(map(str.isalpha, cell[:2_000]))
    ]
    return sum(sizes) / len(sizes) if sizes and len(sizes) > 0.1 * len(cells) else 0.0
