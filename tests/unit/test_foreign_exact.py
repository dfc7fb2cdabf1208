"""Brought networks read as Keras reads them: P and last hidden states within 1e-5, alone and in batches."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.foreign.model import ForeignModel
from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.stages import merged
from models.foreign.words import Words
from tests.keras_networks import FORMS, INDEX, PREPARED, Case, build, cases, padded, saved, texts
from tests.taken_apart import same_process as same_process

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore::UserWarning")]
CASES = cases()
QUICK = range(5, len(CASES), len(CASES) // 12)  # a dozen, from end to end of the matrix: these stay in the quick lane


def test_the_matrix_is_as_large_as_promised() -> None:
    assert len({case.id for case in CASES}) >= 200


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, id=case.id, marks=() if number in QUICK else pytest.mark.slow)
        for number, case in enumerate(CASES)
    ],
)
def test_read_as_keras_reads(number: int, tmp_path: Path) -> None:
    case = CASES[number]
    network = build(case, number)
    reviews = texts(4, number)
    expected, states = by_keras(network, case, reviews)
    forms = FORMS[2:] if case.keras2_activations else FORMS
    for form in forms:
        if form == "keras 2" and not case.keras2_activations and "hard_sigmoid" in case.id:
            continue  # Keras 2 means another function by this name
        folder = tmp_path / form.replace(" ", "")
        folder.mkdir()
        model = opened(saved(network, case, form, folder), case)
        np.testing.assert_allclose(model.predict(reviews), expected, atol=1e-5, err_msg=form)
        for text, p, state in zip(reviews, expected, states, strict=True):
            trace = model.trace(text)
            assert trace.probability == pytest.approx(p, abs=1e-5), form
            assert trace.contributions.sum() + trace.bias == pytest.approx(trace.logit, rel=1e-5, abs=1e-4)
            np.testing.assert_allclose(ours(model, trace), state, rtol=1e-5, atol=1e-5, err_msg=form)
            if trace.running_logits is not None:
                assert trace.running_logits[-1] == pytest.approx(trace.logit, rel=1e-5, abs=1e-4)
            for layer in trace.layers:
                assert len(layer.hidden_states) == len(trace.tokens)


def opened(path: Path, case: Case) -> ForeignModel:
    words = Words("a dictionary of words", INDEX, Preparation())
    return assemble(read_plan(path), words, Preparation().changed(PREPARED[case.prepared]))


def ours(model: ForeignModel, trace: Any) -> np.ndarray:
    """The top layer's last state, as its own output in Keras."""
    stage = model.plan.recurrent[-1]
    forward, backward = trace.readings[-1]
    turned = sum(s.sequences and s.backwards[0] for s in model.plan.recurrent[:-1]) % 2 == 1
    ends = [0 if walk ^ turned else -1 for walk in stage.backwards]
    if stage.sequences:
        ends = [trace.padding + len(trace.tokens) - 1] * 2
    first = forward.hidden_states[ends[0], 0]
    return first if backward is None else merged(first, backward.hidden_states[ends[1], 0], stage.merge)


def by_keras(network: Any, case: Case, reviews: list[str]) -> tuple[np.ndarray, list[np.ndarray]]:
    """P of each text, and the output of the last recurrent layer: at the last word where it gives all states."""
    import keras

    kinds = ("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional")
    layer = [layer for layer in network.layers if type(layer).__name__ in kinds][-1]
    both = keras.Model(network.inputs, [layer.output, network.layers[-1].output])
    inputs = [padded(text, case.prepared) for text in reviews]
    if case.prepared != "alone":
        inputs = [np.concatenate(inputs)]
    found = [[np.asarray(part) for part in both(ids, training=False)] for ids in inputs]
    states = [row for outputs, _ in found for row in outputs]
    outputs = np.concatenate([output for _, output in found])
    ids = [row for block in inputs for row in block]
    last = [int(np.argmax(row == 0)) - 1 if row[-1] == 0 else -1 for row in ids]
    states = [state if state.ndim == 1 else state[place] for state, place in zip(states, last, strict=True)]
    if outputs.shape[1] == 2:
        return outputs[:, 1], states
    final = network.layers[-1].get_config().get("activation", "linear")
    return outputs[:, 0] if final == "sigmoid" else 1 / (1 + np.exp(-np.float64(outputs[:, 0]))), states


def test_every_format_appears_in_the_matrix() -> None:
    assert len(list(itertools.product(CASES, FORMS))) >= 600
