"""No lesson claims what the numbers deny: every answer and every sentence, of ten texts of other kinds."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from components.lessons import claims
from components.lessons import questions as ask
from components.lessons.plans import BY_NAME, LESSONS
from components.session import resources
from models.card import PLAIN_TRIO, TRIO
from models.explain.distance import Distance
from models.explain.memory import FILLERS
from models.nn.gradients import gradients
from tests.boards import board

SENTENCES = (
    "Good.",
    "Bad, bad, bad, bad, bad.",
    "The the the the.",
    "We sat at the table and went to the place by the way.",
    "I did not hate it, and it was not boring.",
    "What a masterpiece: I slept through all of it!",
    "Zzyzx qwrtp blorf.",
    "The room was clean but the phone never worked.",
    "10/10 would watch again, best film ever made, wonderful acting and a superb story.",
    "It was fine. " * 25,
)
CASES = [(lesson, text) for lesson in LESSONS if not lesson.spells for text in (lesson.sentence, *SENTENCES)]


@pytest.mark.parametrize(("lesson", "text"), CASES, ids=lambda value: getattr(value, "name", str(value)[:20]))
def test_no_text_claims_what_the_numbers_deny(lesson, text):
    one = board(text, lesson.compares, 2)
    lstm = one.readers["lstm"].trace
    for step in lesson.steps:
        question = step.asks(one) if step.asks else None
        if question is None:
            continue
        truth = question.answers[question.right]
        assert len(set(question.answers)) == len(question.answers) >= 2
        if step.asks is ask.largest_step:
            word = int(truth.rsplit(" ", 1)[1]) - 1
            moved = np.abs(np.diff(lstm.running_probabilities))
            assert word >= 1 and moved[word - 1] == moved.max() > 0
        elif step.asks is ask.lowest_share:
            word = int(truth.rsplit(" ", 1)[1]) - 1
            assert lstm.contributions[word] == lstm.contributions.min() < 0
        elif step.asks is ask.shortest_memory:
            kept = {}
            for short, name in zip(TRIO, lesson.compares, strict=True):
                found = gradients(resources.model(name).network, one.readers[short].trace).layers[0]
                norms = np.maximum(found.norms(through_time=True), 1e-38)
                kept[one.readers[short].card.title] = norms[0] / norms[-1]
            if truth == "None of them falls":
                assert min(kept.values()) >= 1
            else:
                assert kept[truth] == min(kept.values()) < 1
        elif step.asks is ask.backwards:
            words = [token.text for token in lstm.tokens]
            p = resources.model(lesson.compares[1]).predict([text, " ".join(words[::-1])])
            assert truth == ("Yes" if (p[0] >= 0.5) != (p[1] >= 0.5) else "No")


@pytest.mark.parametrize("text", SENTENCES, ids=lambda text: text[:20])
def test_what_is_said_of_orders_and_of_words_left_out(text):
    one = board(text, TRIO)
    if len(one.readers["lstm"].trace.tokens) < 2:
        return
    swings = [float(np.ptp(values)) for values in one.orders.values()]
    sentence = claims.orders(one.orders)
    if "next to no difference" in sentence:
        assert max(swings) < 0.01
    else:
        low, high = map(float, re.search(r"from (\d\.\d\d) to (\d\.\d\d)", sentence).groups())
        assert high - low == pytest.approx(max(swings), abs=0.011) and high > low - 1e-9
    found = one.without_each_word["LSTM"]
    moved = np.abs(found[1:] - found[0])
    sentence = claims.without_a_word(found, "LSTM", "it")
    if sentence.startswith("No word"):
        assert moved.max() < 0.01
    else:
        before, after = map(float, re.search(r"from (\d\.\d\d) to (\d\.\d\d)", sentence).groups())
        assert abs(after - before) == pytest.approx(moved.max(), abs=0.011)


def test_what_is_said_of_memory_follows_from_the_plain_trio():
    one = board(BY_NAME["memory"].sentence, PLAIN_TRIO)
    fillers = " ".join(FILLERS[place % len(FILLERS)] for place in range(200))
    sentence = claims.behind_neutral_words(one.carried)
    moved = {}
    for name in PLAIN_TRIO:
        model = resources.model(name)
        bare, behind = model.predict(["a wonderful film", f"a wonderful film {fillers}"])
        assert f"{bare:.2f} to {behind:.2f} ({model.card.title})" in sentence
        moved[model.card.title] = abs(behind - bare)
    assert f"the {max(moved, key=moved.__getitem__)} ends furthest" in sentence
    question = ask.furthest_from_its_verdict(one)
    assert question.answers[question.right] == max(moved, key=moved.__getitem__)
    ratios = {title: found.first_of_last for title, found in one.carried.items()}
    over = ask.two_hundred_words(one)
    assert over.answers[over.right] == min(ratios, key=ratios.__getitem__) and min(ratios.values()) < 1


def test_a_simple_rnn_that_forgets_and_one_that_does_not_are_told_apart():
    def of(first: float) -> Distance:
        return Distance(np.array([first, 1.0]), np.array([0.9, 0.5]), np.array([0.1, 0.5]))

    fallen = claims.over_200_words({"S": of(1e-6), "L": of(0.5), "G": of(0.9)})
    assert "the S’s falls to 1e-06 of it" in fallen and "So the gates keep" in fallen
    grown = claims.over_200_words({"S": of(3.0), "L": of(0.5), "G": of(1.0)})
    assert "the S’s grows 3-fold" in grown and "So the gates" not in grown and "the G’s stays about the same" in grown


def test_how_sure_accepts_what_chance_allows_and_starts_in_the_middle_of_a_bin():
    lesson = BY_NAME["sure"]
    p = board(lesson.sentence, TRIO).readers["lstm"].trace.probability
    file = resources.card("lstm").folder / "evaluation.json"
    bins = json.loads(file.read_text())["calibration"]["bins"]
    at = next(found for found in bins if found["from"] <= p < found["to"])
    assert min(p - at["from"], at["to"] - p) > 0.2 * (at["to"] - at["from"])
    for text in (lesson.sentence, *SENTENCES):
        one = board(text, TRIO)
        question = ask.scored_alike(one)
        p = one.readers["lstm"].trace.probability
        at = next(found for found in bins if found["from"] <= p < found["to"] or p == found["to"] == 1)
        share, n = at["positive"], at["reviews"]
        half = 1.96 * np.sqrt(share * (1 - share) / n)
        for fifth in range(5):
            inside = 20 * fifth <= 100 * (share + half) and 100 * (share - half) < 20 * (fifth + 1) - 0.5
            if inside and fifth not in (min(4, int(100 * p) // 20), question.right):
                assert question.accepts(fifth)
        assert question.accepts(question.right) and not question.accepts((question.right + 3) % 5)
