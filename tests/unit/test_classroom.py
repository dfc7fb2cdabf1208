"""A class by phone: codes, votes that count once, what is told to whom, and an end that leaves nothing."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from components.lessons import classroom
from components.lessons.check import QUESTIONS
from components.lessons.class_check import outcome
from components.lessons.classroom import distribution, link
from components.lessons.plans import BY_NAME
from models.classroom.classes import CLASSES, LENGTH, LETTERS, Classes, NoClass, TooMany
from models.classroom.shown import Shown
from models.question import Question
from tests.boards import board

ASKED = Question("Which?", ("Yes", "No"), 1, "Why.")
SHOWN = Shown("order", 1, "Title", "Says", (("A ", False), ("film", True)), ASKED)


def test_a_code_leads_to_its_class_and_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_CLASS_TRIES", "5")
    classes = Classes()
    room = classes.open()
    assert len(room.code) == LENGTH and set(room.code) <= set(LETTERS)
    assert classes.find(room.code.lower(), "phone") is room
    assert classes.of_teacher(room.code, room.secret) is room and classes.of_teacher(room.code, "x") is None
    for _ in range(5):
        with pytest.raises(NoClass):
            classes.find("1234", "guesser")
    with pytest.raises(TooMany):
        classes.find(room.code, "guesser")
    assert classes.find(room.code, "another") is room
    for place in range(9):
        for _ in range(5):
            with pytest.raises(NoClass):
                classes.find("1234", f"one of many {place}")
    with pytest.raises(TooMany):
        classes.find("1234", "a new one")


def test_every_phone_counts_once_and_can_change_its_mind_until_the_vote_is_closed() -> None:
    room = Classes().open()
    room.show(SHOWN)
    phones = [room.join() for _ in range(40)]

    def vote(phone: str) -> None:
        for answer in (0, 0, 1, 1):
            assert room.guess(phone, room.number, answer)

    threads = [threading.Thread(target=vote, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert room.guessed == 40 and room.counts() == [0, 40]
    assert not room.guess("a stranger", room.number, 0) and not room.guess(phones[0], room.number, 2)
    assert not room.guess(phones[0], room.number - 1, 0)
    assert "counts" not in room.state_for(phones[0]) and "right" not in room.state_for(phones[0])
    room.close_vote()
    assert not room.guess(phones[0], room.number, 0) and room.counts() == [0, 40]
    state = room.state_for(phones[0])
    assert state["counts"] == [0, 40] and state["right"] == [1] and state["mine"] == 1 and state["why"] == "Why."


def test_another_question_begins_without_votes_and_the_same_keeps_them() -> None:
    room = Classes().open()
    room.show(SHOWN)
    phone = room.join()
    room.guess(phone, room.number, 0)
    room.show(replace(SHOWN, says="Said otherwise"))
    assert room.guessed == 1
    room.show(replace(SHOWN, words=(("A ", True), ("film", False))))
    assert room.guessed == 0 and room.state_for(phone)["mine"] is None and not room.closed


def test_a_sentence_reaches_nobody_but_the_teacher() -> None:
    room = Classes().open()
    room.show(SHOWN)
    phone, other = room.join(), room.join()
    assert room.send_sentence(phone, "  A   secret sentence ")
    assert not room.send_sentence("a stranger", "x") and not room.send_sentence(phone, "   ")
    assert "secret" not in str(room.state_for(other)) and "secret" not in str(room.state_for(phone))
    ((number, text),) = room.sentences().items()
    assert text == "A secret sentence" and room.take_sentence(number) == text and room.sentences() == {}
    assert [room.send_sentence(phone, "again") for _ in range(6)] == [True] * 4 + [False] * 2


def test_changes_are_told_and_an_end_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    classes = Classes()
    room = classes.open()
    heard: list[int] = []
    leave = room.listen(lambda: heard.append(1))
    room.show(SHOWN)
    room.show(SHOWN)
    assert heard == [1], "only what is new is told"
    phone = room.join()
    room.send_sentence(phone, "A sentence")
    classes.end(room)
    assert heard == [1, 1] and room.state_for(phone) == {"over": True} and not room.knows(phone)
    assert room.sentences() == {} and room.shown is None and room.guessed == 0
    leave()
    with pytest.raises(NoClass):
        classes.find(room.code, "phone")
    old = classes.open()
    monkeypatch.setenv("UNROLLED_CLASS_HOURS", "0")
    with pytest.raises(NoClass):
        classes.find(old.code, "phone")
    assert old.ended


def test_the_link_is_one_that_phones_can_open() -> None:
    at = "http://localhost:8501/lessons?lesson=order"
    assert link(at, "ABCD", "", "192.168.1.7") == "http://192.168.1.7:8501/class/ABCD"
    assert link(at, "ABCD", "0.0.0.0", "10.0.0.5") == "http://10.0.0.5:8501/class/ABCD"
    assert link(at, "ABCD", "127.0.0.1", "192.168.1.7") is None and link(at, "ABCD", "", None) is None
    far = "https://app.school.example/unrolled/lessons"
    assert link(far, "ABCD", "", None) == "https://app.school.example/unrolled/class/ABCD"
    assert link(far, "ABCD", "", None, "a|b").endswith("/class/ABCD?at=a%7Cb")


def test_phones_see_the_sentence_and_the_word_that_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Classes().open()
    monkeypatch.setattr(classroom, "room", lambda: room)
    for lesson, words in (
        (
            "gates",
            (("The story is slow, but the ", False), ("acting", True), (" is never less than wonderful.", False)),
        ),
        ("order", (("This film was good, not bad.", False),)),
    ):
        found = BY_NAME[lesson]
        classroom.show(found, 0, found.steps[0], board(found.sentence, found.compares, 6), None)
        assert room.shown is not None and room.shown.words == words


def test_the_distribution_stands_beside_the_right_answer_and_text_stays_text() -> None:
    drawn = distribution([3, 1], replace(ASKED, answers=("<b>Yes</b>", "No")))
    assert "<b>Yes" not in drawn and "&lt;b&gt;Yes" in drawn
    assert "<span>No ✓</span>" in drawn and "<b>3</b>" in drawn


def test_without_the_serving_entry_there_is_no_class() -> None:
    assert not CLASSES.served


def test_wrong_codes_of_one_do_not_put_the_others_out_of_their_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_CLASS_TRIES", "3")
    classes = Classes()
    room = classes.open()
    phone = room.join()
    for _ in range(3):  # from the address that the whole school has
        with pytest.raises(NoClass):
            classes.find("1234", "school")
    with pytest.raises(TooMany):
        classes.find(room.code, "school")
    with pytest.raises(TooMany):
        classes.find(room.code, "school", "made up")
    assert classes.find(room.code, "school", phone) is room


def test_a_class_is_listened_to_by_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_CLASS_PHONES", "2")
    room = Classes().open()
    leave = [room.listen(lambda number=number: None) for number in range(4)]
    with pytest.raises(TooMany):
        room.let_listen()
    leave[0]()
    room.let_listen()


def test_five_questions_are_answered_once_each_time_and_only_numbers_of_right_ones_are_told() -> None:
    room = Classes().open()
    phones = [room.join() for _ in range(3)]
    right = [asked.right for asked in QUESTIONS]
    wrong = [(asked.right + 1) % 3 for asked in QUESTIONS]
    assert not room.answer_check(phones[0], "before", right), "nobody has asked"
    room.ask("before", QUESTIONS)
    assert room.state_for(phones[0])["check"]["questions"][0] == [QUESTIONS[0].asks, list(QUESTIONS[0].answers)]
    for bad in ([], right[:4], [*right[:4], 3], [*right[:4], -1], [*right[:4], True], [*right[:4], "1"], [*right, 0]):
        assert not room.answer_check(phones[0], "before", bad)
    assert not room.answer_check("a stranger", "before", right) and not room.answer_check(phones[0], "after", right)
    assert room.answer_check(phones[0], "before", wrong)
    assert not room.answer_check(phones[0], "before", right), "once a time"
    assert room.answer_check(phones[1], "before", [*right[:2], *wrong[2:]])
    state = room.state_for(phones[1])
    assert state["scores"] == {"before": 2} and state["check"]["done"] and "right" not in state["check"]
    room.ask("")
    assert "check" not in room.state_for(phones[0]) and not room.answer_check(phones[2], "before", right)
    assert outcome(room) == "The five questions, right on average: before the lessons 1.0 of 5 (2 phones)."
    assert room.check.following == "after"
    room.ask("after", QUESTIONS)
    almost = [*right[:4], wrong[4]]
    assert room.answer_check(phones[0], "after", right) and room.answer_check(phones[2], "after", almost)
    state = room.state_for(phones[0])
    assert state["scores"] == {"before": 0, "after": 5} and len(state["check"]["right"]) == 5
    first, last = QUESTIONS[0], QUESTIONS[4]
    assert state["check"]["right"][0] == f"✓ {first.answers[first.right]}. {first.why}"
    told = room.state_for(phones[2])["check"]["right"][4]
    assert told == f"✗ You said: {last.answers[wrong[4]]}. Right is: {last.answers[last.right]}. {last.why}"
    assert "right" not in room.state_for(phones[1])["check"], "who has not answered is not told"
    assert outcome(room).endswith("before the lessons 1.0 of 5 (2 phones), after the lessons 4.5 of 5 (2 phones).")
    room.end()
    assert room.check.answered("before") == room.check.answered("after") == 0
