"""Numbers and the nouns beside them."""

from __future__ import annotations

import pytest

from components.ui.format import agreeing, counted, plain_number, signed


@pytest.mark.parametrize(
    ("number", "thing", "expected"),
    [
        (0, "row", "0 rows"),
        (1, "row", "1 row"),
        (2, "row", "2 rows"),
        (1_204, "blank line", "1,204 blank lines"),
        (-1, "point", "−1 points"),
        (2, "batch", "2 batches"),
        (3, "loss", "3 losses"),
        (2, "film story", "2 film stories"),
    ],
)
def test_a_noun_agrees_with_its_number(number, thing, expected):
    assert counted(number, thing) == expected


def test_only_what_is_shown_as_one_is_one():
    assert counted(1.4, "minute") == "1 minute"
    assert counted(1.0, "minute", places=1) == "1.0 minutes"
    assert counted(0.6, "minute") == "1 minute"
    assert counted(2, "person", "people") == "2 people"


@pytest.mark.parametrize(("number", "places", "expected"), [(-0.04, 1, "0.0"), (-0.4, 0, "0"), (-0.05001, 1, "−0.1")])
def test_nothing_has_no_sign(number, places, expected):
    assert plain_number(number, places) == expected
    assert signed(-0.001) == "0.00"


@pytest.mark.parametrize(("number", "expected"), [(0, "have"), (1, "has"), (2, "have")])
def test_a_verb_agrees_with_its_number(number, expected):
    assert agreeing(number, "has", "have") == expected
