"""Making P(positive) mean what it says.

Platt 1999, "Probabilistic Outputs for Support Vector Machines"; without the shift it is the temperature of Guo et al.
2017, "On Calibration of Modern Neural Networks".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Calibration:
    """A calibrated logit is ``logit / temperature + shift``. The shift moves a network that leans to one verdict.

    What is right for whole reviews may be wrong for their beginnings: a network whose prediction after every word is
    shown is calibrated without a shift.
    """

    temperature: float = 1.0
    shift: float = 0.0

    @classmethod
    def fitted(cls, logits: np.ndarray, labels: np.ndarray, shifted: bool) -> Calibration:
        """The one under which the labels are most likely.

        Args:
            logits: ``(n,)``, of reviews that the network was not trained on.
            labels: ``(n,)``, 0 or 1, both among them.
            shifted: whether a shift is fitted beside the temperature.

        Raises:
            ValueError: if the labels are all the same.
        """
        from sklearn.linear_model import LogisticRegression

        logits = np.asarray(logits, float)
        scale = float(logits.std()) or 1.0  # the search is blind to very small slopes
        line = LogisticRegression(C=1e6, fit_intercept=shifted).fit(logits[:, None] / scale, np.asarray(labels) > 0.5)
        # A network that was hardly trained may tell nothing, or the contrary: it must not become sure, nor turn round.
        found = float(line.coef_[0, 0] / scale)
        slope = float(np.clip(found, 0.1, 10))
        shift = float(np.ravel(line.intercept_)[0]) if shifted else 0.0
        if shifted and slope != found:
            shift = _shift(slope * logits, np.asarray(labels) > 0.5)
        return cls(round(1 / slope, 4), round(shift, 4))

    def loss(self, logits: np.ndarray, labels: np.ndarray) -> float:
        """Mean cross-entropy of the calibrated logits, in nats."""
        calibrated = np.asarray(logits, float) / self.temperature + self.shift
        return float(np.logaddexp(0, np.where(np.asarray(labels) > 0.5, -calibrated, calibrated)).mean())

    def readout(self, weights: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights and bias of an output layer that gives calibrated logits."""
        return weights / np.float32(self.temperature), bias / np.float32(self.temperature) + np.float32(self.shift)


def _shift(logits: np.ndarray, labels: np.ndarray) -> float:
    """The shift alone under which the labels are most likely: on average P(positive) is then the positives' share."""
    from scipy import optimize, special

    farthest = float(np.abs(logits).max()) + 20
    return float(optimize.brentq(lambda by: special.expit(logits + by).mean() - labels.mean(), -farthest, farthest))
