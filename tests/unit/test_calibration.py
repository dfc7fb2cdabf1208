"""Logits of reviews with known labels become probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.fit.calibration import Calibration


def _reviews(temperature: float, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are off by ``temperature`` and ``shift``, with labels drawn by the true ones."""
    random = np.random.default_rng(0)
    true = random.normal(0, 2.5, 200_000)
    labels = random.random(len(true)) < 1 / (1 + np.exp(-true))
    return ((true - shift) * temperature).astype(np.float32), labels.astype(np.float32)


@pytest.mark.parametrize(("temperature", "shift"), [(1.0, 0.0), (1.6, 0.0), (0.7, -0.4), (2.0, 0.5)])
def test_what_was_put_in_is_found(temperature: float, shift: float) -> None:
    found = Calibration.fitted(*_reviews(temperature, shift), shifted=True)
    assert found.temperature == pytest.approx(temperature, rel=0.03)
    assert found.shift == pytest.approx(shift, abs=0.03)


@pytest.mark.parametrize("temperature", [0.7, 1.6])
def test_a_temperature_alone_changes_no_verdict(temperature: float) -> None:
    logits, labels = _reviews(temperature, 0.0)
    found = Calibration.fitted(logits, labels, shifted=False)
    assert found.temperature == pytest.approx(temperature, rel=0.03)
    assert found.shift == 0
    likelier = min(found.loss(logits, labels), *(Calibration(t).loss(logits, labels) for t in (0.6, 1.0, 1.5, 2.0)))
    assert found.loss(logits, labels) == likelier


def test_the_output_layer_then_gives_calibrated_logits() -> None:
    random = np.random.default_rng(1)
    states, weights, bias = random.normal(size=(5, 3)), random.normal(size=(3, 1)), random.normal(size=1)
    calibration = Calibration(1.5, -0.2)
    changed, moved = calibration.readout(weights, bias)
    np.testing.assert_allclose(states @ changed + moved, (states @ weights + bias) / 1.5 - 0.2, atol=1e-6)


def test_a_network_that_tells_nothing_is_neither_made_sure_nor_turned_round() -> None:
    logits, labels = _reviews(1.0, 0.0)
    assert Calibration.fitted(-logits, labels, shifted=True).temperature == 10
    assert Calibration.fitted(logits * 1e-4, labels, shifted=False).temperature == 0.1


def test_a_hardly_trained_network_that_leans_gets_the_shift_of_its_own_slope() -> None:
    logits, labels = _reviews(1.0, 0.0)
    fitted = Calibration.fitted(logits * 1e-3 + 0.4, labels, shifted=True)
    assert fitted.temperature == 0.1
    scores = 1 / (1 + np.exp(-((logits * 1e-3 + 0.4) / fitted.temperature + fitted.shift)))
    assert scores.mean() == pytest.approx(labels.mean(), abs=1e-3), "not all of them 0"
    assert scores.std() > 1e-3


def test_labels_of_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="class"):
        Calibration.fitted(np.array([1.0, 2.0]), np.array([1.0, 1.0]), shifted=True)
