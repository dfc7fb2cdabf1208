"""The page Inside, over a shelf of tiny networks of every kind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.session import resources
from models.examples import EXAMPLES
from models.jobs.keras_check import Agreement, CheckFailed, Difference
from tests.inside_page import open_inside
from tests.screen import charts, html_of, numbers, opened, played, spec
from tests.shelves import TINY

ROOT = Path(__file__).resolve().parents[2]
NASTY = (
    'I <b>loved</b> <script>alert(1)</script> this <img src=x onerror=alert(1)> & "that" <a href="http://x">film</a>'
)
FAMILIES = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU", "best_bigru": "GRU"}


pytestmark = pytest.mark.usefixtures("tiny")


def components(at: AppTest) -> dict[str, dict[str, object]]:
    """What was sent to the components, by their keys."""
    sent = [one.proto for one in at.get("bidi_component")]
    return {one.id.rpartition("-")[2]: json.loads(one.json or one.bytes or one.mixed.json) for one in sent}


@pytest.mark.parametrize("model", list(TINY))
def test_every_network_opens(model):
    at = open_inside(model)
    assert at.title[0].value == "Inside the network"
    charts = at.get("plotly_chart")
    assert len(charts) == (2 if TINY[model].family == "SimpleRNN" else 3)
    assert all(chart.proto.alt for chart in charts)


@pytest.mark.parametrize("model", ["lstm", "gru"])
def test_the_lanes_hold_the_gates(model):
    at = open_inside(model)
    trace = resources.model(model).trace(EXAMPLES[0].text)
    layer = trace.layers[0]
    order = np.argsort(-trace.readout, kind="stable")
    hidden = spec(at, 0)["data"][0]
    np.testing.assert_allclose(numbers(hidden["z"]) / 100, layer.hidden_states[:, order].T, atol=0.0051)
    assert spec(at, 0)["layout"]["coloraxis"]["cmin"] == -100
    lanes = spec(at, 1)["data"]
    assert len(lanes) == (5 if model == "lstm" else 3)
    for lane, values in zip(lanes, layer.gates.values(), strict=False):
        np.testing.assert_allclose(numbers(lane["z"]) / 100, values[:, order].T, atol=0.0051)
    if model == "lstm":
        np.testing.assert_allclose(numbers(lanes[4]["z"]) / 100, layer.cell_states[:, order].T, atol=0.0051)


def test_a_simple_rnn_has_no_gates_and_the_page_says_so():
    at = open_inside("simple_rnn")
    assert "A SimpleRNN has no gates" in html_of(at)


def test_a_bidirectional_network_has_two_directions_and_no_running_prediction():
    at = open_inside("best_bigru")
    assert "no prediction before the last word" in html_of(at)
    trace = resources.model("best_bigru").trace(EXAMPLES[0].text)
    picker = next(b for b in at.get("button_group") if b.key == "layer/best_bigru")
    assert picker.value == 0
    at.session_state["layer/best_bigru"] = 1
    at.run()
    assert not at.exception
    shown = numbers(spec(at, 0)["data"][0]["z"])
    order = np.argsort(-trace.readout[4:], kind="stable")
    np.testing.assert_allclose(shown / 100, trace.layers[1].hidden_states[:, order].T, atol=0.0051)


def test_a_cursor_move_draws_only_what_says_something_of_the_word():
    open_panels = {"credit-section": True, "memory-section": True}
    at = open_inside("lstm", timestep=3, **open_panels)
    words = [token.text for token in resources.model("lstm").trace(EXAMPLES[0].text).tokens]
    before = html_of(at)
    for key in open_panels:  # AppTest does not keep an expander open by itself
        at.session_state[key] = True
    at.button(key="cursor-next").click().run()
    assert not at.exception
    assert at.slider(key="timestep").value == 4
    shown = html_of(at)
    assert f"<mark>{words[3]}</mark>" in shown and f"<mark>{words[2]}</mark>" in before
    assert shown.count(f"At “{words[3]}” (word 4) unit") == 2, "which unit moves most, in the list and above the states"
    assert f"At “{words[3]}” unit" in shown, "the arithmetic"
    assert f"What is left of “{words[3]}” at the end" in shown, "the list of panels"
    assert f"“{words[3]}” (word 4) added" in shown, "the verdict"
    assert f"(word 4, {len(words) - 4} words away)" in shown, "the memory"
    assert not at.title and not at.text_area and "player-courier" not in components(at)
    assert not [alt for alt in charts(at) if "eatmap" in alt or alt.startswith(("Lines of the", "Bars of what"))]


def test_what_the_browser_marks_is_where_the_cursor_is_and_a_page_drawn_again_agrees():
    at = open_inside("lstm", timestep=3)
    at.button(key="cursor-next").click().run()
    here = components(at)["here"]
    assert (here["word"], here["column"], here["start"], here["stage"]) == (3, 3, "4", "player-stage")
    at.run()
    assert len(charts(at)) == 3
    for drawn in charts(at).values():
        (frame,) = [shape for shape in drawn["layout"]["shapes"] if shape.get("name") == "cursor"]
        assert (frame["x0"], frame["x1"]) == (2.5, 3.5)
    assert played(at)["cursor"] == 3
    for value in (3, 2, 1):
        at.button(key="cursor-previous").click().run()
        assert at.slider(key="timestep").value == value
    assert at.button(key="cursor-previous").disabled


def test_another_unit_draws_the_panels_and_not_the_page():
    at = open_inside("lstm")
    at.selectbox(key="unit/lstm/0").select(2).run()
    assert "Unit 2 at every word" in html_of(at)
    assert len(charts(at)) == 3 and played(at)["unit"] == 2
    assert not at.title and not at.text_area


def test_the_address_forgets_the_word_of_a_link_as_soon_as_the_cursor_is_elsewhere():
    at = opened("inside", model="lstm", timestep="3")
    assert at.query_params == {"timestep": "3"}
    assert at.slider(key="timestep").value == 3
    at.button(key="cursor-next").click().run()
    assert at.query_params == {}
    at.run()
    assert at.slider(key="timestep").value == 4, "the address of the part is not taken for a way back"


def test_a_first_look_is_at_the_word_that_did_most():
    at = open_inside("lstm")
    trace = resources.model("lstm").trace(EXAMPLES[0].text)
    assert at.slider(key="timestep").value == int(np.abs(trace.contributions).argmax()) + 1


def test_the_unit_can_be_chosen_and_units_sorted():
    at = open_inside("lstm")
    at.selectbox(key="unit/lstm/0").select(2).run()
    assert "Unit 2 at every word" in html_of(at)
    at.selectbox(key="unit-order/False").select("number").run()
    assert not at.exception
    assert spec(at, 0)["data"][0]["y"] == [str(unit) for unit in range(5)]


def test_closed_sections_compute_nothing_and_open_ones_do():
    at = open_inside("lstm")
    before = len(at.get("plotly_chart"))
    at.session_state["credit-section"] = True
    at.session_state["habits-section"] = True
    at.run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == before + 1 + 3
    trace = resources.model("lstm").trace(EXAMPLES[0].text)
    bars = spec(at, before)["data"][0]
    np.testing.assert_allclose(numbers(bars["y"]), trace.contributions, atol=1e-4)
    assert f"P(positive) = {trace.probability:.3f}" in html_of(at)


@pytest.mark.parametrize("model", list(FAMILIES))
@pytest.mark.parametrize("review", ["", "   ", "🎬🍿", "?! :)"], ids=["empty", "blank", "emoji", "signs"])
def test_nothing_to_read_is_answered_kindly(model, review):
    at = open_inside(model, review)
    assert any("no word to read" in info.value for info in at.info)
    assert not at.get("plotly_chart")


@pytest.mark.parametrize("model", list(FAMILIES))
@pytest.mark.parametrize(
    "review", ["film", "good film", "qqqx zzzw xxxy", " ".join(["film good"] * 200), " ".join(["bad"] * 1500)],
    ids=["one", "two", "unknown", "400", "1500"],
)  # fmt: skip
def test_any_length_is_read(model, review):
    at = open_inside(model, review, **{"credit-section": True, "habits-section": True})
    assert all(chart.proto.alt for chart in at.get("plotly_chart"))
    assert len(at.get("plotly_chart")) >= 3


@pytest.mark.parametrize("model", list(FAMILIES))
def test_html_stays_text(model):
    at = open_inside(model, NASTY, timestep=2, **{"credit-section": True})
    shown = html_of(at)
    specs = "".join(chart.proto.spec for chart in at.get("plotly_chart"))
    for evil in ("<script>alert", "<img src=x", '<a href="http://x"', "<b>loved"):
        assert evil not in shown
        assert evil not in specs
    assert "loved" in shown


def press(at: AppTest, key: str) -> None:
    """Click with the section of the check open: AppTest does not keep an expander open by itself."""
    at.session_state["check-section"] = True
    at.button(key=key).click().run()
    assert not at.exception


def test_the_check_reports_and_is_dropped_with_its_review(monkeypatch):
    made = Agreement(0.5, (Difference("P(positive)", 3e-8, 1), Difference("hidden states", 2.1e-7, 240)), 0.4)
    monkeypatch.setattr("components.inside.keras_check.against_tensorflow", lambda *_: made)
    at = open_inside("lstm", **{"check-section": True})
    press(at, "check")
    assert any("The Keras network agrees to 3·10⁻⁷." in m.value for m in at.markdown)
    press(at, "cursor-previous")
    at.session_state["check-section"] = True
    at.run()
    assert any("agrees" in m.value for m in at.markdown)
    at.session_state["review"] = "another film"
    at.session_state["check-section"] = True
    at.run()
    assert at.button(key="check")
    assert not any("agrees" in m.value for m in at.markdown)


@pytest.mark.parametrize("reason", ["time", "busy", "failed"])
def test_a_failed_check_is_told_kindly(monkeypatch, reason):
    def fail(*_):
        raise CheckFailed(reason)

    monkeypatch.setattr("components.inside.keras_check.against_tensorflow", fail)
    at = open_inside("gru", **{"check-section": True})
    press(at, "check")
    assert len(at.warning) == 1


def test_where_tensorflow_is_not_installed_no_button_asks_for_it(monkeypatch):
    monkeypatch.setattr("components.inside.keras_check.installed", lambda: False)
    at = open_inside("gru", **{"check-section": True})
    assert "check" not in [button.key for button in at.button]
    assert any("This server only serves" in html.proto.body for html in at.get("html"))


def test_a_damaged_model_is_told_kindly(tiny_shelf, tmp_path, monkeypatch):
    import shutil

    shutil.copytree(tiny_shelf / "lstm", tmp_path / "lstm")
    (tmp_path / "lstm" / "model.keras").write_bytes(b"broken")
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = open_inside("lstm")
    assert any("missing or damaged" in warning.value for warning in at.warning)


def test_sigma_is_explained_where_it_is_written_without_gates_too() -> None:
    shown = html_of(open_inside("simple_rnn", "A good film."))
    assert "σ(" in shown.replace("σ(a)", "") and "σ(a) = 1 / (1 + e⁻ᵃ)" in shown


def test_the_player_stands_at_the_page_word_and_unit_from_the_first_look_on():
    at = open_inside("lstm")
    sent = played(at)
    assert sent["cursor"] == at.session_state["timestep"] - 1 == int(np.abs(sent["credit"]).argmax())
    unit = at.session_state["unit/lstm/0"]
    assert sent["unit"] == unit and unit in sent["readers"][-1]["chosen"]
