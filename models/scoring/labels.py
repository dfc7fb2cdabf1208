"""What the labels of a file say: on which scale they are, which side each value is on, and which are neither.

A scale is found from the values together with the name of their column, said in one line with the values that were
found, and can be changed. Of stars, as for the reviews that the networks learnt from, at most 4 out of 10 are negative
and at least 7 out of 10 positive; what lies between is neither.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.scoring.label_words import plain_label, side
from models.wording import agreeing, counted

_MOST_VALUES = 40
_SHOWN = 6
_NUMBER = re.compile(r"([-+−]?\d+(?:[.,]\d+)?)\s*(?:(?:/|out of)\s*(\d{1,3})|\s*stars?|%)?")
_STARS_NAMES = frozenset({"stars", "star", "rating", "ratings", "rate", "overall", "grade"})
_CLASS_NAMES = frozenset({"label", "labels", "sentiment", "class", "target", "polarity", "category", "y"})


@dataclass(frozen=True, slots=True)
class Scale:
    """A way to read labels. Numbers up to ``low`` are on one side, from ``high`` on the other, between is neither."""

    title: str
    low: float = 0.0
    high: float = 0.0
    turned: bool = False


SCALES: dict[str, Scale] = {
    "words": Scale("words for positive and negative"),
    "0/1": Scale("0 negative, 1 positive", 0, 1),
    "1/0": Scale("0 positive, 1 negative", 0, 1, turned=True),
    "1/2": Scale("1 negative, 2 positive", 1, 2),
    "0/1/2": Scale("0 negative, 1 neutral, 2 positive", 0, 2),
    "1/2/3": Scale("1 negative, 2 neutral, 3 positive", 1, 3),
    "sign": Scale("below 0 negative, 0 neutral, above 0 positive", -1e-9, 1e-9),
    "0-4": Scale("0 to 4 with 2 as neutral", 1, 3),
    "stars 4": Scale("stars out of 4", 1.5, 3),
    "stars 5": Scale("stars out of 5", 2, 3.5),
    "stars 10": Scale("stars out of 10", 4, 7),
    "share": Scale("shares from 0 to 1", 0.4, 0.6),
    "stars 100": Scale("points out of 100", 40, 70),
}


@dataclass(frozen=True, slots=True)
class Labels:
    """What a file says about its own reviews.

    Attributes:
        positive: one entry a row; None where there is no label, or neither side.
        reading: which values were read as what, in one line; quotes values of the file: plain text only.
        scale: key of ``SCALES``.
        neutral: how many rows are labelled as neither side.
        unread: how many labels could not be read.
    """

    positive: tuple[bool | None, ...]
    reading: str
    scale: str = "words"
    neutral: int = 0
    unread: int = 0

    @property
    def known(self) -> int:
        """How many rows have a label on one side."""
        return sum(value is not None for value in self.positive)


Own = Mapping[str, str]  # labels in a user's own words, as ``plain_label`` gives them: "negative" or "positive"


def read_labels(cells: Sequence[str], name: str = "", scale: str = "", own: Own | None = None) -> Labels | None:
    """The labels in some cells; None where they are something else. One cell in five may be unreadable.

    Args:
        name: of their column, which can tell stars from classes.
        scale: key of ``SCALES``: read them so; "": find out.
        own: what a brought network's own two words mean; they come before all others.
    """
    own = own or {}
    kinds: dict[str, str] = {}
    for cell in cells:
        if cell not in kinds:
            kinds[cell] = plain_label(cell[:100])
            if len(kinds) > 4 * _MOST_VALUES:
                return None
    plain = [kinds[cell] for cell in cells]
    opinions = [cell for cell in plain if side(cell) not in ("missing", "neutral")]
    if not opinions or (len(set(opinions)) > _MOST_VALUES and not scale):
        return None
    words = {cell: own.get(cell) or side(cell) for cell in set(plain)}
    in_words = sum(words[cell] is not None for cell in opinions)
    if scale == "words" or (not scale and in_words >= 0.8 * len(opinions)):
        ours = not own.keys().isdisjoint(opinions)
        return _labels(cells, plain, words, "words", ours) if in_words else None
    pairs = {cell: _number(cell) for cell in set(opinions)}
    read = [pair for cell in opinions if (pair := pairs[cell]) is not None]
    if not read or (len(read) < 0.8 * len(opinions) and not scale):
        return None
    outs = {out for _, out in read if out in (4, 5, 10, 100)}
    found = scale or (f"stars {max(outs)}" if outs else _scale({value for value, _ in read}, name))
    if found not in SCALES:
        return None
    of = SCALES[found]
    sides: dict[str, str | None] = {cell: words[cell] for cell in set(plain) if cell not in pairs}
    for cell, pair in pairs.items():
        if pair is not None:
            low, high = ("positive", "negative") if of.turned else ("negative", "positive")
            sides[cell] = low if pair[0] <= of.low else high if pair[0] >= of.high else "neutral"
    return _labels(cells, plain, sides, found)


def name_words(name: str) -> list[str]:
    """The words of a column's name: ``isPositive``, ``is_positive`` → ``["is", "positive"]``."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\dA-Za-z_]+", name)]


def _scale(values: set[float], name: str) -> str:
    """The scale of some numbers, by what they are and what their column is called; "" where it cannot be told."""
    words = set(name_words(name))
    stars, classes = bool(words & _STARS_NAMES), bool(words & _CLASS_NAMES)
    whole = all(value == int(value) for value in values)
    low, high = min(values), max(values)
    if low < 0:
        return "sign" if low >= -5 and high <= 5 else ""
    if high > 10:
        return ""
    if values <= {0, 1} and not words & {"stars", "star"}:
        return "0/1"
    if high <= 1 and not whole:
        return "share" if words else ""
    if stars or not whole:
        return "stars 5" if high <= 5 else "stars 10"
    if values <= {1, 2}:
        return "1/2"
    if values <= {0, 1, 2}:
        return "0/1/2"
    if values <= {1, 2, 3} and classes:
        return "1/2/3"
    if low == 0 and high <= 4:
        return "0-4"
    return "stars 5" if high <= 5 else "stars 10"


def _labels(
    cells: Sequence[str], plain: Sequence[str], sides: Mapping[str, str | None], scale: str, own: bool = False
) -> Labels | None:
    positive = tuple({"positive": True, "negative": False}.get(sides.get(cell) or "") for cell in plain)
    if not any(value is not None for value in positive):
        return None
    neutral = sum(sides.get(cell) == "neutral" for cell in plain)
    unread = sum(sides.get(cell) is None for cell in plain)
    shown: dict[str, dict[str, None]] = {"negative": {}, "neutral": {}, "positive": {}}
    for cell in sorted(dict(zip(plain, cells, strict=True)), key=_in_order):
        if (found := sides.get(cell)) in shown:
            shown[str(found)][cell[:20]] = None
    named = {"negative": "0", "positive": "1"} if own else {}
    parts = [f"{_listed(list(values))} = {named.get(of, of)}" for of, values in shown.items() if values]
    title = "the network’s own words" if own else SCALES[scale].title
    reading = f"Labels read as {title}: {'; '.join(parts)}."
    if neutral:
        reading += f" {counted(neutral, 'row')} {agreeing(neutral, 'is', 'are')} neutral and left out of the score."
    if unread:
        reading += f" {counted(unread, 'label')} cannot be read."
    return Labels(positive, reading, scale, neutral, unread)


def _listed(values: list[str]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(values[:_SHOWN]) + more


def _in_order(cell: str) -> tuple[float, str]:
    pair = _number(cell)
    return (pair[0] if pair else 0.0, cell)


def _number(cell: str) -> tuple[float, int | None] | None:
    """A number and what it is out of: ``4``, ``3.5 stars``, ``7/10``, ``4 out of 5``, ``★★☆``."""
    if cell and not cell.strip("★☆⭐"):
        return float(cell.count("★") + cell.count("⭐")), 5
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return None
    return float(match[1].replace(",", ".").replace("−", "-")), int(match[2]) if match[2] else None
