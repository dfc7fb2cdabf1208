"""What can be computed from evaluation figures: what chance allows, and where two models part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.figures.records import AnySlice, Bin, Figures

Array = np.ndarray
FEW = 50  # below so many reviews a share says little
_95 = 1.96  # standard errors on each side that hold 95 % of chance


def margin(share: float, n: int) -> float:
    """± that chance allows a share of ``n`` reviews: half of the 95 % interval of a binomial share."""
    return _95 * math.sqrt(share * (1 - share) / n) if n else math.nan


def interval(share: float, n: int) -> tuple[float, float]:
    """What chance allows a share of ``n``, 95 % (Wilson 1927): it also holds for few texts, and at 0 and 1."""
    if not n:
        return 0.0, 1.0
    z = _95**2 / n
    middle, half = (share + z / 2) / (1 + z), math.sqrt(share * (1 - share) * z + z * z / 4) / (1 + z)
    return max(0.0, middle - half), min(1.0, middle + half)


def auc_margin(auc: float, positive: int, negative: int) -> float:
    """± that chance allows an AUC, 95 % (Hanley and McNeil 1982)."""
    if not positive or not negative:
        return math.nan
    first, second = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (positive - 1) * (first - auc * auc) + (negative - 1) * (second - auc * auc)
    return _95 * math.sqrt(max(0.0, variance) / (positive * negative))


def chance_calibration_error(bins: Sequence[Bin]) -> float:
    """The calibration error that a perfectly calibrated model would show on as many reviews, on average.

    Each bin's share then strays from its mean probability by a mean of √(2p(1−p)/πn) (normal approximation).
    """
    bins = [bin_ for bin_ in bins if bin_.reviews]
    total = sum(bin_.reviews for bin_ in bins)
    strays = (math.sqrt(2 * b.mean_probability * (1 - b.mean_probability) * b.reviews / math.pi) for b in bins)
    return sum(strays) / total if total else math.nan


def varies(rows: Sequence[AnySlice]) -> bool:
    """Whether accuracies of slices differ by more than chance lets them: χ² test of equal shares at 5 %.

    The critical value is Wilson and Hilferty's (1931), within 1 % of the exact one.
    """
    rows = [row for row in rows if row.reviews]
    freedom = len(rows) - 1
    n = sum(row.reviews for row in rows)
    share = sum(row.reviews * row.accuracy for row in rows) / n if n else 0.0
    if freedom < 1 or not 0 < share < 1:
        return False
    squares = sum(row.reviews * (row.accuracy - share) ** 2 for row in rows) / (share * (1 - share))
    ninth = 2 / (9 * freedom)
    return bool(squares > freedom * (1 - ninth + 1.645 * math.sqrt(ninth)) ** 3)


@dataclass(frozen=True, slots=True)
class Paired:
    """Where two models say different things about the same test reviews; counts of reviews."""

    reviews: int
    only_first: int
    only_second: int
    both_wrong: int

    @property
    def disagreement(self) -> float:
        """Share of reviews with different verdicts, 0…1; one of the two is right on each."""
        return (self.only_first + self.only_second) / self.reviews

    @property
    def lead(self) -> float:
        """Accuracy of the first minus accuracy of the second, −1…1."""
        return (self.only_first - self.only_second) / self.reviews

    @property
    def margin(self) -> float:
        """± that chance allows ``lead``, 95 %: of paired verdicts only those that differ count (McNemar 1947)."""
        return _95 * math.sqrt(self.only_first + self.only_second) / self.reviews


def paired(first: Array, second: Array) -> Paired:
    """Compare right/wrong (n,) of two models on the same reviews in the same order.

    Raises:
        ValueError: if they judged another number of reviews.
    """
    if first.shape != second.shape or not len(first):
        raise ValueError("the two models judged other reviews")
    return Paired(len(first), int((first & ~second).sum()), int((~first & second).sum()), int((~first & ~second).sum()))


def unpaired_margin(first: Figures, second: Figures) -> float:
    """± that chance allows the difference of two accuracies where the single verdicts were not kept, 95 %."""
    return math.hypot(*(margin(figures.accuracy, figures.test_reviews) for figures in (first, second)))
