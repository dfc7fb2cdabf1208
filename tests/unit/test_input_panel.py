"""What goes into the network: padding, ids, what is left out; and where the words of Inside depend on it."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from components.inside import equation
from components.inside import text as insights
from components.inside.weights import (
    MOST_FIRST,
    MOST_LAST,
    example_html,
    example_table,
    input_table,
    padding_did,
    reads,
    strip_html,
    what_it_does,
)
from components.ui import sentences, words
from components.ui.format import signed
from components.ui.player.payload import payload
from components.ui.theme import LIGHT
from models.catalog import load_model
from models.explain.state_space import path_of
from models.explain.view import View
from models.nn.cells import SimpleRNN, sigmoid
from models.nn.equations import state_before
from models.nn.padding import effect, filled
from models.sentiment import SentimentModel
from models.text import RESERVED, Vocabulary
from tests.networks import model_of, random_network, slow_logit, text_of, with_relu

PADDED_TO = 12


def padded(both_ways: bool = False, hidden: bool = False) -> SentimentModel:
    network = replace(
        random_network("LSTM" if both_ways else "SimpleRNN", (5,), both_ways, ("last",)), padded_to=PADDED_TO
    )
    if hidden:
        network = with_relu(network)
    found = model_of(network, PADDED_TO)
    return SentimentModel(replace(found.card, title="P", facts={"unread_end": "start"}), found.vocabulary, network)


def masked() -> SentimentModel:
    return model_of(random_network("SimpleRNN", (5,), False, ("last",)), 12)


def test_filled_is_what_keras_does() -> None:
    assert filled([5, 6, 7], 5, "pre") == [0, 0, 5, 6, 7]
    assert filled([5, 6, 7], 5, "post") == [5, 6, 7, 0, 0]
    assert filled([5, 6, 7], 2, "pre") == filled([5, 6, 7], 2, "post") == [6, 7]


@pytest.mark.parametrize("both_ways", [False, True])
@pytest.mark.parametrize("hidden", [False, True])
def test_what_the_padding_did_agrees_with_a_slow_reading(both_ways: bool, hidden: bool) -> None:
    model = padded(both_ways, hidden)
    trace = model.trace(text_of(5))
    found = effect(model.network, trace)
    assert found is not None
    assert found.timesteps == 7
    vectors = np.float64(model.network.embedding[[token.id for token in trace.tokens]])
    zeros = np.float64(model.network.embedding[np.zeros(7, int)])
    assert found.without == pytest.approx(slow_logit(model.network, vectors), abs=1e-5)
    if both_ways:
        assert found.logit is None
        assert "the backward layer after its last one" in padding_did(found, trace)
    else:
        expected = slow_logit(model.network, zeros)
        assert found.logit == pytest.approx(expected, abs=1e-5)
        sentence = padding_did(found, trace)
        assert f"{expected:+.2f}".replace("-", "−") in sentence
        assert f"instead of {trace.probability:.3f}" in sentence
        assert f"= {float(sigmoid(np.array(found.without))):.3f} instead" in sentence
    # What the padding added is the bias less the output layer's own.
    assert trace.contributions.sum() + found.credit == pytest.approx(
        trace.logit - (trace.bias - found.credit), abs=1e-4
    )
    if not hidden:
        assert trace.bias - found.credit == pytest.approx(model.network.bias, abs=1e-5)


def test_without_padding_there_is_nothing_to_tell() -> None:
    assert effect(masked().network, masked().trace(text_of(5))) is None
    model = padded()
    assert effect(model.network, model.trace(text_of(12))) is None
    assert effect(model.network, model.trace(text_of(30))) is None


def test_the_table_has_every_timestep_and_every_word() -> None:
    model = padded()
    table = input_table(model.trace(text_of(4) + " zebra"))
    assert table["timestep"].tolist() == list(range(1, 13))
    assert table["kind"].tolist() == ["padding"] * 7 + ["word"] * 5
    assert table["id"].tolist()[:7] == [0] * 7
    assert table["word"].iloc[-1] == "zebra"
    assert table["id"].iloc[-1] == 1
    assert table["in_vocabulary"].tolist()[-2:] == [True, False]
    long = input_table(model.trace(text_of(20)))
    assert long["kind"].tolist() == ["not read"] * 8 + ["word"] * 12
    assert long["timestep"].isna().tolist() == [True] * 8 + [False] * 12
    assert long["word"].tolist() == text_of(20).split()
    behind = input_table(masked().trace(text_of(20)))
    assert behind["kind"].tolist() == ["word"] * 12 + ["not read"] * 8


def test_the_strip_draws_padding_as_one_box_where_it_is_put() -> None:
    model = padded()
    strip = strip_html(model.trace("word1 zebra"))
    boxes = re.findall(r"<li[^>]*>.*?</li>", strip)
    assert len(boxes) == 3
    assert "10 × padding" in boxes[0]
    assert "timesteps 1–10" in boxes[0]
    assert 'class="unknown"' in boxes[2]
    assert "<i>1</i>" in boxes[2]
    long = re.findall(r"<li[^>]*>.*?</li>", strip_html(model.trace(text_of(20))))
    assert "first 8 words: not read" in long[0]
    assert len(long) == 13
    behind = re.findall(r"<li[^>]*>.*?</li>", strip_html(masked().trace(text_of(20))))
    assert "last 8 words: not read" in behind[-1]


def test_a_very_long_review_is_a_short_strip() -> None:
    model = model_of(random_network("SimpleRNN", (3,), False, ("last",)), 5_000)
    strip = strip_html(model.trace(text_of(1_500)))
    assert strip.count("<li") == MOST_FIRST + MOST_LAST + 1
    assert f"{1_500 - MOST_FIRST - MOST_LAST:,} more words" in strip


def test_words_are_escaped() -> None:
    token = masked().trace("word1").tokens[0]
    trace = replace(masked().trace("word1"), tokens=(token._replace(text="<img src=x>\0" + "y" * 5_000, known=False),))
    shown = strip_html(trace) + reads(trace, masked().card)
    assert "<img src=x>" not in strip_html(trace)
    assert "\0" not in shown
    assert len(shown) < 3_000


def test_the_sentences_say_where_padding_is_and_what_is_left_out() -> None:
    model = padded()
    sentence = reads(model.trace("word1 zebra"), model.card)
    assert sentence.startswith("2 words in, 2 ids")
    assert "10 × padding (id 0) goes in front, up to 12 timesteps" in sentence
    assert "They fill all 12 timesteps" in reads(model.trace(text_of(12)), model.card)
    sentence = reads(model.trace(text_of(20)), model.card)
    assert "It reads the last 12 words only: the first 8 are not read." in sentence
    sentence = reads(masked().trace(text_of(20)), masked().card)
    assert "No padding" in sentence
    assert "It reads the first 12 words only: the last 8 are not read." in sentence
    assert "pads in front (“pre”), to 12 timesteps" in what_it_does(model.card, 12)
    assert "a mask" in what_it_does(masked().card, 0)


def test_the_three_sentences_have_the_ids_of_the_vocabulary() -> None:
    vocabulary = Vocabulary(
        (*RESERVED, "fast", "cars", "are", "good", "is", "a", "famous", "sport", "be", "happy", "positive")
    )
    table = example_table(vocabulary).drop(columns=["padding", "sentence"]).to_numpy().tolist()
    assert table == [
        [0] * 6 + [2, 3, 4, 5],
        [0] * 5 + [1, 6, 7, 8, 9],  # “football” is not in this vocabulary
        [0] * 6 + [10, 11, 10, 12],
        [2, 3, 4, 5] + [0] * 6,
        [1, 6, 7, 8, 9] + [0] * 5,
        [10, 11, 10, 12] + [0] * 6,
    ]
    drawn = example_html(vocabulary)
    cells = re.findall(r"<td.*?</td>", drawn)
    assert [int(re.sub(r"<small>.*?</small>|<.*?>", "", cell)) for cell in cells] == [
        number for row in table for number in row
    ]
    assert sum("class=unknown" in cell for cell in cells) == 2


def test_the_first_word_starts_from_what_the_padding_left() -> None:
    for model in (padded(), padded(both_ways=True)):
        trace = model.trace(text_of(5))
        cell = model.network.layers[0].forward
        state = np.zeros(cell.units)
        if isinstance(cell, SimpleRNN):
            for _ in range(trace.padding):
                state = np.tanh(model.network.embedding[0] @ cell.kernel + state @ cell.recurrent + cell.bias)
            np.testing.assert_allclose(state_before(trace, 0), state, atol=1e-5)
        else:
            assert np.abs(state_before(trace, 0)).max() > 0.01
            assert not state_before(trace, 1).any()  # it reads from the end, and the padding last
    view = View(padded().trace(text_of(5)), "SimpleRNN", 0, 0, 0)
    before = state_before(view.trace, 0)
    unit = int(np.abs(view.layer.hidden_states[0] - before).argmax())
    assert f"unit {unit} moves most, from {signed(before[unit])}" in insights.states(view)
    assert equation.where_from(view) == "h₋₁ is the state that 7 timesteps of padding left, before any word was read."
    assert "h₋₁ is zero" in equation.where_from(replace(view, trace=masked().trace(text_of(5))))
    assert "at the word before" in equation.where_from(replace(view, cursor=1))
    space: Any = SimpleNamespace(components=np.eye(5)[:2], project=lambda states, k: states[:, :k])
    np.testing.assert_allclose(path_of(view, space).states[0], before)


def test_the_bias_is_said_to_hold_the_padding_and_relu_is_explained() -> None:
    model = padded(hidden=True)
    trace = model.trace(text_of(5))
    view = View(trace, "SimpleRNN", 0, 0, 0)
    assert "with the bias and the padding" in insights.contributions(view)
    assert "7 × padding in front, which it reads too" in sentences.what_was_read(trace)
    kernel, bias = model.network.hidden or (np.zeros(0), np.zeros(0))
    on = int((trace.layers[0].hidden_states[-1] @ kernel + bias > 0).sum())
    assert f"{on} of its 7 units are on" in insights.about_relu(model.network, trace)
    assert insights.about_relu(masked().network, masked().trace("word1")) == ""
    assert "with the bias +" in insights.contributions(replace(view, trace=masked().trace(text_of(5))))


def test_words_left_out_at_the_start_are_greyed_in_front() -> None:
    review = "Intro: " + text_of(20) + "."
    trace = padded().trace(review)
    shown = words.review_html(review, trace, LIGHT)
    greyed = re.search(r'title="not read">(.*?)</span>', shown)
    assert greyed is not None
    assert greyed[1] == review[: trace.unread[-1].end]
    assert greyed.start() < shown.index("--c:")
    assert re.sub(r"<sup.*?</sup>|<[^>]*>", "", shown) == "(not read) " + review
    review = text_of(500)
    trace = padded().trace(review)
    shown = words.review_html(review, trace, LIGHT)
    assert "488 words not read …" in shown
    assert re.sub(r"<sup.*?</sup>|<[^>]*>", "", shown).endswith(" ".join(review.split()[-162:]))
    behind = masked().trace(review)
    shown = words.review_html(review, behind, LIGHT)
    assert shown.index("--c:") < shown.index("not read")


def test_the_player_is_told_at_which_end_words_were_left_out() -> None:
    review = text_of(20)
    model = padded()
    trace = model.trace(review)
    card = replace(model.card, family="SimpleRNN")
    sent = payload(trace, card, LIGHT, review)
    assert (sent["unread"], sent["unread_end"]) == (8, "start")
    assert sent["between"][0] == " "
    assert payload(masked().trace(review), card, LIGHT, review)["unread_end"] == "end"


@pytest.mark.parametrize(
    ("contributions", "expected"),
    [
        ([0.9, -2.04, 0.1], "“fine” pushed most towards positive (+0.9), “but” most towards negative (−2.0)."),
        ([-0.2, -0.3, -0.1], "“but” pushed most towards negative (−0.3)."),
        ([0.2, 0.3, 0.1], "“but” pushed most towards positive (+0.3)."),
        ([0.0, 0.0, 0.0], "No word pushed either way."),
    ],
)
def test_the_words_that_pushed_most_make_a_whole_sentence(contributions: list[float], expected: str) -> None:
    trace = replace(load_model("gru").trace("fine but slow"), contributions=np.array(contributions, np.float32))
    assert sentences.credit(trace) == expected
