"""How well scores fit labels: accuracy, confusion, ROC, calibration.

In NumPy, for the process that serves pages judges a visitor's labelled file by the same numbers as the command that
judges the shelf; tests hold them to scikit-learn's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.figures.records import Bin, Calibration, Confusion, RocPoint

Array = np.ndarray
BINS = 15
_POINTS = 201


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One model against labels.

    Attributes:
        confusion: counts at the threshold.
        false_rate, true_rate: (points,) the ROC curve from (0, 0) to (1, 1), one point for every distinct score.
        auc: area under it, the chance that a positive review scores above a negative one (ties count half); NaN
            where only one kind of label is there.
    """

    confusion: Confusion
    false_rate: Array
    true_rate: Array
    auc: float

    @property
    def reviews(self) -> int:
        """How many were counted."""
        return self.confusion.positive + self.confusion.negative

    @property
    def accuracy(self) -> float:
        """Share of right verdicts, 0…1."""
        return (self.confusion.true_positive + self.confusion.true_negative) / self.reviews

    @property
    def points(self) -> tuple[RocPoint, ...]:
        """At most ``_POINTS`` points of the ROC curve, the two ends among them; five decimals."""
        chosen = np.unique(np.linspace(0, len(self.true_rate) - 1, _POINTS).astype(int))
        return tuple(RocPoint(round(float(self.false_rate[i]), 5), round(float(self.true_rate[i]), 5)) for i in chosen)


def fit(scores: Array, positive: Array, threshold: float = 0.5) -> Fit:
    """Compare ``scores`` (n,) with labels ``positive`` (n,) bool; n at least 1, nothing missing.

    Args:
        threshold: from which on a score is the verdict "positive".

    Raises:
        ValueError: if there is nothing to compare.
    """
    if len(scores) == 0 or len(scores) != len(positive):
        raise ValueError("as many labels as probabilities are needed, and at least one")
    predicted = scores >= threshold
    pairs = ((predicted, positive), (predicted, ~positive), (~predicted, ~positive), (~predicted, positive))
    order = np.argsort(-scores, kind="stable")
    hits, alarms = np.cumsum(positive[order]), np.cumsum(~positive[order])
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    with np.errstate(invalid="ignore"):  # NaN but for the first point where one kind of label is missing
        false_rate, true_rate = (np.concatenate([[0.0], counts[ends] / counts[-1]]) for counts in (alarms, hits))
    return Fit(
        Confusion(*(int((verdict & label).sum()) for verdict, label in pairs)),
        false_rate,
        true_rate,
        float(np.trapezoid(true_rate, false_rate)),
    )


def calibration(probabilities: Array, positive: Array) -> Calibration:
    """Bins of P(positive), (n,), of equal width, and the expected calibration error over them (Guo et al. 2017)."""
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
    strays = (bin_.reviews * abs(bin_.mean_probability - bin_.positive) for bin_ in bins if bin_.reviews)
    return Calibration(bins, sum(strays) / len(positive))


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else float("nan")
