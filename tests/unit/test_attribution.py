"""Occlusion against reading every changed review, integrated gradients' axioms, Spearman's ρ against SciPy."""

from __future__ import annotations

import numpy as np
import pytest

from models.explain.attribution import ids_of, integrated_gradients, occlusion, rank_correlation
from models.nn.network import RecurrentLayer
from models.text import OUT_OF_VOCABULARY
from tests.networks import CASES, in_double, model_of, random_network, slow_logit, text_of


@pytest.mark.parametrize("case", CASES, ids=str)
def test_occlusion_is_the_difference_of_two_readings(case) -> None:
    network = random_network(*case)
    model = model_of(network)
    trace = model.trace(text_of(12) + " neverheard word3")
    credits = occlusion(model, trace)
    ids = ids_of(trace)
    assert ids[12] == OUT_OF_VOCABULARY
    for t in range(len(ids)):
        changed = ids.copy()
        changed[t] = OUT_OF_VOCABULARY
        expected = slow_logit(network, network.embedding[ids]) - slow_logit(network, network.embedding[changed])
        assert credits[t] == pytest.approx(expected, abs=2e-5)
    assert credits[12] == 0
    assert np.abs(credits).max() > 0.01


def test_occlusion_of_one_word_and_of_unknown_words_only() -> None:
    network = random_network("LSTM", (5,), False, ("last",))
    model = model_of(network)
    alone = slow_logit(network, network.embedding[2:3]) - slow_logit(network, network.embedding[1:2])
    assert occlusion(model, model.trace("word0")).tolist() == pytest.approx([alone], abs=1e-6)
    assert occlusion(model, model.trace("nobody heard this")).tolist() == [0, 0, 0]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_integrated_gradients_sum_to_the_difference_from_unknown_words(case) -> None:
    network = random_network(*case)
    trace = model_of(network).trace(text_of(40))
    found = integrated_gradients(network, trace)
    baseline = slow_logit(network, np.tile(network.embedding[OUT_OF_VOCABULARY], (40, 1)))
    assert found.difference == pytest.approx(trace.logit - baseline, abs=1e-5)
    assert found.gap <= 0.01
    assert abs(found.credits.sum() - found.difference) <= 0.01 * max(abs(found.difference), 0.1) + 1e-9
    assert found.credits.shape == (40,)


def test_integrated_gradients_are_the_integral() -> None:
    """Against 150 equal steps of finite differences along the line, for every word."""
    network = random_network("GRU", (5,), False, ("last",))
    trace = model_of(network).trace(text_of(4))
    vectors = np.float64(network.embedding[ids_of(trace)])
    base = np.tile(np.float64(network.embedding[OUT_OF_VOCABULARY]), (4, 1))
    expected, double = np.zeros(4), in_double(network)
    places = (np.arange(150) + 0.5) / 150
    for place in places:
        for t in range(4):
            along = np.zeros_like(vectors)
            along[t] = (vectors - base)[t]
            here = base + place * (vectors - base)
            expected[t] += slow_logit(double, here + 1e-5 * along) - slow_logit(double, here - 1e-5 * along)
    expected /= 2e-5 * len(places)
    found = integrated_gradients(network, trace, tolerance=1e-5)
    np.testing.assert_allclose(found.credits, expected, atol=1e-4)


def test_linear_network_gives_every_method_the_same_credits() -> None:
    """Without recurrence and with a tiny kernel, tanh is straight: every credit is w · W (x − b)."""
    network = random_network("SimpleRNN", (5,), False, ("mean",))
    cell = network.layers[0].forward
    straight = type(cell)(cell.kernel * np.float32(1e-3), cell.recurrent * 0, cell.bias * 0)
    network = type(network)(network.embedding, (RecurrentLayer(straight),), network.pooling, network.weights, 0.0)
    model = model_of(network)
    trace = model.trace(text_of(10))
    moved = network.embedding[ids_of(trace)] - network.embedding[OUT_OF_VOCABULARY]
    expected = moved @ straight.kernel @ network.weights / 10
    np.testing.assert_allclose(occlusion(model, trace), expected, atol=1e-7)
    np.testing.assert_allclose(integrated_gradients(network, trace).credits, expected, atol=1e-7)
    assert rank_correlation(occlusion(model, trace), expected) == pytest.approx(1)


def test_a_word_that_is_the_baseline_gets_nothing() -> None:
    network = random_network("LSTM", (5,), False, ("last",))
    trace = model_of(network).trace("word1 unheardof word2")
    assert integrated_gradients(network, trace).credits[1] == 0


@pytest.mark.parametrize("seed", range(6))
def test_rank_correlation_is_scipys(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    random = np.random.default_rng(seed)
    a, b = random.integers(0, 6, 30).astype(float), random.normal(0, 1, 30)
    b[::3] = a[::3]
    assert rank_correlation(a, b) == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-12)


def test_rank_correlation_by_hand() -> None:
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([10.0, 20, 1000])) == pytest.approx(1)
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == pytest.approx(-1)
    # ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5)
    assert rank_correlation(np.array([1.0, 5, 5, 9]), np.array([1.0, 2, 3, 4])) == pytest.approx(4.5 / np.sqrt(22.5))
    assert rank_correlation(np.array([2.0, 2, 2]), np.array([1.0, 2, 3])) is None
    assert rank_correlation(np.array([1.0]), np.array([1.0])) is None
