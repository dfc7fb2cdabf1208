"""The equation of one word against the trace: every step made again, every sum at the digits shown."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.inside import equation
from components.inside import text as insights
from components.ui.format import agreed, signed
from models.catalog import load_model
from models.explain.view import View
from models.nn import equations
from models.nn.cells import GRU, LSTM
from models.nn.network import Network, RecurrentLayer
from models.sentiment import LayerTrace, Trace
from models.text import Token
from tests.readings import REVIEW, views


def test_every_step_made_again_is_the_step_of_the_trace(tiny_model):
    trace = tiny_model.trace(REVIEW)
    for place, layer in enumerate(trace.layers):
        for timestep in range(len(trace.tokens)):
            step = equations.step(tiny_model.network, trace, place, timestep)
            for name, values in layer.gates.items():
                np.testing.assert_allclose(step.values[name], values[timestep], atol=1e-5)
            np.testing.assert_allclose(step.state, layer.hidden_states[timestep], atol=1e-5)
            if layer.cell_states is not None:
                np.testing.assert_allclose(step.cell, layer.cell_states[timestep], atol=1e-5)


def test_a_gru_of_the_older_kind_is_taken_apart_too():
    random = np.random.default_rng(0)
    weights = [random.normal(0, 0.6, shape).astype(np.float32) for shape in ((4, 9), (3, 9), (9,))]
    network = Network(
        random.normal(size=(10, 4)).astype(np.float32),
        (RecurrentLayer(GRU(*weights, reset_after=False)),),
        ("last",),
        np.ones(3, np.float32),
        0.0,
    )
    ids = np.array([3, 5, 7, 2])
    (reading, _), *_ = network.read(ids[:, None], np.array([4]))
    tokens = tuple(Token("w", i, i + 1, int(word), True) for i, word in enumerate(ids))
    gate_values = {name: values[:, 0] for name, values in reading.gates.items()}
    layer = LayerTrace("recurrent", "forward", reading.hidden_states[:, 0], None, gate_values)
    trace = Trace(tokens, (), 0.0, 0.5, None, (layer,), np.zeros(4), 0.0, np.ones(3))
    trace = replace(trace, readings=((reading, None),))
    for timestep in range(4):
        step = equations.step(network, trace, 0, timestep)
        np.testing.assert_allclose(step.state, layer.hidden_states[timestep], atol=1e-6)


def test_the_equations_come_out_at_the_digits_shown(tiny_model):
    """Every line of the table, read back from the screen and calculated from what it shows."""
    trace = tiny_model.trace(REVIEW)
    lines = 0
    for view in views(trace, tiny_model.card.family):
        for cursor in range(0, len(trace.tokens), 5):
            for unit in range(view.layer.hidden_states.shape[1]):
                at = View(trace, view.family, view.place, unit, cursor)
                html = equation.equation_html(at, equations.step(tiny_model.network, trace, view.place, cursor))
                lines += check_table(html) + check_lines(html)
    assert lines >= (40 if tiny_model.card.family == "SimpleRNN" else 70)


def test_the_verdict_is_taken_apart_after_every_word(tiny_model):
    """Its sum is the running logit, or the logit of the whole; and what is shown adds up at the digits shown."""
    trace = tiny_model.trace(REVIEW)
    for cursor in range(len(trace.tokens)):
        found = equations.verdict(tiny_model.network, trace, cursor)
        if tiny_model.network.hidden is not None:
            assert found is None  # a relu layer stands between: there is no such sum
            continue
        expected = trace.logit if trace.running_logits is None else trace.running_logits[cursor]
        assert found.logit == pytest.approx(float(expected), abs=1e-5)
        assert list(found.parts) == list(tiny_model.network.pooling)
        html = equation.verdict_html(found, trace.running_logits is None)
        *terms, total, squashed = re.findall(r"<td class=\"num\" data-of=\".+?\">(.*?)</td>", html)
        assert len(terms) == len(found.parts) + 1 == html.count('scope="col"') - 2
        inside, probability = numbers(squashed)
        places = len(re.findall(r"\.(\d+)", total)[0])
        assert round(math.fsum(numbers(term)[0] for term in terms), places) == inside == numbers(total)[0]
        assert round(1 / (1 + math.exp(-inside)), 3) == probability
        view = views(trace, tiny_model.card.family)[0]
        sentence = insights.verdict(View(trace, view.family, view.place, 0, cursor), found)
        assert f"P(positive) is {probability:.3f}." in sentence
        assert signed(max(found.parts.values(), key=abs)) in sentence


def numbers(text: str) -> list[float]:
    return [float(n.replace("−", "-")) for n in re.findall(r"[+−]?\d+\.\d+", text)]


def check_table(html: str) -> int:
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", html)
    heads = re.findall(r"<th scope=\"col\">([^<]+)</th>", html)
    for row in rows:
        cells = re.findall(r"<td class=\"num\" data-of=\".+?\">(.*?)</td>", row)
        assert re.findall(r"data-of=\"(.*?)\"", row) == heads, "what a phone shows beside each number"
        terms, (total,) = [numbers(cell)[0] for cell in cells[:3]], numbers(cells[3])
        places = len(re.findall(r"\.(\d+)", cells[3])[0])
        assert f"{math.fsum(terms) + 0.0:.{places}f}".replace("-0.000", "0.000") == f"{total:.{places}f}"
        inside, value = numbers(cells[4])
        assert inside == total
        squashed = math.tanh(total) if cells[4].startswith("<span>tanh(") else 1 / (1 + math.exp(-total))
        assert round(squashed, 3) == value
    return len(rows)


def check_lines(html: str) -> int:
    lines = re.findall(
        r'<li><span class="sym">(.*?)</span> <span class="num">(.*?)</span> <span class="res">(.*?)</span>', html
    )
    for symbols, shown, result in lines:
        n = numbers(shown)
        if symbols.startswith("c ="):
            value = n[0] * n[1] + n[2] * n[3]
        elif "tanh" in symbols:
            value = n[0] * math.tanh(n[1])
        else:
            z, h, same, g = n
            assert z == same
            value = z * h + (1 - z) * g
        assert round(value, 3) == numbers(result)[0]
    return len(lines)


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=4))
def test_rounding_for_calculation_by_hand_agrees(values):
    shown, decimals, result = agreed(lambda *terms: math.fsum(terms), values)
    assert all(abs(a - b) <= 10.0**-decimals for a, b in zip(shown, values, strict=True))
    assert abs(math.fsum(shown) - result) <= 0.0006


def test_what_an_lstm_unit_keeps_and_writes_comes_out_at_the_digits_shown():
    model = load_model("lstm")
    trace = model.trace(REVIEW)
    for cursor in range(len(trace.tokens)):
        for unit in range(0, 128, 5):
            view = View(trace, "LSTM", 0, unit, cursor)
            sentence = insights.equation(view, equations.step(model.network, trace, 0, cursor)).replace("−", "-")
            kept, written, becomes = re.search(
                r"which is (\S+), and writes (\S+): it becomes (\S+)\.$", sentence
            ).groups()
            assert round(float(kept) + float(written), 2) == pytest.approx(float(becomes), abs=1e-9)
            assert float(becomes) == pytest.approx(trace.layers[0].cell_states[cursor, unit], abs=0.006)


def test_lstm_sums_need_no_tensorflow_names():
    sums = equations.sums(LSTM(np.ones((2, 4)), np.ones((1, 4)), np.zeros(4)), np.ones(2), np.ones(1))
    assert {name: float(part.total[0]) for name, part in sums.items()} == dict.fromkeys(
        ("input", "forget", "candidate", "output"), 3.0
    )
