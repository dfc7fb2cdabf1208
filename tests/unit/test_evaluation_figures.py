"""The figures of the test set against scikit-learn, on scores with ties and on skewed labels."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import pytest

from models.figures import json_file
from models.figures import metrics as own
from models.figures.json_file import as_json
from models.figures.records import Confusion, Figures, RocPoint
from tests.judged import figures_of

pytestmark = pytest.mark.tensorflow

N = 4_001


@pytest.fixture(scope="module", params=[0, 1, 2])
def scored(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray]:
    """Logits (N,) with many ties, and labels of which a third is positive."""
    random = np.random.default_rng(request.param)
    labels = (random.random(N) < 1 / 3).astype(int)
    logits = random.normal(2.5 * (labels - 0.5), 1.5)
    if request.param:
        logits = np.round(logits, request.param - 1)
    return logits.astype(np.float32), labels


def test_verdicts(scored):
    metrics = pytest.importorskip("sklearn.metrics")
    from models.nn.cells import sigmoid
    from models.training.report.evaluation import _verdicts

    logits, labels = scored
    found = _verdicts(logits, labels)
    # NumPy's own double precision, not our sigmoid.
    probabilities = 1 / (1 + np.exp(-logits.astype(np.float64)))
    called_positive = logits >= 0
    assert found.accuracy == pytest.approx(metrics.accuracy_score(labels, called_positive), abs=1e-12)
    assert found.auc == pytest.approx(metrics.roc_auc_score(labels, logits), abs=1e-9)
    assert found.loss == pytest.approx(metrics.log_loss(labels, probabilities), abs=1e-6)
    each = -np.log(np.where(labels == 1, probabilities, 1 - probabilities))
    assert found.loss_deviation == pytest.approx(np.std(each), abs=1e-5)
    counts = found.confusion
    expected = metrics.confusion_matrix(labels, called_positive)
    assert [counts.true_negative, counts.false_positive] == expected[0].tolist()
    assert [counts.false_negative, counts.true_positive] == expected[1].tolist()
    for row in found.thresholds:
        over = sigmoid(logits) >= row.threshold
        (tn, fp), (fn, tp) = metrics.confusion_matrix(labels, over)
        assert (row.true_positive, row.false_positive) == (tp, fp)
        assert row.accuracy == pytest.approx((tn + tp) / (tn + fp + fn + tp))
    assert [row.threshold for row in found.thresholds] == pytest.approx(np.arange(1, 20) / 20)


def test_roc_points_lie_on_scikit_learns_curve(scored):
    metrics = pytest.importorskip("sklearn.metrics")
    from models.training.report.evaluation import _verdicts

    logits, labels = scored
    points = _verdicts(logits, labels).roc
    x, y, _ = metrics.roc_curve(labels, logits, drop_intermediate=False)
    exact = {(round(float(a), 5), round(float(b), 5)) for a, b in zip(x, y, strict=True)}
    assert {(point.false_rate, point.true_rate) for point in points} <= exact
    assert points[0] == RocPoint(0, 0)
    assert points[-1] == RocPoint(1, 1)
    assert len(points) <= 201


def test_calibration_against_scikit_learn(scored):
    calibration = pytest.importorskip("sklearn.calibration")
    from models.nn.cells import sigmoid

    logits, labels = scored
    probabilities = sigmoid(logits)
    found = own.calibration(probabilities, labels == 1)
    bins = [bin_ for bin_ in found.bins if bin_.reviews]
    positive, mean = calibration.calibration_curve(labels, probabilities, n_bins=own.BINS)
    assert [bin_.positive for bin_ in bins] == pytest.approx(positive)
    assert [bin_.mean_probability for bin_ in bins] == pytest.approx(mean, abs=1e-6)
    assert sum(bin_.reviews for bin_ in found.bins) == N
    weights = np.array([bin_.reviews for bin_ in bins]) / N
    assert found.expected_calibration_error == pytest.approx(np.sum(weights * np.abs(positive - mean)), abs=1e-6)


def test_scores_that_are_all_alike():
    from models.training.report.evaluation import _verdicts

    labels = np.array([0, 1, 1, 0])
    found = _verdicts(np.zeros(4, np.float32), labels)
    assert found.auc == pytest.approx(0.5)
    assert found.loss == pytest.approx(np.log(2))
    assert found.loss_deviation == pytest.approx(0)
    edges = own.calibration(np.array([0.0, 1.0]), np.array([False, True]))
    assert [bin_.reviews for bin_ in edges.bins] == [1, *[0] * 13, 1]
    assert edges.expected_calibration_error == 0


@pytest.mark.parametrize("n", [1, 7, 8, 9, 25_000])
def test_the_single_verdicts_survive_packing(n):
    from models.training.report.evaluation import _packed

    right = np.random.default_rng(n).random(n) < 0.9
    packed = _packed(right)
    assert len(base64.b64decode(packed)) == -(-n // 8)
    counts = Confusion(int(right.sum()), 0, 0, int((~right).sum()))
    figures = Figures(
        test_reviews=n, accuracy=float(right.mean()), loss=0.3, auc=0.9, confusion=counts, right_bits=packed
    )
    np.testing.assert_array_equal(figures.right(), right)


def test_the_written_figures_are_those_that_are_read(scored):
    from models.training.report.evaluation import _packed, _verdicts

    logits, labels = scored
    figures = replace(_verdicts(logits, labels), right_bits=_packed((logits >= 0) == (labels == 1)))
    found = json_file.read(as_json(figures))
    assert not found.damaged
    assert as_json(found) == as_json(figures)


@pytest.mark.parametrize("name", ["true_positive", "false_positive", "true_negative", "false_negative"])
@pytest.mark.parametrize("by", [-1, 1])
def test_a_confusion_matrix_of_more_or_fewer_reviews_is_refused(name: str, by: int) -> None:
    figures = figures_of("gru")
    json_file.read(figures)
    figures["confusion"][name] += by
    with pytest.raises(ValueError, match="confusion"):
        json_file.read(figures)
