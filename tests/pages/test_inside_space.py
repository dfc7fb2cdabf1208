"""Shape of the state, unit lab and growth on the page, over the pretrained models."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.session import resources
from models import artifacts
from models.catalog import PRETRAINED, load_model
from models.examples import BY_NAME
from models.explain.interventions import Clamp, read_clamped
from models.explain.search import Corpus, read_corpus
from tests.damage import DAMAGES
from tests.inside_page import CLOSED, known_words, open_inside
from tests.screen import chart, charts, html_of

ROOT = Path(__file__).resolve().parents[2]
REAL = Path(PRETRAINED)
SECTIONS = ("space-section", "lab-section", "growth-section")
MODELS = ("simple_rnn", "lstm", "gru", "best_bigru")
pytestmark = pytest.mark.skipif(not (REAL / "lstm" / "states.npz").is_file(), reason="no pretrained models here")


def open_page(model: str, review: str | None = None, sections=SECTIONS, **state) -> AppTest:
    return open_inside(model, review, **CLOSED | dict.fromkeys(sections, True) | state)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("words", [1, 2, 1500])
def test_every_network_and_length_opens(model: str, words: int) -> None:
    at = open_page(model, known_words(words))
    assert all(len(chart.proto.spec) < 300_000 and chart.proto.alt for chart in at.get("plotly_chart"))
    assert len(at.get("plotly_chart")) >= 7
    at.session_state["space-dimensions"] = 3
    at.run()
    assert not at.exception
    assert chart(at, "The path of the hidden state")["data"][0]["type"] == "scatter3d"


def test_closed_sections_draw_nothing() -> None:
    assert not any("path" in alt or "readout" in alt for alt in charts(open_page("lstm", sections=())))


def test_holding_a_unit_is_read_again_by_the_network() -> None:
    at = open_page("lstm", sections=("lab-section",))
    at.multiselect(key="lab-held/lstm/0").set_value([3, 9]).run()
    at.slider(key="lab-value").set_value(-1.0).run()
    assert not at.exception
    model = load_model("lstm", REAL)
    trace = model.trace(BY_NAME["turn"].text)
    changed = read_clamped(model.network, trace, [Clamp(0, 3, -1.0), Clamp(0, 9, -1.0)])
    assert (
        f"Holding 2 units at −1.0 takes P(positive) from {trace.probability:.3f} to {changed.probability:.3f}"
        in html_of(at)
    )
    at.multiselect(key="lab-held/lstm/0").set_value([]).run()
    assert "Nothing is held" in html_of(at)


def test_a_span_of_every_word_is_answered_kindly() -> None:
    at = open_page("gru", sections=("lab-section",))
    at.slider(key="lab-span/48").set_value((1, 48)).run()
    assert not at.exception
    assert "The span holds every word" in html_of(at)
    at.slider(key="lab-span/48").set_value((5, 9)).run()
    assert "inside and" in html_of(at)


def test_the_units_of_a_span_are_looked_for_in_our_own_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [BY_NAME["scathing"].text, "What a waste of time: boring, awful.", BY_NAME["turn"].text]
    asked = []

    def here(task: str, model: object, place: int, what: str) -> Corpus:
        asked.append((task, place))
        return read_corpus(load_model("lstm", REAL), texts, place)

    monkeypatch.setattr("components.inside.elsewhere.work.run", here)
    resources._searched().clear()
    at = open_page("lstm", sections=("lab-section",), **{"lab-span/48": (40, 40)})
    assert "at every word of “waste”, and lower just before and after" in html_of(at)
    at.button(key="lab-look").click().run()
    assert asked == [("own_texts", 0)]
    assert "In our 3 own texts" in html_of(at)
    # The review on the page is one of them, and is left out.
    assert "<mark>waste</mark> of time" in html_of(at)
    assert "example: A turn at the end" not in html_of(at)
    at.slider(key=next(slider.key for slider in at.slider if "lab-threshold" in slider.key)).set_value(0.9).run()
    assert not at.exception
    assert len(asked) == 1, "what was read is kept"
    resources._searched().clear()


def test_epochs_are_stepped_through_one_by_one() -> None:
    at = open_page("gru", sections=("growth-section",))
    assert "as read after epoch 1" in html_of(at)
    assert at.button(key="epoch-earlier").disabled
    epochs = len(artifacts.read_history(PRETRAINED / "gru" / "history.csv"))
    for epoch in range(2, epochs + 1):
        at.button(key="epoch-later").click().run()
        assert f"as read after epoch {epoch}" in html_of(at)
    assert at.button(key="epoch-later").disabled
    at.session_state["growth-loss"] = {"selection": {"points": [{"customdata": 2}]}}
    assert at.select_slider(key="epoch/gru").value == epochs - 1


def test_ones_own_review_is_told_that_growth_has_the_examples_only() -> None:
    at = open_page("lstm", "My own words about a film.", sections=("growth-section",))
    assert "recorded on our example reviews only" in html_of(at)
    at.selectbox(key="growth-example/None").select("negation").run()
    assert BY_NAME["negation"].title in html_of(at)
    assert "recorded on our example" not in html_of(open_page("lstm", sections=("growth-section",)))


def test_the_backward_direction_has_a_path_and_units_of_its_own() -> None:
    at = open_page("best_bigru", **{"layer/best_bigru": 1})
    assert "(backward)" in html_of(at)
    spec = chart(at, "The path of the hidden state")
    assert spec["data"][-1]["name"] == "word under the cursor"


@pytest.mark.parametrize("file", ["states.npz", "growth.npz"])
@pytest.mark.parametrize("number", range(len(DAMAGES)))
def test_a_damaged_file_disables_its_section_only(file: str, number: int, tmp_path: Path, monkeypatch) -> None:
    shutil.copytree(REAL / "lstm", tmp_path / "lstm")
    DAMAGES[number][1](tmp_path / "lstm" / file)
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = open_page("lstm")
    assert any(f"{file} of this model is missing or damaged" in warning.value for warning in at.warning)
    alts = " ".join(charts(at))
    assert ("The path of the hidden state" in alts) == (file == "growth.npz")
    assert ("Loss after each" in alts) == (file == "states.npz")
    assert "P(positive) as it is and with units held" in alts
    assert np.all([chart.proto.alt for chart in at.get("plotly_chart")])
