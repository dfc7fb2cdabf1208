"""Back-propagation through time against central finite differences, and against TensorFlow's automatic gradients."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load_model
from models.examples import EXAMPLES
from models.explain.attribution import ids_of
from models.nn.gradients import gradients, norms, readout_gradients
from models.nn.network import Network
from tests.networks import CASES, in_double, model_of, random_network, slow_logit, text_of

TIMESTEPS, NUDGE = 6, 1e-5


def by_finite_differences(network: Network, vectors: np.ndarray, place: int, units: int, of_cell: bool) -> np.ndarray:
    """∂logit/∂state at every timestep of one layer: nudge it as it is made, and read on."""
    network, found = in_double(network), np.zeros((len(vectors), units))
    for t, unit in np.ndindex(*found.shape):
        logits = []
        for nudge in (NUDGE, -NUDGE):

            def hook(p, when, h, c, t=t, unit=unit, nudge=nudge):
                if (p, when) == (place, t):
                    h, c = h.copy(), c.copy()
                    (c if of_cell else h)[unit] += nudge
                return h, c

            logits.append(slow_logit(network, vectors, hook))
        found[t, unit] = (logits[0] - logits[1]) / (2 * NUDGE)
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_hidden_state_gradients_are_finite_differences(case) -> None:
    network = random_network(*case)
    trace = model_of(network).trace(text_of(TIMESTEPS))
    vectors = network.embedding[ids_of(trace)]
    assert slow_logit(network, vectors) == pytest.approx(trace.logit, abs=1e-5)
    found = gradients(network, trace)
    assert [layer.name for layer in found.layers] == [layer.name for layer in trace.layers]
    for place, layer in enumerate(found.layers):
        expected = by_finite_differences(network, vectors, place, layer.total.shape[1], of_cell=False)
        assert np.abs(expected).max() > 1e-3, "there must be something to compare"
        np.testing.assert_allclose(layer.total, expected, atol=2e-5, rtol=0)
        assert layer.total.shape == layer.through_time.shape
        assert layer.total.shape == trace.layers[place].hidden_states.shape


@pytest.mark.parametrize("case", [case for case in CASES if case[0] == "LSTM"], ids=str)
def test_cell_state_gradients_are_finite_differences(case) -> None:
    """A nudged cell state acts on the state made from it too: the reference makes h again from the nudged c."""
    network = random_network(*case)
    trace = model_of(network).trace(text_of(TIMESTEPS))
    vectors = network.embedding[ids_of(trace)]
    for place, (layer, read) in enumerate(zip(gradients(network, trace).layers, trace.layers, strict=True)):
        assert layer.cell is not None
        expected, double = np.zeros_like(layer.cell), in_double(network)
        for t, unit in np.ndindex(*expected.shape):
            logits = []
            for nudge in (NUDGE, -NUDGE):

                def hook(p, when, h, c, t=t, unit=unit, nudge=nudge, place=place, read=read):
                    if (p, when) == (place, t):
                        h, c = h.copy(), c.copy()
                        h[unit] *= np.tanh(c[unit] + nudge) / np.tanh(c[unit])
                        c[unit] += nudge
                    return h, c

                logits.append(slow_logit(double, vectors, hook))
            expected[t, unit] = (logits[0] - logits[1]) / (2 * NUDGE)
        np.testing.assert_allclose(layer.cell, expected, atol=2e-5, rtol=0)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_word_vector_gradients_are_finite_differences(case) -> None:
    network = random_network(*case)
    trace = model_of(network).trace(text_of(TIMESTEPS))
    vectors = np.float64(network.embedding[ids_of(trace)])
    expected, double = np.zeros_like(vectors), in_double(network)
    for at in np.ndindex(*vectors.shape):
        nudged = [vectors.copy(), vectors.copy()]
        nudged[0][at] += NUDGE
        nudged[1][at] -= NUDGE
        expected[at] = (slow_logit(double, nudged[0]) - slow_logit(double, nudged[1])) / (2 * NUDGE)
    np.testing.assert_allclose(gradients(network, trace).word_vectors, expected, atol=2e-5, rtol=0)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_through_time_is_the_gradient_of_the_last_state_read_out_alone(case) -> None:
    """The same network with the output layer on its last state only, w summed over poolings."""
    network = random_network(*case)
    trace = model_of(network).trace(text_of(TIMESTEPS))
    size = network.layers[-1].units
    last = replace(network, pooling=("last",), weights=network.weights.reshape(-1, size).sum(0))
    vectors = network.embedding[ids_of(trace)]
    found = gradients(network, trace)
    for place, layer in enumerate(found.layers):
        expected = by_finite_differences(last, vectors, place, layer.total.shape[1], of_cell=False)
        np.testing.assert_allclose(layer.through_time, expected, atol=2e-5, rtol=0)
    if network.pooling == ("last",):
        np.testing.assert_array_equal(found.layers[-1].through_time, found.layers[-1].total)


def test_what_each_pooling_gives_to_the_states() -> None:
    """Mean: w / timesteps at every word. Max: w at the word that holds the maximum. Last: w at the last word."""
    network = random_network("GRU", (5,), False, ("last", "mean", "max"))
    trace = model_of(network).trace(text_of(TIMESTEPS))
    last, mean, largest = network.weights.reshape(3, 5)
    expected = np.tile(np.float64(mean) / TIMESTEPS, (TIMESTEPS, 1))
    expected[-1] += last
    expected[trace.layers[0].hidden_states.argmax(0), np.arange(5)] += largest
    given = readout_gradients(network, trace.readings[-1])[:, 0]
    np.testing.assert_allclose(given, expected, atol=1e-7)
    np.testing.assert_allclose(gradients(network, trace).layers[0].total[-1], given[-1], atol=1e-12)


def test_one_word_and_a_vanishing_gradient() -> None:
    network = random_network("SimpleRNN", (5,), False, ("last",))
    one = gradients(network, model_of(network).trace("word1"))
    np.testing.assert_allclose(one.layers[0].total, network.weights[None], atol=1e-7)
    cell = network.layers[0].forward
    weak = replace(cell, recurrent=cell.recurrent * np.float32(0.1))
    small = replace(network, layers=(replace(network.layers[0], forward=weak),))
    lengths = gradients(small, model_of(small).trace(text_of(300))).layers[0].norms()
    assert np.isfinite(lengths).all()
    # 300 steps, each shrinking to a tenth at least: tiny, but told apart from zero as far as float64 goes
    assert 0 < lengths[100] < lengths[200] < 1e-60 < lengths[-1]


def test_norms_do_not_underflow() -> None:
    assert norms(np.array([3e-200, 4e-200])) == pytest.approx(5e-200)
    assert norms(np.zeros((2, 3))).tolist() == [0, 0]


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "name", ["simple_rnn", "lstm", "gru", "best_bigru", "stacked_lstm", "stacked_bigru", "gru_all"]
)
def test_gradients_are_those_of_tensorflow(name: str, tiny_shelf: Path) -> None:
    """Keras's own cells, stepped under a GradientTape that keeps every state."""
    import keras
    import tensorflow as tf

    from models.training.networks import load_network

    model = load_model(name, tiny_shelf)
    trace = model.trace(EXAMPLES[1].text)
    saved = load_network(name, tiny_shelf)
    ids = ids_of(trace)
    recurrent = [layer for layer in saved.layers if isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional)]
    with tf.GradientTape() as tape:
        vectors = [tf.constant(model.network.embedding[i][None]) for i in ids]
        tape.watch(vectors)
        inputs, states = vectors, []
        for layer in recurrent:
            both = isinstance(layer, keras.layers.Bidirectional)
            cells = [layer.forward_layer.cell, layer.backward_layer.cell] if both else [layer.cell]
            made = []
            for turned, cell in enumerate(cells):
                h = [tf.zeros((1, cell.units))] * (2 if isinstance(cell, keras.layers.LSTMCell) else 1)
                walked = []
                for x in inputs[::-1] if turned else inputs:
                    _, h = cell(x, h)
                    h = list(h) if isinstance(h, list | tuple) else [h]
                    walked.append(h[0])
                made.append(walked[::-1] if turned else walked)
            states += made
            inputs = [tf.concat(parts, -1) for parts in zip(*made, strict=True)]
        features = []
        for kind in model.network.pooling:
            assert kind != "last" or not both
            stacked = tf.stack(inputs)
            pooled = {"last": stacked[-1], "mean": tf.reduce_mean(stacked, 0), "max": tf.reduce_max(stacked, 0)}
            features.append(pooled[kind])
        logit = saved.get_layer("readout")(tf.concat(features, -1))[0, 0]
    assert float(logit) == pytest.approx(trace.logit, abs=1e-5)
    *by_layer, by_word = tape.gradient(logit, [*states, vectors])
    found = gradients(model.network, trace)
    for layer, expected in zip(found.layers, by_layer, strict=True):
        expected = np.concatenate([np.zeros((1, layer.total.shape[1])) if g is None else g for g in expected])
        np.testing.assert_allclose(layer.total, expected, atol=1e-5 * max(1, np.abs(expected).max()), rtol=0)
    np.testing.assert_allclose(found.word_vectors, np.concatenate(by_word), atol=2e-5, rtol=0)
