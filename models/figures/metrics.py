"""How well probabilities fit labels: accuracy, confusion, ROC. Exact, NumPy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.figures.records import Confusion

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One model against labels.

    Attributes:
        confusion: counts at the threshold 0.5.
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


def fit(probabilities: Array, positive: Array) -> Fit:
    """Compare ``probabilities`` (n,) with labels ``positive`` (n,) bool; n at least 1, nothing missing.

    Raises:
        ValueError: if there is nothing to compare.
    """
    if len(probabilities) == 0 or len(probabilities) != len(positive):
        raise ValueError("as many labels as probabilities are needed, and at least one")
    false_rate, true_rate = roc(probabilities, positive)
    return Fit(
        confusion(probabilities >= 0.5, positive),
        false_rate,
        true_rate,
        float(np.trapezoid(true_rate, false_rate)),  # NaN where a rate is
    )


def confusion(predicted: Array, positive: Array) -> Confusion:
    """Counts of verdicts by label, both (n,) bool."""
    pairs = ((predicted, positive), (predicted, ~positive), (~predicted, ~positive), (~predicted, positive))
    return Confusion(*(int((verdict & label).sum()) for verdict, label in pairs))


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
