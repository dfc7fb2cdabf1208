"""Inside's section on what goes into the network, for networks with and without padding in front."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.session import resources
from tests.inside_page import open_inside
from tests.screen import html_of, opened, played
from tests.shelves import TINY

ROOT = Path(__file__).resolve().parents[2]
SECTION = "input-section"
NASTY = 'good <img src=x onerror=alert(1)> "film" ![x](http://a.example/p.png) <b>zqx</b>'


pytestmark = pytest.mark.usefixtures("tiny")


def open_panel(model: str, review: str, **state: object) -> AppTest:
    return open_inside(model, review, **{SECTION: True, **state})


@pytest.mark.parametrize("model", list(TINY))
def test_every_network_shows_its_ids(model: str) -> None:
    at = open_panel(model, "A good film")
    shown = html_of(at)
    for token in resources.model(model).vocabulary.tokenize("A good film"):
        assert f"<b>{token.text}</b><i>{token.id}</i>" in shown
    front = model in ("article_simple_rnn", "article_bilstm")
    assert ("37 × padding</b>" in shown) == front
    assert ("pads in front (“pre”), to 40 timesteps" in shown) == front
    assert ("a mask makes it pass over" in shown) != front
    assert "padding behind, “post”" in shown


def test_what_padding_did_is_a_number_of_this_reading() -> None:
    at = open_panel("article_simple_rnn", "A good film")
    model = resources.model("article_simple_rnn")
    trace = model.trace("A good film")
    assert f"After {trace.padding} timesteps of padding and before the first word, the logit already" in html_of(at)
    assert f"instead of {trace.probability:.3f}" in html_of(at)


def test_a_closed_section_shows_nothing() -> None:
    assert "unrolled-input" not in html_of(open_panel("lstm", "A good film", **{SECTION: False}))


def test_the_start_that_is_not_read_is_shown_on_read_and_inside() -> None:
    review = "first words " + " ".join(["film"] * 60)
    shown = html_of(open_panel("article_simple_rnn", review))
    assert "first 22 words: not read" in shown
    assert "They fill all 40 timesteps" in shown
    at = opened("read", {"review": review, "example": None}, model="article_simple_rnn")
    assert (played(at)["unread"], played(at)["unread_end"]) == (22, "start")
    assert "22 at the start not read" in html_of(at)


@pytest.mark.parametrize("model", ["article_bilstm", "lstm"])
def test_text_stays_text(model: str) -> None:
    shown = html_of(open_panel(model, NASTY))
    assert "<img src=x" not in shown
    assert "<b>zqx</b><i>1</i>" in shown  # our own box around the word
    assert "<b>zqx</b> " not in shown


@pytest.mark.parametrize("review", ["film", "中文 影评", "x" * 5_000, "film " * 1_500, "good\0film"])
def test_any_input(review: str) -> None:
    for model in ("article_bilstm", "gru"):
        assert len(html_of(open_panel(model, review))) < 600_000


def test_verdict_names_padding_and_relu() -> None:
    assert "with the bias and the padding" in html_of(
        open_panel("article_bilstm", "A good film", **{"credit-section": True})
    )
    assert "stands a relu layer" in html_of(
        open_panel("tutorial_stacked_bilstm", "A good film", **{"credit-section": True})
    )
