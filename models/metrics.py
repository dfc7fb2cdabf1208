"""How well probabilities fit labels: accuracy, confusion, ROC. Exact, NumPy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One model against labels.

    Attributes:
        true_positive, false_positive, true_negative, false_negative: counts at the threshold 0.5.
        false_rate, true_rate: (points,) the ROC curve from (0, 0) to (1, 1), one point for every distinct score.
        auc: area under it, the chance that a positive review scores above a negative one (ties count half); NaN
            where only one kind of label is there.
    """

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    false_rate: Array
    true_rate: Array
    auc: float

    @property
    def reviews(self) -> int:
        """How many were counted."""
        return self.true_positive + self.false_positive + self.true_negative + self.false_negative

    @property
    def accuracy(self) -> float:
        """Share of right verdicts, 0…1."""
        return (self.true_positive + self.true_negative) / self.reviews


def fit(probabilities: Array, positive: Array) -> Fit:
    """Compare ``probabilities`` (n,) with labels ``positive`` (n,) bool; n at least 1, nothing missing.

    Raises:
        ValueError: if there is nothing to compare.
    """
    if len(probabilities) == 0 or len(probabilities) != len(positive):
        raise ValueError("as many labels as probabilities are needed, and at least one")
    predicted = probabilities >= 0.5
    false_rate, true_rate = roc(probabilities, positive)
    return Fit(
        int((predicted & positive).sum()),
        int((predicted & ~positive).sum()),
        int((~predicted & ~positive).sum()),
        int((~predicted & positive).sum()),
        false_rate,
        true_rate,
        float(np.trapezoid(true_rate, false_rate)),  # NaN where a rate is
    )


def roc(scores: Array, positive: Array) -> tuple[Array, Array]:
    """The ROC curve of ``scores`` (n,) against ``positive`` (n,) bool, n at least 1.

    Returns:
        false and true positive rate, (points,) each, from (0, 0) to (1, 1), one point for every distinct score; NaN
        but for the first where that kind of label is missing.
    """
    order = np.argsort(-scores, kind="stable")
    hits, alarms = np.cumsum(positive[order]), np.cumsum(~positive[order])
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    with np.errstate(invalid="ignore"):
        false_rate, true_rate = (np.concatenate([[0.0], counts[ends] / counts[-1]]) for counts in (alarms, hits))
    return false_rate, true_rate
