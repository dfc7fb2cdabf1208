"""Clamped units against a slow reader, against networks with edited weights, and against Keras with edited weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load_model
from models.examples import EXAMPLES
from models.explain.attribution import ids_of
from models.explain.interventions import Clamp, read_clamped
from models.explain.memory import fading
from models.explain.probes import units_marking
from models.text import OUT_OF_VOCABULARY
from tests.keras_reading import verdicts_of
from tests.networks import CASES, KINDS, model_of, random_network, slow_logit, text_of

TIMESTEPS = 8


def clamped_slowly(network, vectors, clamps) -> float:
    def hook(place, t, h, c):
        h = h.copy()
        for clamp in clamps:
            if clamp.place == place and t in range(len(vectors))[clamp.start : clamp.stop]:
                h[clamp.unit] = clamp.value
        return h, c

    return slow_logit(network, vectors, hook)


def places(network) -> int:
    return sum(1 + (layer.backward is not None) for layer in network.layers)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_clamped_reading_is_that_of_the_slow_reader(case) -> None:
    network = random_network(*case)
    trace = model_of(network).trace(text_of(TIMESTEPS))
    vectors = network.embedding[ids_of(trace)]
    for place in range(places(network)):
        for clamps in (
            [Clamp(place, 1)],
            [Clamp(place, 0, 0.8, start=3)],
            [Clamp(place, 0, -0.9, 2, 5), Clamp(place, 1, 0.4), Clamp(0, 0, 0.5)],
        ):
            changed = read_clamped(network, trace, clamps)
            assert changed.logit == pytest.approx(clamped_slowly(network, vectors, clamps), abs=1e-5)
            assert changed.probability == pytest.approx(1 / (1 + np.exp(-changed.logit)))
            assert changed.contributions.sum() + changed.bias == pytest.approx(changed.logit, abs=1e-4)
            if changed.running_logits is not None:
                assert changed.running_logits[-1] == pytest.approx(changed.logit, abs=1e-5)
                short = clamped_slowly(network, vectors[:4], clamps)
                assert changed.running_logits[3] == pytest.approx(short, abs=1e-5)
            last = clamps[-1]
            held = changed.layers[last.place].hidden_states[last.start : last.stop, last.unit]
            np.testing.assert_array_equal(held, np.float32(last.value))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_without_clamps_nothing_changes(case) -> None:
    network = random_network(*case)
    trace = model_of(network).trace(text_of(TIMESTEPS))
    same = read_clamped(network, trace, [])
    held_as_it_was = [Clamp(0, 1, float(h), t, t + 1) for t, h in enumerate(trace.layers[0].hidden_states[:, 1])]
    for other in (same, read_clamped(network, trace, held_as_it_was)):
        assert other.logit == pytest.approx(trace.logit, abs=1e-5)
        for layer, expected in zip(other.layers, trace.layers, strict=True):
            np.testing.assert_allclose(layer.hidden_states, expected.hidden_states, atol=1e-6)
            assert layer.gates.keys() == expected.gates.keys()
            for name, values in expected.gates.items():
                np.testing.assert_allclose(layer.gates[name], values, atol=1e-6)
            if expected.cell_states is not None:
                np.testing.assert_allclose(layer.cell_states, expected.cell_states, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_switching_off_is_cutting_the_units_outgoing_weights(kind: str) -> None:
    network = random_network(kind, (5,), False, ("last", "mean"))
    model = model_of(network)
    trace = model.trace(text_of(TIMESTEPS))
    cell, unit = network.layers[0].forward, 2
    recurrent, weights = cell.recurrent.copy(), network.weights.copy()
    recurrent[unit], weights[[unit, 5 + unit]] = 0, 0
    cut = replace(network.layers[0], forward=replace(cell, recurrent=recurrent))
    edited = replace(network, layers=(cut,), weights=weights)
    expected = model_of(edited).trace(text_of(TIMESTEPS))
    changed = read_clamped(network, trace, [Clamp(0, unit)])
    assert changed.logit == pytest.approx(expected.logit, abs=1e-6)
    assert abs(changed.logit - trace.logit) > 1e-3
    others = [0, 1, 3, 4]
    np.testing.assert_allclose(
        changed.layers[0].hidden_states[:, others], expected.layers[0].hidden_states[:, others], atol=1e-6
    )


def test_unknown_units_and_layers_are_refused() -> None:
    network = random_network("GRU", (4,), False, ("last",))
    trace = model_of(network).trace(text_of(3))
    for clamp in (Clamp(0, 4), Clamp(0, -1), Clamp(1, 0), Clamp(-1, 0)):
        with pytest.raises(IndexError):
            read_clamped(network, trace, [clamp])


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "name", ["simple_rnn", "lstm", "gru", "best_bigru", "stacked_lstm", "stacked_bigru", "gru_all"]
)
def test_switching_off_is_keras_with_edited_weights(name: str, tiny_shelf: Path) -> None:
    import keras

    from models.training.networks import load_network

    model = load_model(name, tiny_shelf)
    trace = model.trace(EXAMPLES[2].text)
    saved = load_network(name, tiny_shelf)
    asked = verdicts_of(saved)
    kinds = keras.layers.RNN | keras.layers.Bidirectional
    recurrent = [layer for layer in saved.layers if isinstance(layer, kinds)][-1]
    both = isinstance(recurrent, keras.layers.Bidirectional)
    within = (recurrent.forward_layer if both else recurrent).cell.recurrent_kernel
    readout = saved.get_layer("readout").kernel
    learnt = within.numpy(), readout.numpy()
    place = len(trace.layers) - (2 if both else 1)
    for unit in (0, 2):
        recurrent_kernel, kernel = (weights.copy() for weights in learnt)
        recurrent_kernel[unit] = 0
        kernel[unit :: model.network.layers[-1].units] = 0
        within.assign(recurrent_kernel)
        readout.assign(kernel)
        expected = asked(ids_of(trace)[None])[0]
        assert read_clamped(model.network, trace, [Clamp(place, unit)]).probability == pytest.approx(expected, abs=1e-5)


def test_fading_is_reading_the_longer_review() -> None:
    network = random_network("LSTM", (5,), False, ("last",))
    model = model_of(network, max_timesteps=60)
    review, fillers = "word3 word4 word5.", ("word10", "word11")
    found = fading(model, review, 1, counts=(0, 3, 40, 58), fillers=fillers)
    assert found.counts.tolist() == [0, 3, 40]
    assert found.timesteps.tolist() == [3, 6, 43]
    longer = model.trace("word3 word4 word10 word11 word10 word5")
    assert found.logits[1] == pytest.approx(longer.logit, abs=1e-6)
    ids = ids_of(longer)
    ids[1] = OUT_OF_VOCABULARY
    without = slow_logit(network, network.embedding[ids])
    assert found.worth[1] == pytest.approx(longer.logit - without, abs=1e-5)
    assert (found.word_gradient > 0).all()
    np.testing.assert_array_equal(found.state_gradient, found.through_time)
    with pytest.raises(IndexError):
        fading(model, review, 3)


def test_units_marking_a_span() -> None:
    states = np.zeros((10, 4), np.float32)
    states[3:6, 1] = 0.9
    states[3:6, 2] = -0.9
    states[:, 3] = np.linspace(-1, 1, 10)
    found = {unit.unit: unit for unit in units_marking(states, 3, 6)}
    assert next(iter(found)) == 1
    assert list(found)[-1] == 2
    assert found[1].separation == 1
    assert found[1].inside == pytest.approx(0.9)
    assert found[1].outside == 0
    assert found[2].separation == 0
    assert found[0].separation == 0.5
    # 3 above the first three words outside, below the last four: 9 of 21 pairs
    assert found[3].separation == pytest.approx(9 / 21)
    for start, stop in ((0, 10), (4, 4), (5, 3)):
        with pytest.raises(ValueError, match="words inside"):
            units_marking(states, start, stop)
