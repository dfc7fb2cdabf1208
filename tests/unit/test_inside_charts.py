"""What Inside shows: equations against the trace, figures against the arrays, sentences against the numbers."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.inside import equation
from components.inside import text as insights
from components.inside.charts import gates, units
from components.inside.charts.contributions import contributions
from components.inside.charts.lanes import MOST_CELLS
from components.inside.controls import context_html
from components.inside.keras_check import scientific, verdict
from components.ui.format import agreed, signed
from components.ui.theme import DARK, LIGHT
from models.catalog import load_model
from models.examples import EXAMPLES
from models.explain.view import View, readout, sorted_units, weightiest
from models.jobs import keras_check
from models.jobs.keras_check import Agreement, CheckFailed, Difference, against_tensorflow, compare
from models.nn import equations
from models.nn.cells import GRU, LSTM
from models.nn.network import Network, RecurrentLayer
from models.sentiment import LayerTrace, Trace, Truncation
from models.text import Token
from tests.shelves import TINY

REVIEW = EXAMPLES[0].text


@pytest.fixture(params=list(TINY))
def model(request, tiny_shelf):
    return load_model(request.param, tiny_shelf)


def views(trace: Trace, family: str, cursor: int = 3) -> list[View]:
    return [View(trace, family, place, weightiest(trace, place), cursor) for place in range(len(trace.layers))]


def big_view(timesteps: int, family: str = "LSTM", word: str = "w{}<b>", n_units: int = 64) -> View:
    """A reading of the size of the real networks, of random numbers."""
    random = np.random.default_rng(timesteps)
    words = tuple(Token(word.format(i), i, i + 1, 2, True) for i in range(timesteps))
    shape = (timesteps, n_units)
    names = {
        "LSTM": ("input", "forget", "candidate", "output"),
        "GRU": ("update", "reset", "candidate"),
        "SimpleRNN": (),
    }
    values = {
        name: random.uniform(-1 if name == "candidate" else 0, 1, shape).astype(np.float32) for name in names[family]
    }
    cells = random.normal(0, 2, shape).astype(np.float32) if family == "LSTM" else None
    states = random.uniform(-1, 1, shape).astype(np.float32)
    layer = LayerTrace("recurrent", "forward", states, cells, values)
    credit = random.normal(0, 0.2, timesteps).astype(np.float32)
    logit = float(credit.sum() + 0.1)
    weights = random.normal(0, 0.4, n_units).astype(np.float32)
    trace = Trace(words, (), Truncation(), logit, 0.5, np.cumsum(credit), (layer,), credit, 0.1, weights)
    return View(trace, family, 0, 5, timesteps // 2)


def test_every_step_made_again_is_the_step_of_the_trace(model):
    trace = model.trace(REVIEW)
    for place, layer in enumerate(trace.layers):
        for timestep in range(len(trace.tokens)):
            step = equations.step(model.network, trace, place, timestep)
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
    trace = Trace(tokens, (), Truncation(), 0.0, 0.5, None, (layer,), np.zeros(4), 0.0, np.ones(3))
    trace = replace(trace, readings=((reading, None),))
    for timestep in range(4):
        step = equations.step(network, trace, 0, timestep)
        np.testing.assert_allclose(step.state, layer.hidden_states[timestep], atol=1e-6)


def test_the_equations_come_out_at_the_digits_shown(model):
    """Every line of the table, read back from the screen and calculated from what it shows."""
    trace = model.trace(REVIEW)
    lines = 0
    for view in views(trace, model.card.family):
        for cursor in range(0, len(trace.tokens), 5):
            for unit in range(view.layer.hidden_states.shape[1]):
                at = View(trace, view.family, view.place, unit, cursor)
                html = equation.equation_html(at, equations.step(model.network, trace, view.place, cursor))
                lines += check_table(html) + check_lines(html)
    assert lines >= (40 if model.card.family == "SimpleRNN" else 70)


def test_the_verdict_is_taken_apart_after_every_word(model):
    """Its sum is the running logit, or the logit of the whole; and what is shown adds up at the digits shown."""
    trace = model.trace(REVIEW)
    for cursor in range(len(trace.tokens)):
        found = equations.verdict(model.network, trace, cursor)
        if model.network.hidden is not None:
            assert found is None  # a relu layer stands between: there is no such sum
            continue
        expected = trace.logit if trace.running_logits is None else trace.running_logits[cursor]
        assert found.logit == pytest.approx(float(expected), abs=1e-5)
        assert list(found.parts) == list(model.network.pooling)
        html = equation.verdict_html(found, trace.running_logits is None)
        *terms, total, squashed = re.findall(r"<td class=\"num\" data-of=\".+?\">(.*?)</td>", html)
        assert len(terms) == len(found.parts) + 1 == html.count('scope="col"') - 2
        inside, probability = numbers(squashed)
        places = len(re.findall(r"\.(\d+)", total)[0])
        assert round(math.fsum(numbers(term)[0] for term in terms), places) == inside == numbers(total)[0]
        assert round(1 / (1 + math.exp(-inside)), 3) == probability
        view = views(trace, model.card.family)[0]
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


@pytest.mark.parametrize("family", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize("timesteps", [1, 2, 200, 1500])
def test_figures_are_small_and_mark_the_word(family, timesteps):
    view = big_view(timesteps, family, "wonderful")
    figures = [units.hidden_states(view, LIGHT), units.one_unit(view, DARK), contributions(view, LIGHT)]
    names = gates.lane_names(view)
    if names:
        figures.append(gates.gate_lanes(view, names, units.cell_range(view), LIGHT))
        figures += [gates.habits(view, name, DARK) for name in names if name not in ("candidate", "cell")]
    for figure in figures:
        assert len(figure.to_json()) < (300_000 if timesteps <= 200 else 400_000)
    for figure in figures[:3]:
        (frame,) = figure.layout.shapes
        columns = min(timesteps, 400)
        assert 0 <= frame.x0 + 0.5 < columns
        assert frame.x1 - frame.x0 == 1


def test_words_are_escaped_in_every_figure():
    view = big_view(30, word="<b>w{}</b>")
    figures = [units.hidden_states(view, LIGHT), units.one_unit(view, DARK), contributions(view, LIGHT)]
    figures.append(gates.gate_lanes(view, gates.lane_names(view), 5.0, LIGHT))
    for figure in figures:
        text = json.dumps(json.loads(figure.to_json()))
        assert "&lt;b&gt;w1" in text
        assert "<b>w1" not in text.replace("<b>&lt;", "")


def test_lanes_keep_the_weightiest_units_when_a_review_is_long():
    view = big_view(400)
    figure = gates.gate_lanes(view, gates.lane_names(view), 5.0, LIGHT)
    shown = [int(unit) for unit in figure.data[0].y]
    assert len(shown) == MOST_CELLS // (5 * 400)
    assert view.unit in shown
    weakest = np.abs(view.trace.readout[[unit for unit in shown if unit != view.unit]]).min()
    assert all(abs(w) <= weakest for u, w in enumerate(view.trace.readout) if u not in shown)
    assert len(figure.data) == 5


@pytest.mark.parametrize("family", ["LSTM", "GRU"])
def test_every_gate_of_a_unit_is_a_line_that_looks_like_no_other(family: str) -> None:
    view = big_view(12, family)
    gates = [name for name in view.layer.gates if name != "candidate"]
    lines = {line["name"]: line["line"] for line in units.one_unit(view, LIGHT).data if " gate " in line["name"]}
    assert [name.split()[0] for name in lines] == gates
    assert len({(look["dash"], look["color"]) for look in lines.values()}) == len(gates)


def test_a_cell_with_more_gates_than_looks_is_an_error_and_not_a_missing_line() -> None:
    view = big_view(12)
    view.layer.gates["peephole"] = view.layer.gates["input"]
    with pytest.raises(ValueError, match="zip"):
        units.one_unit(view, LIGHT)


def test_scales_are_fixed_and_printed():
    view = big_view(20)
    figure = gates.gate_lanes(view, gates.lane_names(view), units.cell_range(view), LIGHT)
    axes = [figure.layout[f"coloraxis{'' if i == 0 else i + 1}"] for i in range(5)]
    largest = float(np.abs(view.layer.cell_states).max())
    # Values are sent as whole hundredths.
    assert [(axis.cmin, axis.cmax) for axis in axes[:4]] == [(0, 100), (0, 100), (-100, 100), (0, 100)]
    assert axes[4].cmax == -axes[4].cmin >= 100 * np.percentile(np.abs(view.layer.cell_states), 97)
    assert f"reaches {largest:.3g}" in figure.layout.annotations[4].text
    unit_axis = units.one_unit(view, LIGHT).layout.yaxis2
    assert unit_axis.range[1] >= np.abs(view.layer.cell_states[:, view.unit]).max()
    assert "−1 … +1" in figure.layout.annotations[2].text


def test_units_are_sorted_as_asked(model):
    trace = model.trace(REVIEW)
    for place in range(len(trace.layers)):
        weights = readout(trace, place)
        if weights is not None:
            assert np.all(np.diff(weights[sorted_units(trace, place, "weight")]) <= 0)
        assert np.all(np.diff(np.ptp(trace.layers[place].hidden_states, 0)[sorted_units(trace, place, "range")]) <= 0)
        assert sorted_units(trace, place, "number").tolist() == list(range(trace.layers[place].hidden_states.shape[1]))
    top = [readout(trace, place) for place in range(len(trace.layers))]
    np.testing.assert_array_equal(np.concatenate([w for w in top if w is not None]), trace.readout)


def test_every_sentence_can_be_said(model):
    for text in (REVIEW, "film", "good film", "qqqx zzzx"):
        trace = model.trace(text)
        for view in views(trace, model.card.family, cursor=len(trace.tokens) - 1):
            sentences = [insights.states(view), insights.unit(view), insights.contributions(view)]
            sentences.append(insights.equation(view, equations.step(model.network, trace, view.place, view.cursor)))
            if view.layer.gates:
                sentences += [insights.gates(view), *(insights.habits(view, name) for name in view.layer.gates)]
            assert all(sentence.endswith(".") and "nan" not in sentence for sentence in sentences)


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


def test_the_gate_sentence_reads_the_gate():
    view = big_view(10)
    forget = view.layer.gates["forget"]
    forget[:, 5] = 0.5
    forget[6:, 5] = 0.95
    assert "stays above 0.9 from “w6<b>” (word 7) to the end: for 4 words" in insights.gates(view)
    forget[:, 5] = 0.5
    assert "is never above 0.9" in insights.gates(view)
    forget[:, 5] = 0.99
    assert "above 0.9 at every word" in insights.gates(view)


def test_longest_run():
    assert insights.longest(np.array([False, True, True, False, True])) == (1, 2)
    assert insights.longest(np.array([True, False, True])) == (2, 1)
    assert insights.longest(np.array([False])) == (0, 0)


def test_the_context_is_escaped():
    review = 'so <b>bad</b> "film" & <script>x</script> more'
    token = Token("bad", 6, 9, 2, False)
    tokens = (Token("so", 0, 2, 2, True), token, Token("more", 42, 46, 2, True))
    view = big_view(3)
    trace = Trace(tokens, (), Truncation(), 0.0, 0.5, None, view.trace.layers, np.zeros(3), 0.0, view.trace.readout)
    html = context_html(trace, review, 1)
    assert "<script>" not in html
    assert "&lt;b&gt;" in html
    assert "out of vocabulary" in html


def test_agreement_in_words():
    assert scientific(2.4e-7) == "3·10⁻⁷"
    assert scientific(1e-6) == "1·10⁻⁶"
    assert scientific(9.7e-7) == "1·10⁻⁶"
    assert scientific(0.0) == "0"
    assert "agrees to 3·10⁻⁷" in verdict(Agreement(0.5, (Difference("x", 2.4e-7, 1),), 1.0))
    assert "differs" in verdict(Agreement(0.5, (Difference("x", 0.2, 1),), 1.0))


def test_an_answer_about_something_else_is_refused():
    trace = big_view(4).trace
    with pytest.raises(CheckFailed):
        compare(trace, {"probability": np.float32(0.5), "seconds": np.float64(1), "states_0": np.zeros((3, 64))})
    with pytest.raises(CheckFailed):
        compare(trace, {"probability": np.float32(0.5)})


def test_a_check_that_cannot_start_or_takes_too_long_is_told(monkeypatch):
    trace = big_view(4).trace
    monkeypatch.setattr(keras_check.sys, "executable", "/nowhere/python")
    with pytest.raises(CheckFailed) as failed:
        against_tensorflow(trace, Path("/nowhere"), "film")
    assert failed.value.reason == "failed"
    monkeypatch.undo()
    with pytest.raises(CheckFailed) as late:
        against_tensorflow(trace, Path("/nowhere"), "film", time_limit=0.01)
    assert late.value.reason == "time"


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "stacked_bigru"])
def test_tensorflow_agrees(name, tiny_shelf, capfd):
    secret = "a wonderful zanzibarish film, badly acted"
    model = load_model(name, tiny_shelf)
    agreement = against_tensorflow(model.trace(secret), tiny_shelf / name, secret)
    assert agreement.largest < 1e-5
    assert len(agreement.differences) == 1 + (model.network.streams) + len(model.trace(secret).layers)
    out = capfd.readouterr()
    assert "zanzibarish" not in out.out + out.err


def test_lstm_sums_need_no_tensorflow_names():
    sums = equations.sums(LSTM(np.ones((2, 4)), np.ones((1, 4)), np.zeros(4)), np.ones(2), np.ones(1))
    assert {name: float(part.total[0]) for name, part in sums.items()} == dict.fromkeys(
        ("input", "forget", "candidate", "output"), 3.0
    )
