"""What ``evaluation.json`` holds, as records: how one model judged the test reviews. Numbers only, no reviews.

A share is in 0…1. Where a slice or a bin holds no reviews its shares are NaN (null in the file).
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import numpy as np

Array = np.ndarray
Count = Annotated[int, "count"]
CountOrNone = Annotated[int | None, "count"]
Number = Annotated[float, "number"]
NumberOrNone = Annotated[float | None, "number"]
Share = Annotated[float, "share"]
ShareOrNone = Annotated[float | None, "share"]
ShareIfAny = Annotated[float, "share?"]  # null where no review stands behind it
Kind = Annotated[str, "kind"]
Part = Literal["roc", "thresholds", "calibration", "by_length", "by_stars", "by_share_read", "right_bits", "challenges"]
ChallengePart = Literal["pairs", "singles", "swaps", "cuts", "opinions"]
IN_FILE = {"low": "from", "high": "to"}  # Python keeps the word "from" to itself


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of test reviews by label and verdict at threshold 0.5."""

    true_positive: Count
    false_positive: Count
    true_negative: Count
    false_negative: Count

    @property
    def positive(self) -> int:
        """Reviews whose label is positive."""
        return self.true_positive + self.false_negative

    @property
    def negative(self) -> int:
        """Reviews whose label is negative."""
        return self.false_positive + self.true_negative

    @property
    def false_rate(self) -> float:
        """Share of the negative reviews that were called positive; 0 where there are none."""
        return self.false_positive / max(1, self.negative)

    @property
    def true_rate(self) -> float:
        """Share of the positive reviews that were called positive; 0 where there are none."""
        return self.true_positive / max(1, self.positive)


@dataclass(frozen=True, slots=True)
class RocPoint:
    """Shares of the negative and of the positive reviews that are called positive from some threshold on."""

    false_rate: Share
    true_rate: Share


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """The verdicts where a review counts as positive from ``threshold`` on; older files lack the counts."""

    threshold: Share
    accuracy: Share
    true_positive: CountOrNone = None
    false_positive: CountOrNone = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Accuracy on some of the test reviews."""

    reviews: Count
    accuracy: ShareIfAny


@dataclass(frozen=True, slots=True)
class LengthSlice:
    """Accuracy on the reviews of ``low`` words or more and fewer than ``high``."""

    low: Count
    high: Count
    reviews: Count
    accuracy: ShareIfAny


@dataclass(frozen=True, slots=True)
class StarSlice:
    """Accuracy on the reviews of this many stars, 1…10."""

    stars: Count
    reviews: Count
    accuracy: ShareIfAny


@dataclass(frozen=True, slots=True)
class ShareSlice:
    """Accuracy of the running prediction after this share of every review."""

    share: Share
    reviews: Count
    accuracy: ShareIfAny


AnySlice = Slice | LengthSlice | StarSlice | ShareSlice


@dataclass(frozen=True, slots=True)
class Bin:
    """The reviews whose P(positive) lies in ``low`` to ``high``: its mean, and the share that really was positive."""

    low: Share
    high: Share
    reviews: Count
    mean_probability: ShareIfAny
    positive: ShareIfAny


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins of equal width over 0…1, and by how much scores stray from what turned out, on average (ECE)."""

    bins: tuple[Bin, ...]
    expected_calibration_error: Share


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Contrast pairs of a kind: shares with the original, the edited side, and both sides judged rightly."""

    kind: Kind
    pairs: Count
    original_right: Share
    edited_right: Share
    both_right: Share


@dataclass(frozen=True, slots=True)
class TextFigures:
    """Accuracy on texts of a kind: our own, or pieces cut from validation reviews."""

    kind: Kind
    reviews: Count
    accuracy: Share


@dataclass(frozen=True, slots=True)
class OpinionFigures:
    """Accuracy on the short opinions of a kind: on the half that recipes were tuned by, and on the half held out."""

    kind: Kind
    texts: Count
    tuned_right: Share
    held_out_right: Share


@dataclass(frozen=True, slots=True)
class SwapFigures:
    """By how much P(positive) differs between versions of a sentence; sentences with both verdicts among theirs."""

    kind: Kind
    sentences: Count
    mean_spread: Share
    largest_spread: Share
    verdict_changes: Count


@dataclass(frozen=True, slots=True)
class Challenges:
    """How the model fares with what people type; ``cuts`` is empty where it has learnt from those reviews."""

    pairs: tuple[PairFigures, ...]
    singles: tuple[TextFigures, ...]
    swaps: tuple[SwapFigures, ...]
    opinions: tuple[OpinionFigures, ...] = ()
    cuts: tuple[TextFigures, ...] = ()

    @property
    def held_out_opinions(self) -> tuple[int, int]:
        """How many of the opinions held out are judged rightly, and of how many; ``(0, 0)`` where none were tried."""
        halves = [(row.held_out_right, row.texts // 2) for row in self.opinions]
        return round(sum(share * count for share, count in halves)), sum(count for _, count in halves)

    def cut(self, kind: str) -> TextFigures | None:
        """The figures on pieces of this kind, if any were cut."""
        return next((row for row in self.cuts if row.kind == kind and row.reviews), None)

    def pair(self, kind: str) -> PairFigures | None:
        """The figures on contrast pairs of this kind, if there are any."""
        return next((row for row in self.pairs if row.kind == kind and row.pairs), None)

    def single(self, kind: str) -> TextFigures | None:
        """The figures on our own texts of this kind, if there are any."""
        return next((row for row in self.singles if row.kind == kind and row.reviews), None)

    def rows(self, part: ChallengePart) -> list[dict[str, Any]]:
        """A part as rows of a table, named as in the file."""
        return as_rows(getattr(self, part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How one model judged the test reviews. Parts that an older file lacks are None or empty; in the file's order.

    ``loss`` is in nats. ``right_bits``: one bit a review, base64, 1 where the verdict was right. ``unread_words``: of
    all reviews, beyond what the model reads. ``damaged`` names parts that stand in the file and cannot be used.
    """

    model: str | None = None
    test_reviews: Count
    accuracy: Share
    loss: Number
    loss_deviation: NumberOrNone = None
    auc: Share
    confusion: Confusion
    roc: tuple[RocPoint, ...] = ()
    thresholds: tuple[AtThreshold, ...] = ()
    official_test: bool = True
    without_duplicates: Slice | None = None
    calibration: Calibration | None = None
    right_bits: str | None = None
    by_length: tuple[LengthSlice, ...] = ()
    by_stars: tuple[StarSlice, ...] = ()
    by_share_read: tuple[ShareSlice, ...] = ()
    unread_words: CountOrNone = None
    challenges: Challenges | None = None
    largest_difference_to_keras: ShareOrNone = None
    damaged: tuple[str, ...] = ()

    def has(self, part: Part) -> bool:
        """Whether the file holds this part, whole."""
        return bool(getattr(self, part))

    def rows(self, part: Part) -> list[dict[str, Any]]:
        """A part that is a list as rows of a table, named as in the file; of the calibration its bins."""
        if part == "calibration":
            return as_rows(self.calibration.bins) if self.calibration else []
        return as_rows(getattr(self, part))

    def right(self) -> Array | None:
        """(test_reviews,) bool: whether the verdict on each test review was right; None where that was not kept."""
        if self.right_bits is None:
            return None
        packed = np.frombuffer(base64.b64decode(self.right_bits, validate=True), np.uint8)
        return np.unpackbits(packed, count=self.test_reviews).astype(bool)

    def scored_alike(self, score: float) -> Bin | None:
        """The calibration bin that a score of P(positive) falls into; None where there is none."""
        bins = self.calibration.bins if self.calibration else ()
        return next((b for b in bins if b.low <= score < b.high or score == b.high == 1), None)

    def at_threshold(self, threshold: float) -> AtThreshold | None:
        """The verdicts at a threshold; None where that one was not measured."""
        return next((row for row in self.thresholds if abs(row.threshold - threshold) < 1e-6), None)


@dataclass(frozen=True, slots=True)
class Column:
    """One number of a record: its attribute, its name in the file, what it may be, whether a row may lack it."""

    attribute: str
    name: str
    kind: str
    optional: bool


@functools.cache
def columns(record: type) -> tuple[Column, ...]:
    """The columns of a record, which are its plain numbers, in the order of the file."""
    hints = get_type_hints(record, include_extras=True)
    return tuple(
        Column(f.name, IN_FILE.get(f.name, f.name), get_args(hints[f.name])[1], f.default is not MISSING)
        for f in fields(record)
        if get_origin(hints[f.name]) is Annotated
    )


def as_rows(records: Sequence[Any]) -> list[dict[str, Any]]:
    """Records as rows of a table, named as in the file; a number that an older file lacks is left out."""
    return [
        {c.name: value for c in columns(record.__class__) if (value := getattr(record, c.attribute)) is not None}
        for record in records
    ]
