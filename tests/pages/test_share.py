"""Links restore what was on the screen, bad ones are answered kindly; the visit remembers its readings."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from components.read import recent
from components.session import keys, links
from models.catalog import load_model
from models.examples import EXAMPLES
from tests.screen import html_of, opened

ROOT = Path(__file__).resolve().parents[2]
OWN = "Slow <b>at first</b>, then ![wonderful](http://a.example/p.png) & true – ça va."


def shared(at: AppTest, own: bool = False) -> dict[str, list[str]]:
    """The parameters of the link in the dialog."""
    at.session_state["share-text"] = own  # a run of the whole script, as AppTest makes, would close the dialog
    at.button(key="share").click().run()
    assert not at.exception
    link = next(code.value for code in at.code if code.value.startswith(("http", "/")))
    return parse_qs(urlsplit(link).query)


def test_our_own_reviews_make_short_links() -> None:
    at = opened(model="gru")
    at.button_group(key="example").set_value("negation").run()
    assert shared(at) == {"model": ["gru"], "example": ["negation"]}
    assert not at.checkbox


def test_a_text_is_in_the_link_only_when_the_visitor_says_so() -> None:
    at = opened(model="gru")
    at.text_area(key="review").set_value(OWN).run()
    assert shared(at) == {"model": ["gru"]}
    link = shared(at, own=True)
    assert set(link) == {"model", "text"} and links.decode(link["text"][0]) == OWN

    other = opened(**{key: values[0] for key, values in link.items()})
    assert not other.exception and not other.warning
    assert other.text_area(key="review").value == OWN
    assert other.button_group(key="model").value == "gru"
    assert other.button_group(key="example").value is None
    assert f"{load_model('gru').trace(OWN).probability:.3f}" in html_of(other)
    assert "text" in other.query_params
    other.text_area(key="review").set_value("Another one, rather good.").run()
    assert "text" not in other.query_params


def test_an_example_takes_the_text_out_of_the_address() -> None:
    at = opened(text=links.encode(OWN))
    at.button_group(key="example").set_value("glowing").run()
    assert dict(at.query_params) == {"example": "glowing"}, "a model that is as it opens is not told"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc",
        links.encode(OWN)[:-9],
        "<script>alert(1)</script>",
        "A" * 100_000,
        base64.urlsafe_b64encode(zlib.compress(b"\0" * 4_000_000, 9)).decode().rstrip("="),
    ],
    ids=["empty", "short", "cut", "html", "oversized", "bomb"],
)
def test_a_bad_text_gets_a_kind_message_and_the_first_example(value: str) -> None:
    at = opened(text=value)
    assert at.text_area(key="review").value == EXAMPLES[0].text
    assert [warning.value for warning in at.warning if "left out" in warning.value]
    assert "text" not in at.query_params
    at.text_area(key="review").set_value("A good film.").run()
    assert not at.warning


def test_too_long_a_text_is_refused_kindly() -> None:
    at = opened()
    at.text_area(key="review").set_value(" ".join(f"word{i * 7919 % 99991}" for i in range(4_000))).run()
    at.session_state["share-text"] = True
    at.button(key="share").click().run()
    assert not at.exception and not at.code
    assert any("does not fit" in message.value for message in at.info)


def test_an_edited_review_on_compare_comes_back() -> None:
    at = opened("compare", section="what-if")
    at.text_area(key="review").set_value("A slow and dull film that I loved.").run()
    at.text_area(key=keys.EDITED).set_value("A quick and witty film that I loved.").run()
    at.button_group(key=keys.COMPARE_MODELS).set_value(["lstm", "gru"]).run()
    link = shared(at, own=True)
    assert link["section"] == ["what-if"] and link[keys.COMPARE_MODELS] == ["lstm", "gru"]

    other = opened("compare", **{key: v if key == keys.COMPARE_MODELS else v[0] for key, v in link.items()})
    assert not other.exception and not other.warning
    assert other.text_area(key="review").value == "A slow and dull film that I loved."
    assert other.text_area(key=keys.EDITED).value == "A quick and witty film that I loved."
    assert other.session_state[keys.COMPARE_MODELS] == ["lstm", "gru"]
    other.button_group(key=keys.COMPARE_MODELS).set_value(["lstm", "simple_rnn"]).run()
    assert keys.COMPARE_MODELS not in other.query_params


def test_a_link_to_the_word_under_the_cursor() -> None:
    at = opened("inside", model="gru", example="negation", timestep="7")
    assert not at.exception and at.session_state["timestep"] == 7
    link = shared(at)
    assert link.pop("unit")[0].startswith("0.")
    assert link == {"model": ["gru"], "example": ["negation"], "timestep": ["7"]}


@pytest.mark.parametrize("value", ["0", "-3", "9" * 400, "x", "999999"])
def test_a_bad_word_number_is_passed_over(value: str) -> None:
    at = opened("inside", timestep=value)
    assert 1 <= at.session_state["timestep"] <= 48


def test_pages_without_a_review_share_their_settings_and_no_text() -> None:
    at = opened("training", made="gru", along="step")
    assert shared(at) == {"made": ["gru"], "along": ["step"]}
    assert not at.checkbox


def test_the_presenter_view_lasts_until_it_is_left() -> None:
    at = opened(present="1")
    assert not at.exception and "html { font-size: 20px" in html_of(at)
    assert "The review" in [expander.label for expander in at.expander]
    assert at.text_area(key="review").value == EXAMPLES[0].text
    at.switch_page("pages/compare.py").run()
    assert not at.exception and at.button(key="leave-presenter")
    at.button(key="leave-presenter").click().run()
    assert "present" not in at.query_params and "html { font-size: 20px" not in html_of(at)
    assert "The review" not in [expander.label for expander in opened(present="yes<script>").expander]


def test_the_visit_remembers_its_readings() -> None:
    at = opened()
    assert "Earlier readings" not in [popover.label for popover in at.get("popover")]
    at.text_area(key="review").set_value(OWN).run()
    at.button_group(key="model").set_value("gru").run()
    readings = at.session_state[keys.RECENT]
    assert "first&lt;/b&gt;" not in html_of(at), "nothing is drawn while it is closed"
    at.session_state[keys.EARLIER_OPEN] = True
    at.run()
    assert [(reading.review, reading.model) for reading in readings] == [
        (OWN, "gru"), (OWN, "lstm"), (EXAMPLES[0].text, "lstm"),
    ]  # fmt: skip
    assert readings[0].probability == load_model("gru").trace(OWN).probability
    assert "&lt;b&gt;at first&lt;/b&gt;" in html_of(at) and "<b>at first" not in html_of(at)
    at.button(key="earlier-1").click().run()
    assert at.text_area(key="review").value == EXAMPLES[0].text
    assert at.button_group(key="model").value == "lstm" and at.button_group(key="example").value == "turn"
    at.text_area(key="review").set_value("").run()
    assert not at.exception and len(at.session_state[keys.RECENT]) == 3
    at.session_state[keys.EARLIER_OPEN] = True
    at.run().button(key="earlier-clear").click().run()
    assert keys.RECENT not in at.session_state


def test_compare_goes_on_from_an_earlier_reading() -> None:
    at = opened()
    at.text_area(key="review").set_value(OWN).run()
    at.session_state[keys.EARLIER_OPEN] = True
    at.run().button(key="earlier-compare-0").click().run()
    assert not at.exception and at.title[0].value == "Compare"
    assert at.text_area(key="review").value == EXAMPLES[0].text


def test_the_memory_has_an_end() -> None:
    kept: list[recent.Earlier] = []
    for number in range(50):
        kept = recent.with_new(kept, recent.Earlier(f"film {number}", "lstm", 0.5))
    assert [reading.review for reading in kept] == [f"film {number}" for number in range(49, 29, -1)]
    long = recent.Earlier("x" * 600_000, "lstm", 0.5)
    assert recent.with_new([long, *kept], recent.Earlier("y" * 600_000, "gru", 0.5))[1:] == []
    assert recent.with_new(kept, kept[5])[0] == kept[5] and len(recent.with_new(kept, kept[5])) == 20


def test_the_word_and_the_unit_of_inside_travel_with_the_link() -> None:
    at = opened("inside", model="gru")
    at.selectbox(key="unit/gru/0").set_value(5).run()
    at.slider(key=keys.TIMESTEP).set_value(7).run()
    at.run()
    link = shared(at)
    assert link["unit"] == ["0.5"] and link["timestep"] == ["7"]
    other = opened("inside", **{key: values[0] for key, values in link.items()})
    assert other.selectbox(key="unit/gru/0").value == 5 and other.slider(key=keys.TIMESTEP).value == 7
    assert {"unit", "timestep"} <= set(other.query_params), "a copy of the address says the same"
    other.selectbox(key="unit/gru/0").set_value(8).run()
    assert "unit" not in other.query_params
    other.query_params["unit"] = "0.5"  # the visitor goes back
    assert other.run().selectbox(key="unit/gru/0").value == 5
    bad = opened("inside", model="gru", unit="9.99999999999")
    assert not bad.exception


def test_the_text_is_offered_first_and_can_be_left_out() -> None:
    at = opened()
    at.text_area(key="review").set_value(OWN).run()
    at.button(key="share").click().run()
    choice = at.radio(key="share-text")
    assert choice.value is True and len(choice.options) == 2
    assert any("Your text is in the link" in caption.value for caption in at.caption)
