"""Keras asked whether it reads the same: what agrees, what differs, and what cannot be asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from components.inside.keras_check import scientific, verdict
from models.catalog import load_model
from models.jobs import keras_check
from models.jobs.keras_check import Agreement, CheckFailed, Difference, against_tensorflow, compare
from tests.readings import big_view


def test_agreement_in_words():
    assert scientific(2.4e-7) == "3·10⁻⁷"
    assert scientific(1e-6) == "1·10⁻⁶"
    assert scientific(9.7e-7) == "1·10⁻⁶"
    assert scientific(0.0) == "0"
    assert "agrees to 3·10⁻⁷" in verdict(Agreement(0.5, (Difference("x", 2.4e-7, 1),), 1.0))
    assert "differs" in verdict(Agreement(0.5, (Difference("x", 0.2, 1),), 1.0))


def test_an_answer_about_something_else_is_refused():
    trace = big_view(4).trace
    with pytest.raises(CheckFailed):
        compare(trace, {"probability": np.float32(0.5), "seconds": np.float64(1), "states_0": np.zeros((3, 64))})
    with pytest.raises(CheckFailed):
        compare(trace, {"probability": np.float32(0.5)})


def test_a_check_that_cannot_start_or_takes_too_long_is_told(monkeypatch):
    trace = big_view(4).trace
    monkeypatch.setattr(keras_check.sys, "executable", "/nowhere/python")
    with pytest.raises(CheckFailed) as failed:
        against_tensorflow(trace, Path("/nowhere"), "film")
    assert failed.value.reason == "failed"
    monkeypatch.undo()
    with pytest.raises(CheckFailed) as late:
        against_tensorflow(trace, Path("/nowhere"), "film", time_limit=0.01)
    assert late.value.reason == "time"


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "stacked_bigru"])
def test_tensorflow_agrees(name, tiny_shelf, capfd):
    secret = "a wonderful zanzibarish film, badly acted"
    model = load_model(name, tiny_shelf)
    agreement = against_tensorflow(model.trace(secret), tiny_shelf / name, secret)
    assert agreement.largest < 1e-5
    assert len(agreement.differences) == 1 + (model.network.streams) + len(model.trace(secret).layers)
    out = capfd.readouterr()
    assert "zanzibarish" not in out.out + out.err
