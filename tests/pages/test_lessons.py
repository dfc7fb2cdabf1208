"""The page Lessons: every step with live numbers, guesses whose answers are computed, and a class's own sentences."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.lessons import panels as lesson_panels
from components.lessons import questions as lesson_questions
from components.lessons.board import Board
from components.lessons.plans import BY_NAME, LESSONS
from components.session import resources
from components.ui.messages import escaped
from models.card import TRIO
from models.compare.readers import Reader
from models.examples import EXAMPLES
from models.nn.gradients import gradients
from tests.screen import html_of, numbers, opened, spec

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


def open_lesson(name: str = "words", step: int = 1, sentence: str | None = None) -> AppTest:
    typed = {} if sentence is None else {f"sentence/{name}": sentence}
    at = opened("lessons", typed, lesson=name, step=str(step))
    assert not at.exception, at.exception
    return at


def in_address(at: AppTest, key: str) -> str:
    value = at.query_params.get(key, {"lesson": "hello", "step": "1"}[key])  # as the page opens: not in the address
    return value[0] if isinstance(value, list) else value


def shown(at: AppTest) -> bool:
    """Whether anything is drawn, or the numbers wait for a guess."""
    return not any(info.proto.title == "Guess first" for info in at.info)


def answer(at: AppTest, text: str) -> AppTest:
    choices = at.radio[0].options
    at.radio[0].set_value(choices.index(text)).run()
    assert not at.exception, at.exception
    return at


def board(sentence: str, cursor: int = 0) -> Board:
    readers = {name: Reader(resources.card(name), resources.model(name).trace(sentence)) for name in TRIO}
    return Board(sentence, readers, cursor)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_step_is_drawn_and_the_address_follows(lesson):
    at = open_lesson(lesson.name)
    for place, step in enumerate(lesson.steps):
        assert (in_address(at, "lesson"), in_address(at, "step")) == (lesson.name, str(place + 1))
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
    assert "A number that can be checked" in html_of(at) and in_address(at, "lesson") == "sure"
    last = open_lesson("sure", 4)
    assert last.button(key="go-arrow_forward").disabled and not last.button(key="go-arrow_back").disabled


@pytest.mark.parametrize(("name", "step"), [("nonsense", "2"), ("order", "99"), ("order", "-1"), ("order", "<b>")])
def test_a_bad_address_opens_the_nearest_lesson(name, step):
    at = opened("lessons", lesson=name, step=step)
    assert not at.exception
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
    back = next(button for button in at.button if "lesson’s sentence" in button.label)
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


def test_words_with_a_meaning_to_plotly_are_drawn_as_they_are():
    from components.lessons.charts import versions
    from components.ui import theme

    chart = versions(["a <b>good</b> one", "x" * 80], {"LSTM": np.array([0.2, 0.8])}, {"LSTM": "LSTM"}, theme.LIGHT)
    rows = [row.lstrip("\u00a0") for row in chart.layout.yaxis.ticktext]
    assert rows[0] == "a &lt;b&gt;good&lt;/b&gt; one" and len(rows[1]) < 40


def test_without_a_network_of_the_trio_the_page_says_which(tmp_path, monkeypatch):
    for name in ("simple_rnn", "gru"):
        shutil.copytree(ROOT / "models" / "pretrained" / name, tmp_path / name)
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = open_lesson()
    assert [info.proto.title for info in at.info] == ["A network is missing"] and "lstm" in at.info[0].value


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
    one = board(SENTENCE, cursor)
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
    one = board(SENTENCE, cursor)
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


def test_of_a_long_text_it_is_said_which_words_were_taken_out():
    text = "It was good. " * 40
    at = open_lesson("order", 2, text)
    answer(at, "Just show it")
    assert "Shown: the 8 words" in html_of(at) and "Only the first 60 of 120 words were taken out." in html_of(at)


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
    word = board(sentence, 1).readers["lstm"].trace.tokens[1].id
    vectors = model.network.embedding / np.linalg.norm(model.network.embedding, axis=1, keepdims=True)
    best = model.vocabulary.words[int(np.argsort(-(vectors @ vectors[word]))[1])]
    assert lesson_panels.alike(board(sentence, 1)).startswith(f"Closest to “wonderful”: {best}, ")
    assert lesson_panels.alike(board(sentence, 4)) == "“Zzyzxqq” is not in the list, so it has no vector of its own."


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
    done = next(button for button in at.button if button.label == "Done")
    done.click().run()
    assert not at.exception, at.exception
    at.button(key="check-open").click().run()  # a run of the whole script, as AppTest makes, closes the dialog
    assert "Before the lessons: 2 of 5 right." in html_of(at) and "✓ right" not in html_of(at)
    for number, asked in enumerate(QUESTIONS[:4], 1):
        at.radio(key=f"check-after-{number}").set_value(asked.right)
    next(button for button in at.button if button.label == "Done").click().run()
    at.button(key="check-open").click().run()
    page = html_of(at)
    assert "Before the lessons 2 of 5 were right, after them 4: 2 more." in page
    assert page.count("✓ right") == 6 and page.count("no answer") == 1
