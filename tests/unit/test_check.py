"""The five questions: what is marked right is what the networks, the arithmetic and the figures of this app say."""

from __future__ import annotations

import numpy as np

from components.lessons import check
from components.lessons.plans import BY_NAME, LESSONS
from components.session import resources
from models.nn.cells import LSTM
from models.nn.equations import sums

UNKNOWN, GATE, HALVED, ORDER, CALIBRATED = check.QUESTIONS


def test_each_has_one_right_answer_and_a_lesson_that_says_so():
    assert len(check.QUESTIONS) == 5
    for asked in check.QUESTIONS:
        assert 0 <= asked.right < len(asked.answers) == len(set(asked.answers)) == 3
        assert asked.lesson in {lesson.title for lesson in LESSONS}
    assert len({asked.right for asked in check.QUESTIONS}) == 3, "the place of an answer gives nothing away"


def test_words_out_of_the_list_are_one_and_the_same():
    tokens = resources.model("lstm").trace("A zzyzxqq by qwrtblorf.").tokens
    first, second = tokens[1], tokens[3]
    assert not first.known and not second.known and first.id == second.id
    assert UNKNOWN.answers[UNKNOWN.right] == "The same for both"


def test_an_open_forget_gate_and_a_shut_input_gate_keep_the_cell_state():
    cell = resources.model("lstm").network.layers[0].forward
    assert isinstance(cell, LSTM)
    units = cell.units
    cell = LSTM(np.zeros_like(cell.kernel), np.zeros_like(cell.recurrent), np.repeat([-1e3, 1e3, 1.0, 0.0], units))
    parts = sums(cell, np.zeros(len(cell.kernel)), np.zeros(units))
    forget, write = (1 / (1 + np.exp(-np.clip(parts[gate].total, -500, 500))) for gate in ("forget", "input"))
    old = np.linspace(-2, 2, units)
    np.testing.assert_allclose(forget * old + write * np.tanh(parts["candidate"].total), old)
    assert GATE.answers[GATE.right] == "It stays as it was"


def test_ten_halvings_leave_a_thousandth():
    left = 0.5**10
    sizes = {"About a thousandth": 1 / 1000, "About a twentieth": 1 / 20, "About a fifth": 1 / 5}
    assert HALVED.answers[HALVED.right] == min(sizes, key=lambda name: abs(np.log(sizes[name] / left)))


def test_backwards_is_another_number():
    sentence = BY_NAME["order"].sentence
    assert sentence in ORDER.asks
    forward, backward = resources.model("lstm").predict([sentence, "bad not good was film This"])
    assert abs(forward - backward) > 0.05
    assert ORDER.answers[ORDER.right].startswith("Another")


def test_eight_of_ten_is_what_the_trio_comes_close_to():
    figures = resources.evaluation(resources.card("lstm"))
    found = figures.scored_alike(0.8) if figures else None
    assert found is not None and abs(found.positive - 0.8) < 0.1
    assert "about 80" in CALIBRATED.answers[CALIBRATED.right]


def test_no_answer_is_not_right():
    truth = [asked.right for asked in check.QUESTIONS]
    assert check.right(truth) == 5
    assert check.right([None, *truth[1:]]) == 4
    assert check.right([(place + 1) % 3 for place in truth]) == 0
