"""Nothing is read twice in a visit, nothing is shared between visits, and all of them together stay within bounds."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from components.session import kept, resources
from components.session.kept import Kept
from models.catalog import load_model
from models.errors import EmptyReview
from models.sentiment import SentimentModel
from models.text import Vocabulary


@pytest.fixture(scope="module")
def model() -> SentimentModel:
    return load_model("simple_rnn")


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_used", type(kept._used)())


def test_a_text_is_read_once_and_another_visit_reads_for_itself(model) -> None:
    mine, yours = Kept(), Kept()
    first = mine.trace(model, "A good film.")
    assert mine.trace(model, "A good film.") is first
    other = yours.trace(model, "A good film.")
    assert other is not first
    np.testing.assert_array_equal(other.contributions, first.contributions)
    assert mine.trace(model, "A bad film.").probability != first.probability


def test_a_model_that_was_replaced_reads_again(model) -> None:
    mine = Kept()
    first = mine.trace(model, "A good film.")
    again = SentimentModel(model.card, model.vocabulary, model.network)
    assert mine.trace(again, "A good film.") is not first


def test_networks_with_one_vocabulary_take_a_text_apart_once_and_those_with_their_own_for_themselves(
    model, monkeypatch
) -> None:
    sister = SentimentModel(replace(model.card, name="sister"), model.vocabulary, model.network)
    stranger = SentimentModel(replace(model.card, name="stranger"), Vocabulary(model.vocabulary.words), model.network)
    asked: list[str] = []
    tokenize = Vocabulary.tokenize
    monkeypatch.setattr(Vocabulary, "tokenize", lambda self, text: asked.append(text) or tokenize(self, text))
    mine = Kept()
    first = mine.trace(model, "A good film.")
    assert mine.trace(sister, "A good film.").tokens is first.tokens and asked == ["A good film."]
    assert mine.trace(stranger, "A good film.").tokens == first.tokens and len(asked) == 2
    assert mine.trace(model, "A bad film.").tokens[1].text == "bad" and asked[-1] == "A bad film."


def test_the_last_twenty_are_kept(model) -> None:
    mine = Kept()
    first = mine.trace(model, "Film 0.")
    for number in range(1, 20):
        mine.trace(model, f"Film {number}.")
    assert mine.trace(model, "Film 0.") is first, "looked at just now"
    mine.trace(model, "Film 20.")
    texts = [text for _, text in mine.readings]
    assert len(texts) == 20 and "Film 0." in texts and "Film 1." not in texts


def test_all_visits_together_keep_what_the_operator_allows(model, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_KEPT_READINGS", "1")
    review = "a film about words " * 100
    visits = [Kept() for _ in range(30)]
    traces = [visit.trace(model, review) for visit in visits]
    size = kept._size(traces[0])
    held = sum(len(visit.readings) for visit in visits)
    assert 1 <= held <= 2**20 // size + 1 < 30
    assert visits[-1].trace(model, review) is traces[-1] and not visits[0].readings
    assert visits[0].trace(model, review).probability == traces[0].probability, "read again"


def test_one_reading_larger_than_that_is_still_shown(model, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_KEPT_READINGS", "0")
    mine = Kept()
    first = mine.trace(model, "A good film.")
    assert mine.trace(model, "A good film.") is first


def test_a_visit_that_ends_takes_its_readings_along(model) -> None:
    mine = Kept()
    mine.trace(model, "A good film.")
    del mine
    gc.collect()
    assert not list(kept._used)
    yours = Kept()
    yours.trace(model, "A bad film.")
    assert len(kept._used) == 1


def test_bad_input_is_not_kept(model) -> None:
    mine = Kept()
    with pytest.raises(EmptyReview):
        mine.trace(model, "…")
    assert not mine.readings


def test_the_shelf_is_looked_at_once_a_second_at_most(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    monkeypatch.setattr(resources, "LOOK_AGAIN", 3600.0)
    looks: list[str] = []
    look = resources._files
    monkeypatch.setattr(resources, "_files", lambda shelf: looks.append(shelf) or look(shelf))
    for _ in range(3):
        assert resources.cards() == () and resources.damaged() == ()
    assert len(looks) == 1
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "card.json").write_text("{")
    assert resources.damaged() == ()
    resources.look_again()
    assert [error.model for error in resources.damaged()] == ["broken"]
    monkeypatch.setattr(resources, "LOOK_AGAIN", 0.0)
    (tmp_path / "broken").rename(tmp_path / "moved")
    assert [error.model for error in resources.damaged()] == ["moved"]
