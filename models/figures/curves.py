"""ROC and calibration of scores, as records.

In NumPy, for the process that serves pages judges a visitor's labelled file by the same curves as the command that
judges the shelf; tests hold them to scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.figures.records import Bin, Calibration, RocPoint

Array = np.ndarray
BINS = 15
_POINTS = 201


def roc_points(false_rate: Array, true_rate: Array) -> tuple[RocPoint, ...]:
    """At most ``_POINTS`` points of a ROC curve, both rates (points,), the two ends among them; five decimals."""
    chosen = np.unique(np.linspace(0, len(true_rate) - 1, _POINTS).astype(int))
    return tuple(RocPoint(round(float(false_rate[i]), 5), round(float(true_rate[i]), 5)) for i in chosen)


def calibration(probabilities: Array, positive: Array) -> Calibration:
    """Bins of equal width, and the expected calibration error over them (Guo et al. 2017).

    Args:
        probabilities: (n,) P(positive).
        positive: (n,) bool, what turned out.
    """
    place = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(
            i / BINS,
            (i + 1) / BINS,
            int((place == i).sum()),
            _mean(probabilities[place == i]),
            _mean(positive[place == i]),
        )
        for i in range(BINS)
    )
    return Calibration(bins, error_of(bins))


def error_of(bins: Sequence[Bin]) -> float:
    """By how much the bins' means stray from what turned out, on average over the reviews."""
    total = sum(bin_.reviews for bin_ in bins)
    return sum(bin_.reviews / total * abs(bin_.mean_probability - bin_.positive) for bin_ in bins if bin_.reviews)


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else float("nan")
