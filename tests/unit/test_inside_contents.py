"""The list of Inside's panels says, of every panel, what the reading's numbers say."""

from __future__ import annotations

import numpy as np
import pytest

from components.inside.contents import PANELS, teasers
from models.catalog import load_model
from models.examples import BY_NAME
from models.explain.view import View, weightiest


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru", "best_bigru", "best_stacked"])
def test_every_panel_has_a_name_a_question_and_a_sentence(name: str) -> None:
    model = load_model(name)
    for text in (BY_NAME["turn"].text, "Awful."):
        trace = model.trace(text)
        for place in range(len(trace.layers)):
            sentences = dict(teasers(View(trace, model.card.family, place, weightiest(trace, place), 0)))
            assert list(sentences) == list(PANELS)
            assert all(sentence.endswith((".", "?")) for sentence in sentences.values())
            assert not any("nan" in sentence for sentence in sentences.values())
    assert all(question.endswith("?") for _, question in PANELS.values())


@pytest.mark.parametrize(("name", "place"), [("lstm", 0), ("best_bigru", 1)])
def test_the_gate_that_keeps_is_said_to_close_where_it_falls_most(name: str, place: int) -> None:
    model = load_model(name)
    trace = model.trace(BY_NAME["turn"].text)
    layer, unit = trace.layers[place], 34
    view = View(trace, model.card.family, place, unit, 5)
    gate = layer.gates["forget" if model.card.family == "LSTM" else "update"][:, unit]
    backward = layer.direction == "backward"
    order = range(len(gate) - 1, -1, -1) if backward else range(len(gate))
    steps = [(gate[now] - gate[before], now) for before, now in zip(order, list(order)[1:], strict=False)]
    word = min(steps)[1]
    sentence = dict(teasers(view))["gates-section"]
    assert f"at “{trace.tokens[word].text}”" in sentence
    assert sentence.endswith(f"to {gate[word]:.2f}.")


def test_the_state_is_said_to_move_farthest_where_it_does() -> None:
    model = load_model("gru")
    trace = model.trace(BY_NAME["turn"].text)
    states = trace.layers[0].hidden_states
    farthest = 1 + int(np.linalg.norm(states[1:] - states[:-1], axis=1).argmax())
    sentence = dict(teasers(View(trace, "GRU", 0, 0, 0)))["space-section"]
    assert f"farthest at “{trace.tokens[farthest].text}”" in sentence
