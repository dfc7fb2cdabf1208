"""Networks that read the padding in front of a review, and networks with a relu layer before the output."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load_model
from models.explain.attribution import ids_of, integrated_gradients, occlusion
from models.explain.interventions import Clamp, read_clamped
from models.nn import equations
from models.nn.cells import sigmoid
from models.nn.gradients import gradients
from models.nn.padding import filled
from models.sentiment import SentimentModel
from models.text import OUT_OF_VOCABULARY
from tests.keras_reading import verdicts_of
from tests.networks import in_double, model_of, random_network, slow_logit, text_of, with_relu

PADDED_TO = 12


CASES = {
    "padded SimpleRNN": replace(random_network("SimpleRNN", (5,), False, ("last",)), padded_to=PADDED_TO),
    "padded LSTM, both ways": replace(random_network("LSTM", (4,), True, ("last",)), padded_to=PADDED_TO),
    "relu over LSTM": with_relu(random_network("LSTM", (5,), False, ("last",))),
    "relu over two layers both ways": with_relu(random_network("GRU", (4, 3), True, ("last",))),
    "relu over poolings": with_relu(random_network("GRU", (4,), True, ("mean", "max"))),
}


@pytest.fixture(params=list(CASES))
def model(request: pytest.FixtureRequest) -> SentimentModel:
    network = CASES[request.param]
    limit = network.padded_to or 400
    found = model_of(network, limit)
    end = "start" if network.padded_to else "end"
    return SentimentModel(replace(found.card, facts={"unread_end": end}), found.vocabulary, network)


def vectors_of(model: SentimentModel, ids: np.ndarray) -> np.ndarray:
    return np.float64(model.network.embedding[ids])


def framed(model: SentimentModel, words: list[int]) -> np.ndarray:
    return np.array([0] * max(0, model.network.padded_to - len(words)) + words)


@pytest.mark.parametrize("timesteps", [1, 7, 12])
def test_the_logit_is_that_of_the_padded_review(model: SentimentModel, timesteps: int) -> None:
    text = text_of(timesteps)
    trace = model.trace(text)
    words = [token.id for token in trace.tokens]
    assert len(words) == timesteps
    assert trace.padding == max(0, model.network.padded_to - timesteps)
    assert ids_of(trace).tolist() == framed(model, words).tolist()
    expected = slow_logit(model.network, vectors_of(model, framed(model, words)))
    assert trace.logit == pytest.approx(expected, abs=1e-5)
    assert float(model.predict([text, text_of(9), text_of(12)])[0]) == pytest.approx(float(sigmoid(expected)), abs=1e-5)


def test_contributions_and_bias_sum_to_the_logit(model: SentimentModel) -> None:
    trace = model.trace(text_of(9))
    assert trace.contributions.shape == (9,)
    assert trace.contributions.sum() + trace.bias == pytest.approx(trace.logit, abs=1e-4)
    for layer in trace.layers:
        assert layer.hidden_states.shape[0] == 9


def test_a_long_review_loses_its_beginning_only_where_padding_is_in_front(model: SentimentModel) -> None:
    text = text_of(30)
    trace = model.trace(text)
    if model.network.padded_to:
        assert (len(trace.unread), trace.unread_end) == (18, "start")
        assert [t.text for t in trace.tokens] == text.split()[-12:]
        assert [t.text for t in trace.unread] == text.split()[:18]
        assert trace.logit == pytest.approx(model.trace(" ".join(text.split()[-12:])).logit, abs=1e-6)
    else:
        assert not trace.unread


def test_gradients_are_finite_differences(model: SentimentModel) -> None:
    trace = model.trace(text_of(6))
    found = gradients(model.network, trace)
    network, vectors = in_double(model.network), vectors_of(model, ids_of(trace))
    assert found.word_vectors.shape == (6, vectors.shape[1])
    for word, feature in ((0, 0), (3, 2), (5, 5)):
        moved = [vectors.copy(), vectors.copy()]
        for sign, changed in zip((1, -1), moved, strict=True):
            changed[trace.padding + word, feature] += sign * 1e-5
        expected = (slow_logit(network, moved[0]) - slow_logit(network, moved[1])) / 2e-5
        assert found.word_vectors[word, feature] == pytest.approx(expected, abs=2e-4)
    for layer, states in zip(found.layers, trace.layers, strict=True):
        assert layer.total.shape == states.hidden_states.shape


def test_occlusion_leaves_one_word_out_and_never_the_padding(model: SentimentModel) -> None:
    trace = model.trace(text_of(6))
    credits = occlusion(model, trace)
    assert credits.shape == (6,)
    for word in range(6):
        ids = ids_of(trace)
        ids[trace.padding + word] = OUT_OF_VOCABULARY
        expected = trace.logit - slow_logit(model.network, vectors_of(model, ids))
        assert credits[word] == pytest.approx(expected, abs=1e-4)


def test_integrated_gradients_sum_to_the_difference(model: SentimentModel) -> None:
    trace = model.trace(text_of(6))
    found = integrated_gradients(model.network, trace, tolerance=0.01)
    baseline = slow_logit(model.network, vectors_of(model, framed(model, [OUT_OF_VOCABULARY] * 6)))
    assert found.credits.shape == (6,)
    difference = trace.logit - baseline
    assert found.difference == pytest.approx(difference, abs=1e-4)
    assert found.credits.sum() == pytest.approx(difference, abs=0.02 * max(0.1, abs(difference)))


def test_a_held_unit_is_held_at_the_words_that_were_named(model: SentimentModel) -> None:
    trace = model.trace(text_of(6))

    def hook(place: int, t: int, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if place == 0 and trace.padding + 2 <= t < trace.padding + 5:
            h = h.copy()
            h[1] = 0.5
        return h, c

    expected = slow_logit(model.network, vectors_of(model, ids_of(trace)), hook)
    clamped = read_clamped(model.network, trace, [Clamp(0, 1, 0.5, 2, 5)])
    assert clamped.logit == pytest.approx(expected, abs=1e-5)
    np.testing.assert_allclose(clamped.layers[0].hidden_states[2:5, 1], 0.5)
    assert clamped.contributions.sum() + clamped.bias == pytest.approx(clamped.logit, abs=1e-4)


def test_every_step_can_be_made_again_from_what_was_read_before(model: SentimentModel) -> None:
    trace = model.trace(text_of(5))
    for place, layer in enumerate(trace.layers):
        for timestep in range(5):
            step = equations.step(model.network, trace, place, timestep)
            np.testing.assert_allclose(step.state, layer.hidden_states[timestep], atol=1e-5)


@pytest.mark.parametrize("name", ["article_simple_rnn", "article_bilstm", "tutorial_stacked_bilstm"])
def test_keras_reads_the_same_alone_and_beside_a_long_review(name: str, tiny_shelf: Path) -> None:
    """The masking check of TensorFlow's text tutorial; and ours against Keras, wherever the padding was put."""
    from models.training.networks import load_network

    model, asked = load_model(name, tiny_shelf), verdicts_of(load_network(name, tiny_shelf))
    short, long = np.arange(3, 9, dtype=np.int32), np.arange(2, 150, dtype=np.int32)
    both = np.zeros((2, len(long)), np.int32)
    both[0, : len(short)], both[1] = short, long
    alone, beside = asked(short[None])[0], asked(both)
    assert alone == pytest.approx(beside[0], abs=1e-6)
    ours = sigmoid(model.logits_of_ids([short, long]))
    np.testing.assert_allclose(ours, beside, atol=1e-5)


def test_ids_are_filled_up_in_front_or_behind_and_the_last_ones_are_kept() -> None:
    assert filled([5, 6], 4, "pre") == [0, 0, 5, 6]
    assert filled([5, 6], 4, "post") == [5, 6, 0, 0]
    for where in ("pre", "post"):
        assert filled([1, 2, 3], 3, where) == [1, 2, 3]
        assert filled([1, 2, 3, 4], 3, where) == [2, 3, 4]
