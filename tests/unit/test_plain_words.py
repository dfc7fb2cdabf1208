"""What Read says in plain words: who disagrees, what is a push, what is a negation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from components.read.verdicts import agreement
from components.ui.sentences import credit
from models.catalog import list_models, load_model
from models.compare.opposites import is_negation


def test_networks_that_disagree_are_named_once_all_have_read() -> None:
    cards = [card for card in list_models() if card.part == "trio"]
    one, two, three = (card.name for card in cards)
    assert agreement({one: 0.9, two: 0.2}, cards) == "", "one has not read yet"
    assert agreement({one: 0.9, two: 0.8, three: 0.6}, cards) == "All 3 say positive."
    alone = agreement({one: 0.9, two: 0.2, three: 0.4}, cards)
    assert alone == f"They disagree: {cards[0].title} alone says positive, the other 2 negative."
    four = [*cards, next(card for card in list_models() if card.part == "best")]
    scores = {one: 0.9, two: 0.7, three: 0.4, four[3].name: 0.1}
    assert agreement(scores, four) == "They disagree: 2 say positive, 2 negative."
    broken = {**scores, four[3].name: float("nan")}
    assert agreement(broken, four) == f"They disagree: {cards[2].title} alone says negative, the other 2 positive."


def test_a_share_that_rounds_to_nothing_is_no_push() -> None:
    trace = load_model("lstm").trace("A good bad film")
    shares = np.array([0.04, 0.9, -0.04, 0.0], np.float32)
    sentence = credit(replace(trace, contributions=shares))
    assert sentence == "“good” pushed most towards positive (+0.9)."


@pytest.mark.parametrize(
    ("word", "denies"),
    [
        ("not", True),
        ("Isn’t", True),
        ("never", True),
        ("no", True),
        ("know", False),
        ("nothing", True),
        ("note", False),
    ],
)
def test_what_counts_as_a_negation(word: str, denies: bool) -> None:
    assert is_negation(word) is denies
