"""Numbers and the nouns beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.ui.format import agreeing, counted, log_ticks, percent, plain_number, signed
from components.ui.messages import escaped
from models.wording import ordinal

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.mark.parametrize(
    ("number", "word"), [(1, "first"), (5, "fifth"), (6, "6th"), (12, "12th"), (21, "21st"), (111, "111th")]
)
def test_which_in_a_row(number, word):
    assert ordinal(number) == word


def test_a_share_has_a_space_before_its_sign_and_no_line_ends_there() -> None:
    assert [percent(1), percent(0.9317, 1), percent(0)] == ["100 %", "93.2 %", "0 %"]
    assert escaped(percent(1)) == "100&nbsp;%"


def test_no_sentence_writes_a_percentage_in_a_way_of_its_own() -> None:
    """Python's own form has no space; Plotly's hovers and axes have a form of their own."""
    own = re.compile(r"(?<!%)\{[^{}%]*:\.\d%\}|\{100 \* [^{}]*:\.\df\} %")
    sources = [path for room in ("components", "pages") for path in (ROOT / room).rglob("*.py")]
    assert len(sources) > 50
    found = {str(path.relative_to(ROOT)): own.findall(path.read_text(encoding="utf-8")) for path in sources}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_a_logarithmic_axis_of_less_than_two_powers_of_ten_has_ticks_between_them() -> None:
    assert log_ticks(1e-9, 1.0)["ticktext"] == ["10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "1"]
    near = log_ticks(0.21, 3.0)
    assert [text for text, tick in zip(near["ticktext"], near["tickvals"], strict=True) if 0.21 <= tick <= 3] == [
        "0.5", "1", "2",
    ]  # fmt: skip
    assert log_ticks(2e-5, 3e-5)["ticktext"][:3] == ["0.00001", "0.00002", "0.00005"]
