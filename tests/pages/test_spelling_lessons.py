"""The lessons on Letters: Hello, and why long sentences are hard. Right answers are computed from the class's word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from components.lessons import spelling
from components.lessons.spelling import Spelling
from components.letters import kinds
from models.letters import network
from models.letters.training import Settings, spell
from models.letters.word import word_of
from tests.lessons_page import answer, open_lesson
from tests.screen import html_of, labelled

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def of(monkeypatch: pytest.MonkeyPatch):
    """A word on the board outside a page: what a visit keeps is kept in a plain dictionary."""
    monkeypatch.setattr(kinds.st, "session_state", {})
    return lambda text: Spelling(word_of(text))


def test_a_link_opens_the_step_and_the_number_of_updates_is_right():
    at = open_lesson("hello", 3)
    run = spell(Settings(), word_of("hello"))
    run.to_the_end()
    assert 10 <= run.updates < 100
    page = html_of(answer(at, 1))
    assert f"Right. It takes {run.updates} updates." in page and "after h-e-l-l it gives “o”" in page


def test_the_state_remembers_the_first_l():
    page = html_of(answer(open_lesson("hello", 4), 1))
    assert "Right." in page and "After “l” more than one letter can follow" in page
    assert not open_lesson("hello", 4, "abc").radio, "nothing to guess where no letter is followed by two others"


@pytest.mark.parametrize("word", ["", "a", "aaaa", "x" * 10 + "abcdefghijklmno"])
def test_a_word_that_cannot_be_learnt_gets_a_kind_line_and_the_way_back(word):
    at = open_lesson("hello", 1, word)
    assert len(at.info) == 1
    labelled(at, "Back to the lesson’s word").click().run()
    assert at.text_input[0].value == "hello" and not at.info


def test_the_answers_are_computed(of):
    hello = of("hello")
    assert spelling.same_letter(hello).right == 1
    p = network.forward("SimpleRNN", hello.untaught.weights, hello.word.read).probabilities[-1, 3]
    assert spelling.first_guess(hello).answers[spelling.first_guess(hello).right] == "About 1 in 4", p
    cut = network.forward("SimpleRNN", hello.taught.weights.scaled(0), hello.word.read).probabilities.argmax(1)
    right = int((cut == np.array(hello.word.following)).sum())
    assert spelling.without_w_hh(hello).right == (0 if right == 4 else 1 if right else 2)
    assert right < 4, "both l's cannot be right without a memory"


def test_the_answers_on_the_gradient_are_computed(of):
    long = of("to be or not to be")
    flows = long.flows
    ratio = {cell: way.carried[0] / way.carried[-1] for cell, way in flows.items()}
    assert spelling.longer_or_shorter(long).right == (0 if ratio["SimpleRNN"] < 0.01 else 1)
    assert ratio["SimpleRNN"] < 0.01, "the lesson's sentence shows it vanish"
    assert spelling.best_kept(long).answers[spelling.best_kept(long).right] == max(ratio, key=ratio.get)
    assert spelling.which_factor(long).right == 0
    assert spelling.twice(long).answers[2] == "2 · 2 · … = 65,536 times"


@pytest.mark.parametrize("word", ["hi", "日本日語", "😀a😀b"])
@pytest.mark.parametrize(("lesson", "steps"), [("hello", 5), ("long", 4)])
def test_every_step_is_drawn_of_any_word(lesson, steps, word):
    for step in range(1, steps + 1):
        at = open_lesson(lesson, step, word)
        if at.radio:
            answer(at, len(at.radio[0].options) - 1)
