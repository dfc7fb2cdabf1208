"""The page Lessons: every step is drawn and waits for its guess; no sentence and no address breaks one."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.lessons.plans import BY_NAME, LESSONS
from components.session import resources
from components.ui.messages import escaped
from models.examples import EXAMPLES
from tests.lessons_page import answer, open_lesson
from tests.screen import html_of, in_address, labelled, numbers, opened, spec

ROOT = Path(__file__).resolve().parents[2]


NASTY = "A <b>good</b> film <img src=x onerror=alert(1)> **really** ![x](http://x) [not](http://y) bad :( :[ :D"


# What steps without a chart show.
NO_CHART = {
    "A letter becomes a row of numbers": "4 different letters, so each becomes 4 numbers",
    "It reads, and guesses the next one": "It has learnt nothing yet",
    "It learns": "Learnt after",
    "The state remembers": "the state remembers what came before",
    "Break it": "guesses are right. Now break it yourself",
    "Two factors at every step": "slopes of tanh",
    "Words become numbers": "Tokens, ids and padding",
    "Every word’s share": "All 10 words together add",
    "A memory with three gates": "Play the review",
    "One unit, one word, by hand": "The equation with this word’s numbers",
    "The same with two gates": "how much of the old state to keep",
    "And without any gate": "The equation with this word’s numbers",
    "A number that can be checked": "Reviews that LSTM scored like this",
}


def shown(at: AppTest) -> bool:
    """Whether anything is drawn, or the numbers wait for a guess."""
    return not any(info.proto.title == "Guess first" for info in at.info)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_step_is_drawn_and_the_address_follows(lesson):
    at = open_lesson(lesson.name)
    for place, step in enumerate(lesson.steps):
        assert (in_address(at, "lesson", "hello"), in_address(at, "step", "1")) == (lesson.name, str(place + 1))
        page = html_of(at)
        assert f"Step {place + 1} of {len(lesson.steps)}" in page and step.title in page
        if step.asks is not None:
            assert not shown(at) and not at.get("plotly_chart"), "the numbers wait for a guess"
            answer(at, "Just show it")
        assert shown(at) and escaped(step.sees) in html_of(at)
        assert at.get("plotly_chart") or NO_CHART[step.title] in html_of(at)
        last = place + 1 == len(lesson.steps)
        assert ["Hand-out"] * last == [one.proto.label for one in at.get("download_button") if one.key == "handout"]
        if not last:
            at.button(key="go-arrow_forward").click().run()
            assert not at.exception, at.exception


def test_the_last_step_leads_to_the_next_lesson_and_the_last_lesson_ends():
    at = open_lesson("order", 2)
    assert at.button(key="go-arrow_forward").label == "Next lesson"
    at.button(key="go-arrow_forward").click().run()
    assert "A number that can be checked" in html_of(at) and in_address(at, "lesson", "hello") == "sure"
    last = open_lesson("sure", 4)
    assert last.button(key="go-arrow_forward").disabled and not last.button(key="go-arrow_back").disabled


@pytest.mark.parametrize(("name", "step"), [("nonsense", "2"), ("order", "99"), ("order", "-1"), ("order", "<b>")])
def test_a_bad_address_opens_the_nearest_lesson(name, step):
    at = opened("lessons", lesson=name, step=step)
    first = BY_NAME.get(name, LESSONS[0]).steps[0].title
    assert first in html_of(at)


def test_a_guess_is_judged_and_another_sentence_asks_again():
    at = open_lesson("order", 1, "This film was good, not bad.")
    p = resources.model("lstm").predict(["This film was good, not bad.", "bad not good was film This"])
    truth, wrong = ("Yes", "No") if (p[0] >= 0.5) != (p[1] >= 0.5) else ("No", "Yes")
    answer(at, wrong)
    assert f"Not this time. It is: {truth}." in html_of(at)
    assert f"P(positive) = {p[0]:.3f} as written and {p[1]:.3f} backwards" in html_of(at)
    answer(at, truth)
    assert "Right." in html_of(at)
    drawn = {trace["name"]: numbers(trace["x"]) for trace in spec(at)["data"]}
    np.testing.assert_allclose(drawn["LSTM"][:2], p, atol=1e-6)

    at.button(key="go-arrow_forward").click().run()
    assert not shown(at), "the next step has a question of its own"
    at.button(key="go-arrow_back").click().run()
    assert shown(at) and "Right." in html_of(at)

    at.text_area(key="sentence/order").set_value("A wonderful film.").run()
    assert not shown(at) and at.radio[0].value is None
    back = labelled(at, "lesson’s sentence")
    back.click().run()
    assert at.text_area(key="sentence/order").value == BY_NAME["order"].sentence


def test_a_sentence_stays_and_the_review_of_the_other_pages_is_left_alone():
    at = open_lesson("gates", 2)
    at.text_area(key="sentence/gates").set_value("Never dull, always funny.").run()
    at.pills(key="lesson").set_value("order").run()
    assert at.text_area(key="sentence/order").value == BY_NAME["order"].sentence
    at.switch_page("pages/read.py").run()
    assert at.text_area(key="review").value == EXAMPLES[0].text
    at.switch_page("pages/lessons.py").run()
    at.pills(key="lesson").set_value("gates").run()
    assert at.text_area(key="sentence/gates").value == "Never dull, always funny."
    assert "Step 2 of 4" in html_of(at), "and so does the step"


@pytest.mark.parametrize("text", ["", "   ", "🎬🎬", NASTY, "Good", "кино было хорошее", "word " * 100_000])
def test_no_sentence_breaks_a_lesson(text):
    at = open_lesson()
    for name, step in (("words", 2), ("gates", 1), ("memory", 0), ("order", 1), ("sure", 0)):
        at.session_state[f"lesson-step/{name}"] = step
        at.session_state[f"sentence/{name}"] = text
        at.pills(key="lesson").set_value(name).run()
        assert not at.exception, at.exception
        if at.radio:
            answer(at, "Just show it")
        page = html_of(at)
        assert at.text_area(key=f"sentence/{name}").value == text
        assert "<img" not in page and "<b>good" not in page
        titles = [info.proto.title for info in at.info]
        if not text.strip() or text == "🎬🎬":
            assert titles == ["Nothing to read"]
        else:
            assert titles == (["Too long for a lesson"] if len(text) > 100_000 else [])


def test_without_a_network_of_the_trio_the_page_says_which(tmp_path, monkeypatch):
    for name in ("simple_rnn", "gru"):
        shutil.copytree(ROOT / "models" / "pretrained" / name, tmp_path / name)
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = open_lesson()
    assert [info.proto.title for info in at.info] == ["A network is missing"] and "lstm" in at.info[0].value


def test_of_a_long_text_it_is_said_which_words_were_taken_out():
    text = "It was good. " * 40
    at = open_lesson("order", 2, text)
    answer(at, "Just show it")
    assert "Shown: the 8 words" in html_of(at) and "Only the first 60 of 120 words were taken out." in html_of(at)


@pytest.mark.parametrize("step", [1, 2])
def test_one_word_has_no_order_and_nothing_is_left_without_it(step):
    one = open_lesson("order", step, "Wonderful")
    assert "Write two or more." in html_of(one) and not one.get("plotly_chart") and not one.radio


def test_a_new_sentence_is_looked_at_where_it_says_most():
    at = open_lesson("gates", 2, "It was good, not bad.")
    at.selectbox(key="word/gates").set_value(2).run()
    at.text_area(key="sentence/gates").set_value("The music is superb and the cast is fine.").run()
    shares = resources.model("lstm").trace("The music is superb and the cast is fine.").contributions
    assert at.selectbox(key="word/gates").value == int(np.abs(shares).argmax())
    first = open_lesson("words", 1)
    assert first.selectbox(key="word/words").value == 0, "the word that did most is for the class to find"


def test_a_link_carries_the_sentence_if_its_sender_says_so():
    from components.session import links

    at = opened("lessons", lesson="order", step="2", text=links.encode("Never dull, always funny."))
    assert not at.exception and at.text_area(key="sentence/order").value == "Never dull, always funny."
    bad = opened("lessons", lesson="order", step="2", text="damaged!")
    assert not bad.exception and bad.text_area(key="sentence/order").value == BY_NAME["order"].sentence
    assert "To argue about." in html_of(bad)


def test_five_questions_before_and_after():
    from components.lessons.check import QUESTIONS

    at = open_lesson("order")
    at.button(key="check-open").click().run()
    for number, asked in enumerate(QUESTIONS, 1):
        at.radio(key=f"check-before-{number}").set_value((asked.right + (number > 2)) % 3)
    done = labelled(at, "Done")
    done.click().run()
    assert not at.exception, at.exception
    at.button(key="check-open").click().run()  # a run of the whole script, as AppTest makes, closes the dialog
    assert "Before the lessons: 2 of 5 right." in html_of(at) and "✓ right" not in html_of(at)
    for number, asked in enumerate(QUESTIONS[:4], 1):
        at.radio(key=f"check-after-{number}").set_value(asked.right)
    labelled(at, "Done").click().run()
    at.button(key="check-open").click().run()
    page = html_of(at)
    assert "Before the lessons 2 of 5 were right, after them 4: 2 more." in page
    assert page.count("✓ right") == 6 and page.count("no answer") == 1
