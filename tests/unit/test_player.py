"""What the player is sent: the trace's own numbers, small, and the same whatever the theme."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.ui.player.payload import LANES, payload, summary
from components.ui.theme import DARK, LIGHT
from models.card import ModelCard
from models.catalog import list_models, load_model
from models.explain.view import readout
from models.sentiment import LayerTrace, Trace
from models.text import Token
from tests.shelves import TINY

REVIEW = "I did not hate this film, and it was not boring: <b>wonderful</b> zzyzx & superb!"
KINDS = sorted(TINY)


def numbers(text: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(shape)


def colours(reader: dict[str, Any], words: int) -> np.ndarray:
    raw = np.frombuffer(base64.b64decode(reader["colours"]), np.int8)
    return raw.reshape(len(reader["lanes"]), words, len(reader["units"])) / 127


def read(shelf: Path, name: str, review: str = REVIEW) -> tuple[Trace, ModelCard, dict[str, Any]]:
    model = load_model(name, shelf)
    trace = model.trace(review)
    return trace, model.card, json.loads(json.dumps(payload(trace, model.card, LIGHT, review)))


def made_up(family: str, words: int, units: int, directions: int, card: ModelCard) -> Trace:
    """A reading of any size, without a network."""
    random = np.random.default_rng(words + units)

    def lane(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, (words, units)).astype(np.float32)

    gates = {name: lane(0, 1) for name in LANES[family] if name not in ("hidden", "cell")}
    cells = lane(-4, 4) if family == "LSTM" else None
    layers = tuple(
        LayerTrace(f"layer {way}", way, lane(-1, 1), cells, gates)
        for way in (("forward", "backward")[:directions])  # type: ignore[misc]
    )
    tokens = tuple(Token("something", 10 * i, 10 * i + 9, 5, True) for i in range(words))
    running = random.normal(0, 2, words).astype(np.float32) if directions == 1 else None
    credit = random.normal(0, 1, words).astype(np.float32)
    weights = random.normal(0, 1, units * directions).astype(np.float32)
    return Trace(tokens, (), 0.0, 0.5, running, layers, credit, 0.0, weights)


@pytest.mark.parametrize("name", KINDS)
def test_digits_are_the_traces_own(tiny_shelf: Path, name: str) -> None:
    trace, card, sent = read(tiny_shelf, name)
    words, lanes = len(trace.tokens), LANES[card.family]
    assert sent["words"] == [token.text for token in trace.tokens]
    assert [c == "1" for c in sent["known"]] == [token.known for token in trace.tokens]
    np.testing.assert_array_equal(numbers(sent["credit"], words), trace.contributions)
    assert sent["probability"] == pytest.approx(trace.probability, abs=1e-6)
    if trace.running_logits is None:
        assert sent["probabilities"] is None
    else:
        expected = 1 / (1 + np.exp(-trace.running_logits.astype(np.float64)))
        np.testing.assert_allclose(numbers(sent["probabilities"], words), expected, atol=1e-6)
        assert numbers(sent["probabilities"], words)[-1] == pytest.approx(trace.probability, abs=1e-6)
    top = trace.layers[-len(sent["readers"]) :]
    assert [reader["direction"] for reader in sent["readers"]] == [layer.direction for layer in top]
    for layer, reader in zip(top, sent["readers"], strict=True):
        everything = {"hidden": layer.hidden_states, "cell": layer.cell_states, **layer.gates}
        assert tuple(reader["lanes"]) == lanes
        digits = numbers(reader["digits"], len(reader["chosen"]), len(lanes), words)
        means = numbers(reader["means"], len(lanes), words)
        for place, lane in enumerate(lanes):
            values = everything[lane]
            assert values is not None
            np.testing.assert_array_equal(digits[:, place], values[:, reader["chosen"]].T)
            np.testing.assert_allclose(means[place], values.mean(1), atol=1e-6)
            scale = sent["cell_scale"] if lane == "cell" else 1
            shown = colours(reader, words)[place] * scale
            np.testing.assert_allclose(shown, values[:, reader["units"]], atol=scale / 250)


@pytest.mark.parametrize("name", KINDS)
def test_digits_obey_the_equations_of_the_cell(tiny_shelf: Path, name: str) -> None:
    trace, card, sent = read(tiny_shelf, name)
    for reader in sent["readers"]:
        shape = (len(reader["chosen"]), len(reader["lanes"]), len(trace.tokens))
        lane = dict(zip(reader["lanes"], numbers(reader["digits"], *shape).swapaxes(0, 1), strict=True))
        if reader["direction"] == "backward":
            lane = {key: values[:, ::-1] for key, values in lane.items()}
        before = {key: np.pad(values, ((0, 0), (1, 0)))[:, :-1] for key, values in lane.items()}
        for key, start in (reader["start"] or {}).items():  # padding in front left a state
            before[key][:, 0] = start["digits"]
        if card.family == "LSTM":
            cell = lane["forget"] * before["cell"] + lane["input"] * lane["candidate"]
            np.testing.assert_allclose(lane["cell"], cell, atol=1e-5)
            np.testing.assert_allclose(lane["hidden"], lane["output"] * np.tanh(lane["cell"]), atol=1e-5)
        elif card.family == "GRU":
            hidden = lane["update"] * before["hidden"] + (1 - lane["update"]) * lane["candidate"]
            np.testing.assert_allclose(lane["hidden"], hidden, atol=1e-5)
        assert np.abs(lane["hidden"]).max() <= 1


@pytest.mark.parametrize("name", KINDS)
def test_the_heaviest_unit_comes_first(tiny_shelf: Path, name: str) -> None:
    trace, _, sent = read(tiny_shelf, name)
    for place, reader in zip(range(len(trace.layers) - len(sent["readers"]), 9), sent["readers"], strict=False):
        weights = readout(trace, place)
        assert weights is not None
        assert (np.diff(np.abs(weights[reader["chosen"]])) <= 0).all()
        assert np.abs(weights[reader["chosen"][0]]) == np.abs(weights).max()
        # Drawn in the order of their signed weights, as everywhere.
        assert (np.diff(weights[reader["units"]]) <= 0).all()


@pytest.mark.parametrize(
    ("family", "units", "directions"),
    [("SimpleRNN", 32, 1), ("LSTM", 64, 1), ("LSTM", 128, 1), ("LSTM", 128, 2), ("GRU", 64, 2), ("LSTM", 512, 2)],
)
def test_small_enough_to_travel_at_once(tiny_shelf: Path, family: str, units: int, directions: int) -> None:
    card = next(card for card in list_models(tiny_shelf) if card.family == family)
    for words, most in ((1, 12_000), (200, 300_000), (1_500, 700_000)):
        trace = made_up(family, words, units, directions, card)
        sent = payload(trace, card, LIGHT)
        assert len(json.dumps(sent)) < most, words
        assert len(sent["words"]) == words
        assert all(
            set(reader["chosen"]) and len(reader["units"]) >= min(units, 16 // directions) for reader in sent["readers"]
        )
    # At the length of an ordinary review, nothing of an ordinary network is left out.
    sent = payload(made_up("LSTM", 200, 64, 1, card), card, LIGHT) if family == "LSTM" else None
    assert sent is None or (len(sent["readers"][0]["units"]), len(sent["readers"][0]["chosen"])) == (64, 12)


def test_a_reading_keeps_its_id_in_another_theme_only(tiny_shelf: Path) -> None:
    trace, card, sent = read(tiny_shelf, "lstm")
    assert payload(trace, card, DARK, REVIEW)["id"] == sent["id"]
    assert payload(trace, card, DARK, REVIEW)["colours"] != sent["colours"]
    assert read(tiny_shelf, "lstm", REVIEW + " Bad.")[2]["id"] != sent["id"]
    assert read(tiny_shelf, "gru")[2]["id"] != sent["id"]


def test_the_text_comes_back_whole(tiny_shelf: Path) -> None:
    _, _, sent = read(tiny_shelf, "lstm")
    pieces = [*zip(sent["between"], sent["words"], strict=False), (sent["between"][-1], "")]
    assert "".join(a + b for a, b in pieces) == REVIEW
    assert "0" in sent["known"]


@pytest.mark.parametrize(
    "review",
    ["Bad", "Not good", "zzyzx qwrtp 看看", "a" * 5_000, "good\0film\x07", "x" + " ." * 30_000, "no 😀 " * 2_000],
    ids=["one", "two", "unknown", "endless word", "control", "gap", "long"],
)
def test_any_text_can_be_played(tiny_shelf: Path, review: str) -> None:
    for name in ("simple_rnn", "stacked_bigru"):
        trace, _, sent = read(tiny_shelf, name, review)
        assert len(sent["words"]) == len(trace.tokens) == len(sent["known"])
        assert len(sent["between"]) == len(trace.tokens) + 1
        assert max(map(len, sent["words"])) <= 60 and max(map(len, sent["between"])) <= 200
        assert not any(c < " " and c not in "\n\t" for text in sent["between"] for c in text)
        assert sent["unread"] == len(trace.unread)
        assert summary(trace).endswith(f"{trace.probability:.2f}.")


def test_the_sentence_names_the_greatest_move(tiny_shelf: Path) -> None:
    trace, _, _ = read(tiny_shelf, "lstm")
    running = trace.running_probabilities
    assert running is not None
    place = max(range(1, len(running)), key=lambda i: abs(running[i] - running[i - 1]))
    sentence = summary(trace)
    assert f"“{trace.tokens[place].text}” (word {place + 1} of {len(running)})" in sentence
    assert f"from {running[place - 1]:.2f} to {running[place]:.2f}" in sentence
    assert ("rises" in sentence) == (running[place] > running[place - 1])


def test_a_page_holds_the_player(tiny_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("UNROLLED_SHELF", str(tiny_shelf))

    def page() -> None:
        from components.session import resources
        from components.ui import theme
        from components.ui.player import player

        model = resources.model("gru")
        player(model.trace("Not good, not bad."), model.card, theme.palette(), review="Not good, not bad.")

    at = AppTest.from_function(page).run(timeout=60)
    assert not at.exception
    stage, courier = (json.loads(part.proto.json or part.proto.bytes) for part in at.get("bidi_component"))
    assert stage == {"stage": "player-stage"}, "always the same, so that its code is sent once"
    sent = courier
    assert sent["words"] == ["Not", "good", "not", "bad"] and sent["between"] == ["", " ", ", ", " ", "."]
    assert sent["family"] == "GRU"
