"""The other networks' verdicts: after the page, the large ones last, once a text, and never in anybody's way."""

from __future__ import annotations

import re

import pytest
import streamlit as st

from components.read import verdicts
from components.session.kept import Kept
from components.ui.theme import LIGHT
from models.catalog import list_models, load_model
from models.examples import EXAMPLES
from tests.screen import html_of, opened

SHOWN = [card for card in list_models() if card.part in ("trio", "best")]


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A browser that asks as soon as it has painted; returns which models were asked for each time."""
    questions: list[list[str]] = []

    def ask(review, missing) -> None:
        questions.append([card.name for card in missing])
        verdicts.judge_next(review, missing)
        st.rerun()

    monkeypatch.setattr(verdicts, "wait_for", ask)
    return questions


def rows(at) -> dict[str, str]:
    shown = next(body for body in html_of(at).split("\n") if "model by model" in body)
    found = re.findall(r"<span>([^<>]+)</span><b>.*?</b><span>([^<]+)<", shown)
    return dict(found)


def test_the_page_waits_for_no_other_network() -> None:
    at = opened()
    trace = load_model("lstm").trace(EXAMPLES[0].text)
    assert rows(at) == {card.title: "…" for card in SHOWN} | {"LSTM": f"{trace.probability:.3f}"}


def test_each_verdict_is_what_the_network_predicts_and_is_asked_for_once(painted) -> None:
    at = opened()
    predicted = {card.title: float(load_model(card.name).predict([EXAMPLES[0].text])[0]) for card in SHOWN}
    shown = rows(at)
    assert {title: float(value.split()[0]) for title, value in shown.items()} == pytest.approx(predicted, abs=6e-4)
    asked = len(painted)
    assert painted[-1] == ["best_pretrained"], "the largest comes last"
    at.run()
    at.button_group(key="example").set_value(EXAMPLES[1].name).run()
    more = len(painted)
    assert more > asked
    at.button_group(key="example").set_value(EXAMPLES[0].name).run()
    assert len(painted) == more and rows(at) == shown


def test_while_another_visitors_are_read_it_is_asked_again(monkeypatch) -> None:
    mine = Kept()
    monkeypatch.setattr(verdicts.readings, "kept", lambda: mine)
    with verdicts._reading:
        verdicts.judge_next("A good film.", SHOWN)
    assert mine.verdicts("A good film.") == {}
    verdicts.judge_next("A good film.", SHOWN)
    assert set(mine.verdicts("A good film.")) == {card.name for card in SHOWN} - {"best_pretrained"}


def test_a_network_out_of_order_is_said_so() -> None:
    shown = verdicts.table({SHOWN[0].name: float("nan")}, SHOWN, SHOWN[1], LIGHT)
    assert "out of order" in shown and shown.count("…") == len(SHOWN) - 1
