"""What chance allows: margins, intervals, and when a difference is one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.figures import statistics as science
from models.figures.records import Bin, Slice


def test_margin_at_25_000_reviews() -> None:
    assert science.margin(0.92, 25_000) == pytest.approx(1.96 * 0.001716, abs=1e-5)
    assert math.isnan(science.margin(0.5, 0))
    assert science.margin(1.0, 10) == 0


def test_margin_holds_95_percent_of_test_sets() -> None:
    random = np.random.default_rng(1)
    shares = random.binomial(25_000, 0.92, 20_000) / 25_000
    inside = np.mean(np.abs(shares - 0.92) <= science.margin(0.92, 25_000))
    assert inside == pytest.approx(0.95, abs=0.006)


def test_auc_margin_holds_95_percent() -> None:
    """Exponential scores, for which Hanley and McNeil's formula is exact."""
    random = np.random.default_rng(2)
    positive, negative = random.exponential(5.0, (1_500, 120)), random.exponential(1.0, (1_500, 120))
    found = np.array([(p[:, None] > q).mean() for p, q in zip(positive, negative, strict=True)])
    assert found.mean() == pytest.approx(5 / 6, abs=0.005)
    assert science.auc_margin(5 / 6, 120, 120) == pytest.approx(1.96 * found.std(), rel=0.06)
    assert math.isnan(science.auc_margin(0.9, 0, 5))


def test_a_perfect_model_shows_this_calibration_error_by_chance() -> None:
    random = np.random.default_rng(3)
    bins = [Bin(0, 1, n, p, p) for n, p in ((4_000, 0.05), (500, 0.5), (2_000, 0.9))]
    total = sum(bin_.reviews for bin_ in bins)
    errors = [
        sum(abs(random.binomial(b.reviews, b.mean_probability) - b.reviews * b.mean_probability) for b in bins) / total
        for _ in range(4_000)
    ]
    assert science.chance_calibration_error(bins) == pytest.approx(np.mean(errors), rel=0.03)


def test_parting_counts() -> None:
    one = np.array([1, 1, 0, 0, 1], bool)
    two = np.array([1, 0, 1, 0, 0], bool)
    found = science.paired(one, two)
    assert (found.only_first, found.only_second, found.both_wrong) == (2, 1, 1)
    assert found.disagreement == pytest.approx(3 / 5)
    assert found.lead == pytest.approx(one.mean() - two.mean())
    assert found.margin == pytest.approx(1.96 * math.sqrt(3) / 5)
    with pytest.raises(ValueError, match="other reviews"):
        science.paired(one, two[:4])


def test_slices_vary_by_chance_as_often_as_they_should() -> None:
    random = np.random.default_rng(4)
    sizes = (500, 2_000, 6_000, 300)

    def rows(shares: tuple[float, ...]) -> list[Slice]:
        return [Slice(n, random.binomial(n, p) / n) for n, p in zip(sizes, shares, strict=True)]

    assert np.mean([science.varies(rows((0.9,) * 4)) for _ in range(3_000)]) == pytest.approx(0.05, abs=0.015)
    assert science.varies(rows((0.9, 0.95, 0.9, 0.8)))
    assert not science.varies([Slice(3, 0.5)])
    assert not science.varies([])


def test_the_interval_of_wilson() -> None:
    # Wilson's interval solves |p − share| = 1.96 √(p(1−p)/n) for p.
    for share, n in ((0.0, 8), (0.25, 8), (0.9, 10), (1.0, 20), (0.5, 2_500)):
        for p in science.interval(share, n):
            assert abs(p - share) == pytest.approx(1.96 * np.sqrt(p * (1 - p) / n), abs=1e-7)
    assert science.interval(0.0, 10) == pytest.approx((0, 0.27754), abs=1e-5)
    assert science.interval(0.3, 0) == (0, 1)
