"""What is counted and said of many scores: every edge on the side where the verdict has it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from components.batch import charts
from components.batch.text import fit_sentence, spread_sentence
from components.ui.theme import LIGHT
from models.catalog import list_models
from models.figures.metrics import fit

CARDS = {card.name: card for card in list_models()}
SAID = np.array([0, 0.049, 0.05, 0.4, 0.41, 0.5, 0.59, 0.6, 0.999, 1, np.nan], np.float32)


def test_every_score_falls_into_its_twentieth() -> None:
    counts = charts.histogram_counts(SAID)
    assert counts.sum() == 10, "the one that could not be scored is in none"
    expected = dict.fromkeys(range(charts.BINS), 0)
    for p in SAID[:-1]:
        expected[min(int(np.floor(p * 20 + 1e-6)), 19)] += 1
    assert counts.tolist() == list(expected.values())
    assert counts[[0, 1, 10, 12, 19]].tolist() == [2, 1, 1, 1, 2]


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_positive_begins_at_a_half_and_unsure_lies_between(name: str) -> None:
    sentence = spread_sentence({name: SAID}, CARDS)
    assert sentence == f"{CARDS[name].title} calls 5 of 10 positive (3 between 0.4 and 0.6)."
    assert spread_sentence({name: np.array([0.1, 0.9])}, CARDS) == f"{CARDS[name].title} calls 1 of 2 positive."


def test_a_title_with_markup_stays_text() -> None:
    link = '<a href="http://a.example">x</a>'
    cards = {name: replace(CARDS[name], title=link) for name in ("lstm", "gru")}
    scores = {"lstm": SAID[:-1], "gru": SAID[-2::-1]}
    fits = {name: fit(values, SAID[:-1] > 0.3) for name, values in scores.items()}
    drawn = (
        charts.histogram(scores, cards, LIGHT),
        charts.partings([0, 1], ["a", "b"], scores, cards, LIGHT),
        charts.roc(fits, cards, LIGHT),
    )
    for figure in drawn:
        assert "<a href" not in str(figure.to_dict()), "Plotly would make a link of it"


def test_bars_are_blue_above_a_half_and_orange_below() -> None:
    bars = charts.histogram({"lstm": SAID}, CARDS, LIGHT).to_dict()["data"][0]
    colours = bars["marker"]["color"]
    assert len(colours) == charts.BINS

    def red(colour: str) -> int:
        return int(colour[1:3], 16) - int(colour[5:7], 16)

    assert red(colours[0]) > 0 > red(colours[-1]), "orange at 0, blue at 1"
    assert red(LIGHT.negative) > 0 > red(LIGHT.positive)


def test_all_of_six_right_is_said_with_what_chance_allows() -> None:
    found = fit(np.array([0.9, 0.8, 0.7, 0.1, 0.2, 0.3]), np.array([True] * 3 + [False] * 3))
    assert "Right on 6 of 6 (100.0 %; chance allows 61 to 100 %)" in fit_sentence(found)
