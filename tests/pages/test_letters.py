"""The page Letters: learning on the page, what it says of it, kind lines for words that cannot be learnt."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.letters import text
from components.session import keys
from models.letters.gradient_flow import flow
from models.letters.training import Settings, spell
from models.letters.word import word_of
from tests.screen import html_of, in_address, numbers, opened, spec

ROOT = Path(__file__).resolve().parents[2]


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=f"letters-go-{key}").click().run()
    assert not at.exception, at.exception
    return at


def write(at: AppTest, word: str) -> AppTest:
    at.text_input(key=keys.LETTERS_WORD).set_value(word).run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("cell", ["SimpleRNN", "LSTM", "GRU"])
def test_hello_is_learnt_by_pressing_one_button(cell):
    at = opened("letters", cell=cell)
    assert "It has learnt nothing yet" in html_of(at)
    press(at, "end")
    run = at.session_state[keys.LETTERS_RUN]
    assert run.learnt and at.button(key="letters-go-end").disabled
    page = html_of(at)
    assert f"Learnt after {run.updates} updates: after h-e-l-l it gives “o” P = 0.9" in page
    assert "After the first “l” it says “l”" in page and "after the second “o”" in page
    assert "the state remembers what came before" in page
    assert in_address(at, "updates") == str(run.updates) and in_address(at, "cell", "SimpleRNN") == cell
    assert in_address(at, "word") is None, "it is learning the word that the page opens with"


def test_one_update_ten_and_starting_over():
    at = press(press(opened("letters"), "one"), "ten")
    run = at.session_state[keys.LETTERS_RUN]
    same = spell(Settings(), word_of("hello"))
    same.update(11)
    np.testing.assert_array_equal(run.weights.flat(), same.weights.flat())
    press(at, "over")
    assert at.session_state[keys.LETTERS_RUN].updates == 0 and in_address(at, "updates") is None
    press(at, "seed")
    assert at.session_state[keys.LETTERS_RUN].settings.seed == 2 and in_address(at, "seed", "1") == "2"


def test_a_link_opens_the_same_network_as_far_as_it_had_come():
    at = opened("letters", word="banana", cell="GRU", units="4", seed="7", updates="12", rate="0.3", clip="off")
    same = spell(Settings("GRU", 4, 7, 0.3, None), word_of("banana"))
    same.update(12)
    np.testing.assert_array_equal(at.session_state[keys.LETTERS_RUN].weights.flat(), same.weights.flat())
    assert (in_address(at, "rate"), in_address(at, "clip"), in_address(at, "updates")) == ("0.3", "off", "12")


@pytest.mark.parametrize(
    "asked", [{"cell": "<b>", "units": "99", "seed": "-1", "updates": "1e9", "rate": "x", "clip": "y"}, {"units": "1"}]
)
def test_a_bad_link_opens_the_usual_network(asked):
    at = opened("letters", **asked)
    assert at.session_state[keys.LETTERS_RUN].settings == Settings()


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("", "No word yet"),
        ("   ", "No word yet"),
        ("a", "One letter has no next one"),
        ("😀", "One letter has no next one"),
        ("aaaa", "Only one letter to choose from"),
        ("ab" * 12 + "c", "Too long for the blackboard"),
    ],
)
def test_a_word_that_cannot_be_learnt_gets_a_kind_line_and_is_kept(word, title):
    at = write(opened("letters"), word)
    assert [info.proto.title for info in at.info] == [title]
    assert at.text_input(key=keys.LETTERS_WORD).value == word
    write(at, "hello")
    assert not at.info


@pytest.mark.parametrize("word", ["Straße", "été", "日本日語", "👨‍👩‍👧😀👨‍👩‍👧!", "to be or not to be"])
def test_any_letters_are_learnt_and_a_visitors_word_stays_out_of_the_address(word):
    at = opened("letters", units="8")
    press(write(at, word), "end")
    assert at.session_state[keys.LETTERS_RUN].learnt
    assert (in_address(at, "word") == word) == (word == "to be or not to be")


def test_nothing_typed_is_rendered():
    nasty = "<b>x</b> **y** ![z](q)"
    at = press(write(opened("letters", units="8"), nasty), "end")
    assert "<b>x" not in html_of(at)
    assert all(nasty not in element.value for element in at.markdown)


def test_it_says_that_it_diverges_and_why():
    at = opened("letters", rate="30", clip="off")
    for _ in range(5):
        press(at, "ten")
    (warning,) = at.warning
    assert warning.proto.title == "It diverges"
    for reason in ("learning rate of 30", "without clipping", "worse than the 1.39 of guessing evenly", "beyond ±0.99"):
        assert reason in warning.value
    press(at, "over")
    assert not at.warning


def test_the_learning_rate_may_change_on_the_way():
    at = press(opened("letters"), "ten")
    before = at.session_state[keys.LETTERS_RUN].weights.flat()
    at.select_slider(key=keys.LETTERS_RATE).set_value(0.1).run()
    run = at.session_state[keys.LETTERS_RUN]
    np.testing.assert_array_equal(run.weights.flat(), before)
    assert run.settings.rate == 0.1 and run.updates == 10


def test_a_word_whose_letters_never_repeat_asks_nothing_of_the_memory():
    run = spell(Settings(), word_of("abc"))
    assert text.remembers(run, word_of("abc")) == ""
    untaught = spell(Settings(seed=3), word_of("hello"))
    assert "does not yet tell them apart" in text.remembers(
        untaught, word_of("hello")
    ) or "remembers" in text.remembers(untaught, word_of("hello"))


def learnt(section: str, **asked: str) -> AppTest:
    """A learnt network with one section open."""
    at = press(opened("letters", **asked), "end")
    at.session_state[section] = True
    at.run()
    assert not at.exception, at.exception
    return at


def test_the_gradients_way_back_is_drawn_for_three_cells_and_its_factors_come_out():
    at = learnt("long-words-section", word="to be or not to be", units="8")
    figure = spec(at)
    run = at.session_state[keys.LETTERS_RUN]
    lines = {trace["name"]: numbers(trace["y"]) for trace in figure["data"]}
    assert set(lines) == {"SimpleRNN", "LSTM", "GRU"} and figure["layout"]["yaxis"]["type"] == "log"
    np.testing.assert_allclose(lines["SimpleRNN"], flow(run).norms, rtol=1e-6)
    page = html_of(at)
    assert "the gradient becomes" in page and "clipping does nothing" in page
    slopes, matrices, together = (
        [float(value.strip("·= ")) for value in re.findall(r"<td class=number>([^<]*)", row)]
        for row in re.findall(r"<tr><td>(?:slopes of tanh|W_hh|together).*?</tr>", page)
    )
    assert len(together) == len(word_of("to be or not to be").read) - 1
    assert [round(a * b, 2) for a, b in zip(slopes, matrices, strict=True)] == together


def test_the_slider_makes_it_vanish_and_explode_and_clipping_mends_the_second():
    at = learnt("long-words-section", word="to be or not to be", units="8", clip="0.1")
    slider = at.select_slider(key="way-back-scale")
    slider.set_value(0.25).run()
    assert "shorter: it vanishes" in html_of(at) and "What has vanished stays vanished" in html_of(at)
    at.select_slider(key="way-back-scale").set_value(4.0).run()
    page = html_of(at)
    assert "longer: it explodes" in page and "an explosion does no harm" in page
    lines = {trace["name"]: numbers(trace["y"]) for trace in spec(at)["data"]}
    ratio = lines["SimpleRNN, clipped"] / lines["SimpleRNN"]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-5)
    assert ratio[0] < 0.5
    before = lines["SimpleRNN"]
    at.toggle(key="way-back-again").set_value(True).run()
    after = {trace["name"]: numbers(trace["y"]) for trace in spec(at)["data"]}["SimpleRNN"]
    assert not np.allclose(before, after)


def choose_kind(at: AppTest, kind: str) -> str:
    at.session_state[keys.LETTERS_KIND] = kind
    at.run()
    assert not at.exception, at.exception
    return html_of(at)


@pytest.mark.parametrize("cell", ["SimpleRNN", "LSTM", "GRU"])
def test_the_four_kinds_of_sequences_work(cell):
    at = learnt("kinds-section", cell=cell)
    at.slider(key="letters-temperature").set_value(0.0).run()
    page = html_of(at)
    assert '<p class="l-written"><b>h</b>ello</p>' in page and "it wrote the word" in page
    page = choose_kind(at, "one to one")
    assert "After “l” more than one letter can follow" in page and page.count('class="l-p"') == 4
    page = choose_kind(at, "many to many")
    assert "it labels 5 of 5 letters rightly" in page and page.count("not a vowel ✓") == 3
    page = choose_kind(at, "many to one")
    assert "Its verdict: class A, P(A) = " in page
    at.text_input(key="letters-judged/hello").set_value("ciao").run()
    assert "Its verdict: class B" in html_of(at)
    at.text_input(key="letters-judged/hello").set_value("日本").run()
    assert [info.proto.title for info in at.info] == ["No letter it knows"]


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("", "bye", "at least one word for each class"),
        ("hello bye", "bye", "stands in both classes"),
        ("a b c d e f g", "h", "At most 6 words a class"),
        ("abcdefghijklm", "h", "12 letters a word"),
    ],
)
def test_classes_that_cannot_be_learnt_get_a_kind_line(first, second, line):
    at = learnt("kinds-section")
    choose_kind(at, "many to one")
    for key, value in zip(keys.LETTERS_CLASSES, (first, second), strict=True):
        at.text_input(key=key).set_value(value).run()
    assert line in at.info[0].value


def test_writing_on_with_another_seed_and_a_high_temperature_strays():
    at = learnt("kinds-section")
    at.slider(key="letters-temperature").set_value(3.0).run()
    written = set()
    for seed in range(1, 6):
        at.number_input(key="letters-writing-seed").set_value(seed).run()
        written |= set(re.findall(r'<p class="l-written">.*?</p>', html_of(at)))
    assert len(written) > 1


def test_a_word_of_two_letters_has_one_state_and_no_way_back():
    at = learnt("long-words-section", word="hi")
    assert "There is one state only" in html_of(at)


def test_it_leads_to_insides_arithmetic_and_back():
    at = press(opened("letters", cell="GRU", word="banana"), "end")
    run = at.session_state[keys.LETTERS_RUN]
    at.button(key="letters-to-inside").click().run()
    assert not at.exception, at.exception
    assert at.title[0].value == "Inside the network" and at.session_state[keys.MODEL] == "gru"
    assert at.session_state["equation-section"] and in_address(at, "panel") is None
    at.session_state[keys.MODEL] = "lstm"
    at.switch_page("pages/inside.py").run()
    at.button(key="to-letters").click().run()
    assert not at.exception, at.exception
    assert at.title[0].value == "From “hello” to a sentence"
    again = at.session_state[keys.LETTERS_RUN]
    assert again.settings.cell == "LSTM" and again.spells == run.spells


def test_a_visitors_word_is_in_a_shared_link_only_if_asked_for():
    at = write(opened("letters"), "Straße")
    for own, links in ((False, 0), (True, 1)):
        at.session_state["share-text"] = own  # a run of the whole script, as AppTest makes, would close the dialog
        at.button(key="share").click().run()
        assert at.code[0].value.count("word=Stra%C3%9Fe") == links
    linked = opened("letters", word="Straße")
    assert linked.session_state[keys.LETTERS_RUN].spells == tuple("Straße") and in_address(linked, "word") == "Straße"
    write(linked, "Gruß")
    assert in_address(linked, "word") is None
