"""The charts of Inside: small, escaped, each unit and gate where it should be, and what is said of them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from components.inside import text as insights
from components.inside.charts import gates, units
from components.inside.charts.contributions import contributions
from components.inside.charts.lanes import MOST_CELLS
from components.inside.controls import context_html
from components.ui.theme import DARK, LIGHT
from models.explain.view import readout, sorted_units
from models.nn import equations
from models.sentiment import Trace
from models.text import Token
from tests.readings import REVIEW, big_view, views


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


def test_units_are_sorted_as_asked(tiny_model):
    trace = tiny_model.trace(REVIEW)
    for place in range(len(trace.layers)):
        weights = readout(trace, place)
        if weights is not None:
            assert np.all(np.diff(weights[sorted_units(trace, place, "weight")]) <= 0)
        assert np.all(np.diff(np.ptp(trace.layers[place].hidden_states, 0)[sorted_units(trace, place, "range")]) <= 0)
        assert sorted_units(trace, place, "number").tolist() == list(range(trace.layers[place].hidden_states.shape[1]))
    top = [readout(trace, place) for place in range(len(trace.layers))]
    np.testing.assert_array_equal(np.concatenate([w for w in top if w is not None]), trace.readout)


def test_every_sentence_can_be_said(tiny_model):
    for text in (REVIEW, "film", "good film", "qqqx zzzx"):
        trace = tiny_model.trace(text)
        for view in views(trace, tiny_model.card.family, cursor=len(trace.tokens) - 1):
            sentences = [insights.states(view), insights.unit(view), insights.contributions(view)]
            sentences.append(
                insights.equation(view, equations.step(tiny_model.network, trace, view.place, view.cursor))
            )
            if view.layer.gates:
                sentences += [insights.gates(view), *(insights.habits(view, name) for name in view.layer.gates)]
            assert all(sentence.endswith(".") and "nan" not in sentence for sentence in sentences)


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
    trace = Trace(tokens, (), 0.0, 0.5, None, view.trace.layers, np.zeros(3), 0.0, view.trace.readout)
    html = context_html(trace, review, 1)
    assert "<script>" not in html
    assert "&lt;b&gt;" in html
    assert "out of vocabulary" in html
