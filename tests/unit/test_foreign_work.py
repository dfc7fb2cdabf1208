"""A brought network whose reading would take minutes: its texts are cut, or it is refused, before anything is read."""

from __future__ import annotations

from typing import Any

import pytest

from models.errors import ForeignNetworkError
from models.foreign.model import ForeignModel
from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from models.foreign.work import longest, work
from tests import small_networks

WORDS = Words("a dictionary of words", small_networks.WORDS, Preparation())
WIDE = small_networks.file(("LSTM", {"units": 300}), mask=True)
POOLED = small_networks.file(("GRU", {"units": 40, "return_sequences": True}), ("GlobalMaxPooling1D", {}))


def opened(data: bytes, **settings: Any) -> ForeignModel:
    return assemble(read_plan(data, "x.keras"), WORDS, Preparation().changed(settings))


def test_cost_grows_with_the_weights_and_for_pooled_states_with_the_square_of_the_timesteps() -> None:
    wide, pooled = opened(WIDE).plan, opened(POOLED).plan
    assert work(wide, True, 2_000) == 2 * work(wide, True, 1_000) == 2_000 * 4 * 300 * (3 + 300)
    assert work(pooled, False, 2_000) > 3 * work(pooled, False, 1_000)
    for most in (1, 77, 2_000):
        assert longest(wide, True, most, 4) == most
    cut = longest(wide, True, 100_000, 1)
    assert work(wide, True, cut) <= 1e9 < work(wide, True, cut + 1)


def test_texts_are_cut_where_nothing_fixes_their_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_NETWORK_TIMESTEPS", "9000")
    monkeypatch.setenv("UNROLLED_NETWORK_WORK", "1")
    model = opened(WIDE)
    assert model.card.max_timesteps == longest(model.plan, True, 9_000, 1) < 9_000
    trace = model.trace("good film " * 2_000)
    assert len(trace.tokens) == model.card.max_timesteps
    assert len(trace.unread) == 4_000 - model.card.max_timesteps


def test_a_length_that_is_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_NETWORK_WORK", "0")
    for settings in ({}, {"maxlen": 20}):
        with pytest.raises(ForeignNetworkError, match="billion multiplications"):
            opened(WIDE, **settings)
