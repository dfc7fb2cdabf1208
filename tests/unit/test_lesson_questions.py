"""The right answers of the lessons against an independent computation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from components.lessons import panels as lesson_panels
from components.lessons import questions as lesson_questions
from components.lessons.plans import BY_NAME
from components.session import resources
from models.card import TRIO
from models.nn.gradients import gradients
from tests.boards import board

ROOT = Path(__file__).resolve().parents[2]


def test_words_with_a_meaning_to_plotly_are_drawn_as_they_are():
    from components.lessons.charts import versions
    from components.ui import theme

    chart = versions(["a <b>good</b> one", "x" * 80], {"LSTM": np.array([0.2, 0.8])}, {"LSTM": "LSTM"}, theme.LIGHT)
    rows = [row.lstrip("\u00a0") for row in chart.layout.yaxis.ticktext]
    assert rows[0] == "a &lt;b&gt;good&lt;/b&gt; one" and len(rows[1]) < 40


SENTENCE = "The story is slow, but the acting is never less than wonderful."


def test_the_largest_step_and_the_lowest_share_are_those_of_the_trace():
    one = board(SENTENCE)
    trace = one.readers["lstm"].trace
    running, shares = trace.running_probabilities, trace.contributions
    steps = [abs(running[i] - running[i - 1]) for i in range(1, len(running))]
    for question, word in (
        (lesson_questions.largest_step(one), 1 + int(np.argmax(steps))),
        (lesson_questions.lowest_share(one), int(np.argmin(shares))),
    ):
        assert question is not None
        assert question.answers[question.right] == f"“{trace.tokens[word].text}”, word {word + 1}"
        places = [int(text.rsplit(" ", 1)[1]) for text in question.answers]
        assert len(places) == 4 and places == sorted(places), "in reading order: the order gives nothing away"


@pytest.mark.parametrize("cursor", range(12))
def test_what_a_gate_keeps_is_read_off_the_trace(cursor):
    one = board(SENTENCE, cursor=cursor)
    for name, gate, asks in (
        ("lstm", "forget", lesson_questions.how_much_is_kept("lstm", "forget", "its memory")),
        ("gru", "update", lesson_questions.how_much_is_kept("gru", "update", "its old state")),
    ):
        view = one.view(name)
        share = view.layer.gates[gate][cursor, view.unit]
        expected = "Less than a third" if share <= 1 / 3 else "About half" if share <= 2 / 3 else "More than two thirds"
        question = asks(one)
        assert question.answers[question.right] == expected


@pytest.mark.parametrize("cursor", range(12))
def test_the_word_or_the_memory_of_the_simple_rnn_by_hand(cursor):
    one = board(SENTENCE, cursor=cursor)
    view, network = one.view("simple_rnn"), resources.model("simple_rnn").network
    cell = network.layers[0].forward
    word = network.embedding[view.token.id] @ cell.kernel[:, view.unit]
    before = view.layer.hidden_states[cursor - 1] if cursor else np.zeros(view.layer.hidden_states.shape[1])
    memory = before @ cell.recurrent[:, view.unit]
    question = lesson_questions.word_or_memory(one)
    assert question.answers[question.right] == ("The old state" if abs(memory) > abs(word) else "The word")


def test_the_shortest_memory_is_the_one_whose_gradient_falls_furthest():
    one = board(BY_NAME["memory"].sentence)
    question = lesson_questions.shortest_memory(one)
    fallen = []
    for name in TRIO:
        found = gradients(resources.model(name).network, one.readers[name].trace).layers[0].norms(through_time=True)
        fallen.append(np.log(found[-1] / found[0]))
    assert question is not None and question.answers[:3] == ("SimpleRNN", "LSTM", "GRU")
    assert question.right == (int(np.argmax(fallen)) if max(fallen) > 0 else 3)


def test_the_strongest_word_is_found_by_leaving_each_one_out():
    one = board("This film was good, not bad.")
    question = lesson_questions.strongest_word(one)
    model = resources.model("lstm")
    whole = model.predict([one.sentence])[0]
    without = ["film was good, not bad.", "This was good, not bad.", "This film good, not bad.",
               "This film was , not bad.", "This film was good, bad.", "This film was good, not."]  # fmt: skip
    word = int(np.argmax(np.abs(model.predict(without) - whole)))
    assert question is not None
    assert question.answers[question.right].startswith(f"“{('This', 'film', 'was', 'good', 'not', 'bad')[word]}”")


def test_scores_and_failures_are_those_of_the_file_of_figures():
    figures = json.loads((ROOT / "models/pretrained/lstm/evaluation.json").read_text())
    one = board("It has a few good jokes, but I looked at my watch more than once.")
    p = one.readers["lstm"].trace.probability
    share = next(b["positive"] for b in figures["calibration"]["bins"] if b["from"] <= p < b["to"])
    question = lesson_questions.scored_alike(one)
    assert question is not None
    fifth = ("Fewer than 20", "20 to 39", "40 to 59", "60 to 79", "80 or more")[min(4, round(100 * share) // 20)]
    assert question.answers[question.right] == fifth and f"{p:.2f}" in question.asks
    cuts = {row["kind"]: row["accuracy"] for row in figures["challenges"]["cuts"]}
    kinds = lesson_questions.whole_or_sentence(one)
    assert kinds is not None and kinds.right == int(cuts["any_sentence"] > cuts["whole"])
    assert f"{100 * cuts['whole']:.0f} % of whole reviews" in kinds.why


def test_a_word_alone_leaves_nothing_to_guess():
    one = board("Good")
    for asks in ("largest_step", "lowest_share", "shortest_memory", "backwards", "strongest_word"):
        assert getattr(lesson_questions, asks)(one) is None


def test_orders_hold_the_same_words():
    one = board("Not bad, it was good.")
    found = one.orders
    p = resources.model("gru").predict(["Not bad, it was good.", "good was it bad Not", "bad good it Not was"])
    np.testing.assert_allclose(found["GRU"], p, atol=1e-6)


def test_the_closest_words_are_those_of_the_embedding():
    model = resources.model("lstm")
    sentence = "A wonderful film by Zzyzxqq."
    word = board(sentence, cursor=1).readers["lstm"].trace.tokens[1].id
    vectors = model.network.embedding / np.linalg.norm(model.network.embedding, axis=1, keepdims=True)
    best = model.vocabulary.words[int(np.argsort(-(vectors @ vectors[word]))[1])]
    assert lesson_panels.alike(board(sentence, cursor=1)).startswith(f"Closest to “wonderful”: {best}, ")
    assert (
        lesson_panels.alike(board(sentence, cursor=4))
        == "“Zzyzxqq” is not in the list, so it has no vector of its own."
    )
