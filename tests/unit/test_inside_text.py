"""The sentences of Inside name the unit, the word and the numbers that are there."""

from __future__ import annotations

import numpy as np
import pytest

from components.inside import text
from components.ui.format import signed
from components.ui.sentences import quoted
from models.catalog import load_model
from models.examples import EXAMPLES
from models.explain.view import View
from models.sentiment import Trace


@pytest.fixture(scope="module", params=["simple_rnn", "lstm", "gru"])
def reading(request: pytest.FixtureRequest) -> tuple[str, Trace]:
    model = load_model(request.param)
    return model.card.family, model.trace(EXAMPLES[0].text)


def test_the_unit_that_moves_most_may_move_up_or_down(reading: tuple[str, Trace]) -> None:
    family, trace = reading
    states = trace.layers[0].hidden_states
    ways = set()
    for cursor in range(len(trace.tokens)):
        before = states[cursor - 1] if cursor else np.zeros_like(states[0])
        unit = int(np.abs(states[cursor] - before).argmax())
        ways.add(bool(states[cursor][unit] > before[unit]))
        sentence = text.states(View(trace, family, 0, 0, cursor))
        assert sentence.startswith(
            f"At {quoted(trace.tokens[cursor])} (word {cursor + 1}) unit {unit} moves most, from "
            f"{signed(before[unit])} to {signed(states[cursor][unit])}"
        )
    assert ways == {True, False}


@pytest.mark.parametrize("unit", [0, 3, 11])
def test_a_unit_is_highest_and_lowest_at_words_counted_from_one(reading: tuple[str, Trace], unit: int) -> None:
    family, trace = reading
    values = trace.layers[0].hidden_states[:, unit]
    up, down = int(values.argmax()), int(values.argmin())
    sentence = text.unit(View(trace, family, 0, unit, 5))
    assert f"highest at {quoted(trace.tokens[up])} ({signed(values[up])}, word {up + 1})" in sentence
    assert f"lowest at {quoted(trace.tokens[down])} ({signed(values[down])}, word {down + 1})." in sentence
    side = "positive" if trace.readout[unit] > 0 else "negative"
    assert (
        f"Unit {unit} counts {signed(trace.readout[unit])} for the verdict: when it is up, it speaks for {side}"
        in sentence
    )
