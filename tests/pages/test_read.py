"""The first page: always a review already read, every input answered kindly, nothing lost."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from components.read.charts import MOST_UNITS
from models.catalog import list_models, load_model
from models.examples import EXAMPLES
from tests.screen import html_of, numbers, opened, played, spec

ROOT = Path(__file__).resolve().parents[2]
CHART_OPEN = {"chart-section": True}
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> ![x](http://a.example/p.png) [l](http://a.example) **b**"
)


def test_opens_on_a_review_already_read() -> None:
    at = opened()
    assert at.text_area(key="review").value == EXAMPLES[0].text
    trace = load_model("lstm").trace(EXAMPLES[0].text)
    assert f"{trace.probability:.3f}" in html_of(at)
    sent = played(at)
    assert sent["words"] == [token.text for token in trace.tokens]
    np.testing.assert_array_equal(sent["credit"], trace.contributions)
    np.testing.assert_array_equal(sent["probabilities"], trace.running_probabilities)


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.name)
def test_the_chart_holds_this_models_numbers(card) -> None:
    at = opened(model=card.name, example="negation", state=CHART_OPEN)
    assert not at.exception and not at.warning
    trace = load_model(card.name).trace(next(e.text for e in EXAMPLES if e.name == "negation"))
    figure = spec(at)
    heatmaps = [t for t in figure["data"] if t["type"] == "heatmap"]
    lines = [t for t in figure["data"] if t["type"] == "scatter"]
    drawn = numbers(heatmaps[-1]["z"])
    assert drawn.shape[1] == len(trace.tokens)
    states = trace.layers[-1].hidden_states.T
    weights = trace.readout[-len(states) :]
    order = np.argsort(-weights, kind="stable")
    if len(order) > MOST_UNITS:  # the heaviest ones of both sides
        order = np.concatenate([order[: MOST_UNITS // 2], order[-MOST_UNITS // 2 :]])
    np.testing.assert_allclose(drawn / 100, states[order], atol=0.0051)
    if trace.running_probabilities is None:
        assert not lines and len(heatmaps) == 2
        assert "no prediction before the last word" in html_of(at)
    else:
        np.testing.assert_allclose(numbers(lines[0]["y"]), trace.running_probabilities, atol=1e-6)
    alt = at.get("plotly_chart")[0].proto.alt
    assert f"{trace.probability:.2f}" in alt


def test_every_example_reads_without_a_warning() -> None:
    at = opened()
    for example in EXAMPLES:
        at.button_group(key="example").set_value(example.name).run()
        assert not at.exception and not at.warning
        assert at.text_area(key="review").value == example.text


def test_another_model_reads_the_same_text() -> None:
    at = opened()
    at.text_area(key="review").set_value("A dull film, but I adored every minute of it.").run()
    before = html_of(at)
    at.button_group(key="model").set_value("gru").run()
    assert at.text_area(key="review").value == "A dull film, but I adored every minute of it."
    assert "adored" in played(at)["words"] and html_of(at) != before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no word to read"),
        ("  \n\t ", "no word to read"),
        ("?!… — ;", "no word to read"),
        ("😀🎬", "no word to read"),
        ("这部电影很好看", "vocabulary"),
        ("q" * 5_000, "vocabulary"),
    ],
)
def test_what_cannot_be_read_gets_a_kind_message_and_stays(text: str, says: str) -> None:
    at = opened()
    at.text_area(key="review").set_value(text).run()
    assert not at.exception
    assert any(says in message.value for message in [*at.info, *at.warning])
    assert at.text_area(key="review").value == text


def test_where_many_words_are_unknown_the_page_says_how_many_it_can_tell_apart() -> None:
    at = opened()
    at.text_area(key="review").set_value("zzxq qqzv xxqj vvzq good film").run()
    assert not at.exception
    (message,) = at.info
    assert "4 of the 6 words are not" in message.value and "rests on the other 2" in message.value
    at.text_area(key="review").set_value("zzxq good film tonight and again").run()
    assert not at.info, "below a quarter nothing is said"


@pytest.mark.parametrize(
    "text", ["good", "good\0bad \x07 film", "great " * 100_000, HOSTILE, "e\u0301te\u0301 naïve café"]
)
def test_odd_text_is_read(text: str) -> None:
    at = opened()
    at.text_area(key="review").set_value(text).run()
    assert not at.exception
    sent = played(at)
    assert 1 <= len(sent["words"]) <= load_model("lstm").card.max_timesteps
    assert at.text_area(key="review").value == text


def test_words_beyond_the_models_reach_are_said_and_greyed() -> None:
    at = opened(state=CHART_OPEN)
    at.session_state["chart-section"] = True
    at.text_area(key="review").set_value("great " * 2_000 + "LASTWORD").run()
    limit = load_model("lstm").card.max_timesteps
    assert f"{2_001 - limit:,} at the end not read" in html_of(at)
    assert (played(at)["unread"], played(at)["unread_end"]) == (2_001 - limit, "end")
    figure = spec(at)
    assert len(figure["data"][0]["x"]) <= 400


def test_markup_stays_text() -> None:
    at = opened(state=CHART_OPEN)
    at.session_state["chart-section"] = True
    at.text_area(key="review").set_value(HOSTILE).run()
    body = html_of(at)
    assert "<script" not in body and "<img" not in body
    assert not re.search(r"a\.example", "".join(m.value for m in [*at.markdown, *at.caption, *at.info, *at.warning]))
    assert "<img" not in at.get("plotly_chart")[0].proto.spec and "<script" not in at.get("plotly_chart")[0].proto.spec


def test_unknown_model_in_the_address() -> None:
    at = opened(model="<b>nope</b>")
    assert any("not on this shelf" in warning.value for warning in at.warning)
    assert all("nope" not in warning.value for warning in at.warning)
    assert played(at)["model"]


def test_serving_a_page_imports_no_tensorflow() -> None:
    opened()
    assert "tensorflow" not in sys.modules and "keras" not in sys.modules


@pytest.mark.parametrize("name", ["gru", "best_pretrained"])
def test_a_short_text_is_told_how_often_single_sentences_are_judged_rightly(name: str) -> None:
    figures = json.loads((load_model(name).card.folder / "evaluation.json").read_text())
    measured = next(row for row in figures["challenges"]["cuts"] if row["kind"] == "any_sentence")
    sentence = f"Of single sentences it judges {100 * measured['accuracy']:.0f} in 100 as the whole review was meant: "
    sentence += f"{measured['reviews']:,} sentences from held-out reviews."
    rows = figures["challenges"]["opinions"]
    count = sum(row["texts"] // 2 for row in rows)
    right = round(sum(row["held_out_right"] * row["texts"] / 2 for row in rows))
    opinions = f"f {count} short opinions that we wrote, half of them positive, it judges {right} rightly."
    whole = "Pretrained bidirectional GRU learnt to judge whole reviews, not single sentences: o"
    at = opened(model=name)
    assert sentence not in html_of(at), "the example is no sentence"
    for words, expected in ((25, True), (26, False)):
        at.text_area(key="review").set_value("good " * words).run()
        assert not at.exception
        assert (sentence in html_of(at)) is (opinions in html_of(at)) is expected
        assert (whole + opinions in html_of(at)) is (expected and name == "best_pretrained")
        assert ("Of whole reviews: " in html_of(at)) is expected, "what whole reviews showed stays, behind it"
        assert "test reviews" in html_of(at)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("I did not like this film", "negation", "Where a negation turns the meaning"),
        ("It was not bad and never dull", "double_negation", "Where two negations meet"),
        ("I like this film", None, "pairs of sentences"),
    ],
)
def test_what_negations_do_to_this_network_is_said(text: str, kind: str | None, words: str) -> None:
    at = opened(model="gru")
    at.text_area(key="review").set_value(text).run()
    if kind is None:
        assert words not in html_of(at)
        return
    figures = json.loads((load_model("gru").card.folder / "evaluation.json").read_text())
    row = next(row for row in figures["challenges"]["pairs"] if row["kind"] == kind)
    right = round(row["both_right"] * row["pairs"])
    assert f"{words}, GRU had both sides right in {right} of {row['pairs']} pairs" in html_of(at)


def test_the_side_that_was_called_is_the_one_whose_share_is_told() -> None:
    figures = json.loads((load_model("lstm").card.folder / "evaluation.json").read_text())
    at = opened()  # the first example is called negative
    p = load_model("lstm").trace(EXAMPLES[0].text).probability
    row = next(row for row in figures["calibration"]["bins"] if row["from"] <= p < row["to"])
    assert p < 0.5
    assert f"were negative {100 * (1 - row['positive']):.0f} times in 100" in html_of(at)


def test_a_word_chosen_in_the_player_is_the_page_cursor_and_only_a_sound_one() -> None:
    at = opened()
    assert played(at)["cursor"] is None
    at.session_state["timestep"] = 7
    assert played(at.run())["cursor"] == 6
    at.text_area(key="review").set_value("Two words").run()
    assert played(at)["cursor"] is None, "another text has no cursor yet"


def test_where_sentences_were_not_measured_nothing_is_said_of_them() -> None:
    at = opened(model="article_lstm")
    at.text_area(key="review").set_value("A good film.").run()
    assert not at.exception
    assert "Of single sentences" not in html_of(at) and "test reviews" in html_of(at)
