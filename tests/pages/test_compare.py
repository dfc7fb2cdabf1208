"""The page Compare over tiny networks of every kind: side by side, and what all sections share."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from components.session import resources
from models.compare.readers import Reader, agreement, changes_of_mind, common_words, partings, together
from models.examples import EXAMPLES
from models.text import keys
from tests.compare_page import SIDE, SMALLEST, WHAT_IF, open_compare, read
from tests.screen import html_of, numbers, spec
from tests.shelves import TINY

TRIO = ["simple_rnn", "lstm", "gru"]


NASTY = (
    "I <b>loved</b> <script>alert(1)</script> this <img src=x onerror=alert(1)> **film** ![x](http://x) "
    '<a href="y">end</a>'
)


pytestmark = pytest.mark.usefixtures("tiny")


def test_the_trio_stands_below_each_other_on_one_axis_and_one_scale():
    at = open_compare()
    text = EXAMPLES[0].text
    drawn = spec(at, 0)
    bold = [trace for trace in drawn["data"] if trace["type"] == "scatter" and trace.get("opacity", 1) == 1]
    assert [trace["name"] for trace in bold] == [TINY[name].title for name in TRIO]
    assert [trace["line"]["dash"] for trace in bold] == ["dot", "solid", "dash"]
    assert len({trace["line"]["color"] for trace in bold}) == 3
    assert len({trace["marker"]["symbol"] for trace in bold}) == 3
    for name, trace in zip(TRIO, bold, strict=True):
        np.testing.assert_allclose(numbers(trace["y"]), read(name, text).running_probabilities, atol=6e-5)
    layout = drawn["layout"]
    assert len({tuple(layout[axis]["range"]) for axis in ("yaxis", "yaxis2", "yaxis3")}) == 1
    axes = [layout[axis] for axis in ("xaxis", "xaxis2", "xaxis3")]
    assert len({json.dumps([axis["range"], axis["categoryarray"]]) for axis in axes}) == 1
    assert [axis.get("showticklabels") for axis in axes] == [False, False, True]
    assert axes[2]["labelalias"]["40"] == "waste"


def test_credit_bars_are_the_contributions_on_one_scale():
    at = open_compare()
    bars = [trace for trace in spec(at, 1)["data"] if trace["type"] == "bar"]
    for name, trace in zip(TRIO, bars, strict=True):
        np.testing.assert_allclose(numbers(trace["y"]), read(name, EXAMPLES[0].text).contributions, atol=6e-4)
    layout = spec(at, 1)["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"] == layout["yaxis3"]["range"]


def test_states_come_on_demand():
    at = open_compare(compare_states=True)
    heat = [trace for trace in spec(at, 0)["data"] if trace["type"] == "heatmap"]
    assert len(heat) == 3
    assert len(numbers(heat[0]["y"])) == 7
    layout = spec(at, 0)["layout"]  # their hover texts name the word
    assert all(layout[axis]["labelalias"]["40"] == "waste" for axis in ("xaxis", "xaxis2", "xaxis6"))


def test_a_network_that_reads_from_both_ends_has_a_verdict_but_no_line():
    at = open_compare(compare_models=["lstm", "best_bigru"])
    scatter = [trace for trace in spec(at, 0)["data"] if trace["type"] == "scatter"]
    assert {trace["name"] for trace in scatter} == {"LSTM"}
    assert len([trace for trace in spec(at, 1)["data"] if trace["type"] == "bar"]) == 2
    assert "from both ends" in html_of(at)
    at = open_compare(compare_models=["best_bigru", "stacked_bigru"])
    assert len(at.get("plotly_chart")) == 1
    at = open_compare(compare_models=["best_bigru", "stacked_bigru"], compare_states=True)
    assert len([trace for trace in spec(at, 0)["data"] if trace["type"] == "heatmap"]) == 4


def fake(title: str, running: list[float]) -> Reader:
    """A reader with a running prediction of our own, over the words of a real one."""
    model = resources.model("lstm")
    trace = model.trace(" ".join(["word"] * len(running)))
    p = np.array(running)
    card = replace(model.card, name=title, title=title)
    return Reader(card, replace(trace, running_logits=np.log(p / (1 - p)), probability=running[-1]))


def test_where_they_part():
    a, b, c = fake("A", [0.6, 0.6, 0.7, 0.8, 0.9]), fake("B", [0.4, 0.6, 0.7, 0.2, 0.1]), fake("C", [0.6] * 5)
    words = common_words([a, b, c])
    found = partings([a, b, c], words)
    assert [(p.names, p.timestep, p.until, p.apart) for p in found] == [
        ("A and B", 3, None, True),
        ("C and B", 3, None, True),
        ("A and C", 4, None, False),
    ]
    merged = together(found)
    assert [(p.names, p.timestep, p.ends_apart) for p in merged] == [("A and C (above) and B (below)", 3, True)]
    assert changes_of_mind(b.running) == 2
    assert agreement(a, [a, b, c], words) == pytest.approx((2 / 5 + 1) / 2)
    longest = partings(
        [fake("A", [0.9] * 6), fake("B", [0.1, 0.9, 0.1, 0.2, 0.9, 0.9])],
        words[:0] + common_words([fake("x", [0.5] * 6)]),
    )
    assert (longest[0].timestep, longest[0].until) == (2, 4)


def test_the_parting_is_marked_and_said():
    at = open_compare(compare_models=["simple_rnn", "lstm"])
    readers = [Reader(resources.card(n), read(n, EXAMPLES[0].text)) for n in ("simple_rnn", "lstm")]
    words = common_words(readers)
    parting = together(partings(readers, words))[0]
    lines = [s for s in spec(at, 0)["layout"]["shapes"] if s["yref"] == "paper" and s["type"] == "line"]
    assert [line["x0"] for line in lines] == [parting.timestep]
    assert f"“{words[parting.timestep].text}” (word {parting.timestep + 1})" in html_of(at)


@pytest.mark.parametrize("section", [SIDE, WHAT_IF])
@pytest.mark.parametrize("words", [1, 2, 200, 1_500])
def test_every_model_at_every_length(section, words):
    base = keys(EXAMPLES[-1].text)
    review = " ".join((base * 8)[:words])
    for chosen in (["simple_rnn", "lstm", "gru", "stacked_lstm"], ["best_bigru", "stacked_bigru", "gru_all"]):
        at = open_compare(review, section, compare_models=chosen)
        assert not at.error
        assert len(at.get("plotly_chart")) >= 1


@pytest.mark.parametrize("section", [SIDE, WHAT_IF, SMALLEST])
@pytest.mark.parametrize("review", ["", "   \n", "?! ...", "🙂🙂", "\0\0"])
def test_nothing_to_read(review, section):
    at = open_compare(review, section)
    assert len(at.info) == 1
    assert not at.get("plotly_chart")


@pytest.mark.parametrize("section", [SIDE, WHAT_IF, SMALLEST])
@pytest.mark.parametrize("review", [NASTY, "这部电影很好", "a" * 5_000, "good\0film", "film " * 20_000], ids=len)
def test_bad_input_is_read_or_refused_kindly(review, section):
    at = open_compare(review, section)
    assert at.session_state["review"] == review
    assert not at.error
    everything = html_of(at) + "".join(chart.proto.spec for chart in at.get("plotly_chart"))
    assert "<script>alert" not in everything
    assert "<img src=x" not in everything


def test_too_few_and_too_many_models():
    at = open_compare(compare_models=[])
    assert any("No model is chosen" in info.value for info in at.info)
    assert not at.get("plotly_chart")
    at.pills(key="compare_models").set_value(["lstm"]).run()
    assert any("two to four" in info.value for info in at.info)
    assert "LSTM calls it" in html_of(at)
    at.pills(key="compare_models").set_value(list(TINY)[:5]).run()
    assert any("At most four" in info.value for info in at.info)
    assert not at.exception


def test_a_damaged_model_is_named_and_the_others_go_on(tiny_shelf, tmp_path, monkeypatch):
    shelf = tmp_path / "shelf"
    shutil.copytree(tiny_shelf, shelf)
    (shelf / "gru" / "model.keras").write_bytes(b"no network")
    monkeypatch.setenv("UNROLLED_SHELF", str(shelf))
    for section in (SIDE, WHAT_IF):
        at = open_compare(section=section)
        assert any("gru" in warning.value for warning in at.warning)
        assert at.get("plotly_chart")
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path / "none"))
    at = open_compare()
    assert at.error
