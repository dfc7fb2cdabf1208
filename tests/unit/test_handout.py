"""The hand-outs: every answer follows from the digits that are printed, and no word in them is markup."""

from __future__ import annotations

import math
import re

import pytest

from components.lessons import handout, handout_tasks, spelling_tasks
from components.lessons.plans import BY_NAME, LESSONS
from components.lessons.spelling import Spelling
from models.letters.word import word_of
from tests.boards import board

TEXTS = ("Good.", "I did not hate it, and it was not boring.", "It was <b>fine</b> & dull. " * 12)
REVIEWS = [(lesson, text) for lesson in LESSONS if not lesson.spells for text in (lesson.sentence, *TEXTS)]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def after(pattern: str, text: str) -> float:
    found = re.search(pattern + r"\s*([+−]?[\d.,]*\d)", text)
    assert found, (pattern, text)
    return number(found.group(1))


@pytest.mark.parametrize(("lesson", "text"), REVIEWS, ids=lambda value: getattr(value, "name", str(value)[:12]))
def test_a_page_of_tasks_and_a_page_of_answers(lesson, text):
    page = handout.page(lesson, board(text, lesson.compares, 2))
    assert page.count("<section>") == 2 and page.count("<h1>") == 2
    assert "<b>fine" not in page and "$" not in page and "nan" not in page
    tasks, answers = page.split("</section>")[:2]
    assert tasks.count("<li>") == answers.count("<li>") >= 1
    assert lesson.argue.split("“")[0][:30] in page


@pytest.mark.parametrize("text", TEXTS)
def test_the_shares_sum_to_the_logit_and_its_sigmoid(text):
    add, squash, most = handout_tasks.words(board(text, BY_NAME["words"].compares))
    shares = [number(row[1]) for row in add.rows]
    z = sum(shares) + after("with the bias", add.asks)
    assert after("so z =", add.answer) == pytest.approx(z, abs=0.006)
    assert after(r"\) =", squash.answer) == pytest.approx(1 / (1 + math.exp(-z)), abs=0.006)
    if len(shares) <= 14:
        assert (f"(word {1 + shares.index(max(shares))}) pushes most" in most.answer) == (max(shares) > 0)


@pytest.mark.parametrize("text", TEXTS)
def test_a_cell_by_hand(text):
    squash, cell, state, gru = handout_tasks.gates(board(text, BY_NAME["gates"].compares, 1))
    total = {row[0][0]: sum(map(number, row[1:])) for row in squash.rows}
    value = {gate: math.tanh(a) if gate == "g" else 1 / (1 + math.exp(-a)) for gate, a in total.items()}
    for gate, exact in value.items():
        assert after(rf"{gate} = \S+\) =", squash.answer) == pytest.approx(exact, abs=6e-4)
    c = value["f"] * after("c₋₁ =", cell.asks) + value["i"] * value["g"]
    assert number(cell.answer.rstrip(".").rpartition("= ")[2]) == pytest.approx(c, abs=3e-3)
    assert number(state.answer.rstrip(".").rpartition("= ")[2]) == pytest.approx(value["o"] * math.tanh(c), abs=3e-3)
    z, old, new = (after(rf"{name} =", gru.asks.partition("with")[2]) for name in ("z", "h₋₁", "g"))
    assert number(gru.answer.rstrip(".").rpartition("= ")[2]) == pytest.approx(z * old + (1 - z) * new, abs=6e-4)


def test_orders_and_distances_follow_from_their_tables():
    one = board(BY_NAME["order"].sentence, BY_NAME["order"].compares)
    spans = handout_tasks.order(one)[1]
    for name, *values in spans.rows:
        assert after(f"{name}", spans.answer) == pytest.approx(max(map(number, values)) - min(map(number, values)))
    memory = handout_tasks.memory(board(BY_NAME["memory"].sentence, BY_NAME["memory"].compares))
    for name, first, last in memory[0].rows:
        assert after(f"{name}:", memory[0].answer) == pytest.approx(float(first) / float(last), rel=0.06)
    left = {name: number(praise) - number(blame) for name, _, _, praise, blame in memory[-1].rows}
    assert f"Most is left in the {max(left, key=left.__getitem__)}." in memory[-1].answer


@pytest.mark.parametrize("word", ["hello", "to be or not to be", "ab", "<i>&"])
def test_words_that_are_spelt(word):
    found = Spelling(word_of(word))
    lesson = BY_NAME["hello"]
    page = handout.page(lesson, found)
    assert "<i>" not in page and page.count("<section>") == 2
    softmax, loss = spelling_tasks.hello(found)[2:]
    y = [number(cell) for cell in softmax.rows[0][1:]]
    p = [math.exp(one) / sum(map(math.exp, y)) for one in y]
    for letter, exact in zip(softmax.columns[1:], p, strict=True):
        assert after(re.escape(f"P({letter}) ="), softmax.answer) == pytest.approx(exact, abs=6e-4)
    right = softmax.columns[1:].index(re.search("“(.+)”", loss.asks).group(1))
    assert after(r"−ln \S+ =", loss.answer) == pytest.approx(-math.log(p[right]), abs=6e-4)


def test_steps_back_are_products():
    multiply, left, twice, _ = spelling_tasks.long(Spelling(word_of("to be or not to be")))
    columns = list(zip(*(map(number, row[1:]) for row in multiply.rows), strict=True))
    product = math.prod(slope * matrix for slope, matrix in columns)
    assert after(r"\d =", left.answer) == pytest.approx(product, abs=2e-3)
    assert number(twice.answer.rstrip(".").rpartition("= ")[2]) == pytest.approx(2 ** len(columns) * product, abs=0.02)
