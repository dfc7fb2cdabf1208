"""Edges and sides: what exactly 0.5 is called, which theme has which colours, which number stands on which axis."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from components.inside.charts import gates
from components.letters import text as letters_text
from components.read.recent import MOST_READINGS, Earlier, with_new
from components.ui import theme
from components.ui.verdict import in_words
from models.card import ModelCard
from models.compare.readers import Reader
from models.letters.training import Settings, spell
from models.letters.word import word_of
from models.text import key


def test_a_half_is_positive_and_words_begin_at_their_numbers() -> None:
    words = {0.5: "positive", 0.6: "slightly positive", 0.75: "rather positive", 0.9: "clearly positive"}
    assert in_words(0.5) == "undecided, a touch positive"
    assert in_words(0.499) == "undecided, a touch negative"
    assert [in_words(p) for p in list(words)[1:]] == list(words.values())[1:]
    assert [in_words(p) for p in (0.4, 0.25, 0.1)] == ["slightly negative", "rather negative", "clearly negative"]


@pytest.mark.parametrize(("p", "positive"), [(0.5, True), (np.nextafter(0.5, 0), False), (0.0, False), (1.0, True)])
def test_a_reader_calls_a_half_positive(p: float, positive: bool) -> None:
    assert Reader(ModelCard, SimpleNamespace(probability=p)).positive == positive  # type: ignore[arg-type]


@pytest.mark.parametrize(("seen", "colours"), [("dark", theme.DARK), ("light", theme.LIGHT), (None, theme.LIGHT)])
def test_the_colours_are_those_of_the_theme(seen: str | None, colours, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme.st, "context", SimpleNamespace(theme=SimpleNamespace(type=seen)))
    assert theme.palette() is colours


def test_a_gate_is_counted_over_the_words_of_each_unit() -> None:
    values = np.array([[0.95, 0.05, 0.5], [0.95, 0.5, 0.5], [0.95, 0.05, 0.5], [0.95, 0.5, 0.5]])
    shut, wide = gates.saturation(values)
    assert shut.tolist() == [0, 0.5, 0] and wide.tolist() == [1, 0, 0]


def test_who_has_learnt_nothing_guesses_evenly_among_the_answers() -> None:
    word = word_of("banana")
    run = spell(Settings(), word)
    assert run.outputs == 3 and len(word.read) == 5
    assert "Guessing evenly would be 0.33." in letters_text.progress(run, word)


def test_the_newest_reading_stands_first_once() -> None:
    first, second = Earlier("a", "lstm", 0.2), Earlier("b", "lstm", 0.9)
    assert with_new([], first) == [first]
    assert with_new([first], second) == [second, first]
    assert with_new([second, first], first) == [first, second]
    many = [Earlier(str(n), "gru", 0.5) for n in range(MOST_READINGS)]
    assert with_new(many, first) == [first, *many[:-1]]


def test_words_are_looked_up_without_their_capitals() -> None:
    assert key("Film") == key("FILM") == key("film") == "film"
