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


SECRET = "a wonderful zanzibarish film, badly acted"


def test_another_process_is_asked_and_prints_nothing_of_the_review(tiny_shelf, capfd):
    trace = load_model("lstm", tiny_shelf).trace(SECRET)
    agreement = against_tensorflow(trace, tiny_shelf / "lstm", SECRET)
    assert agreement.largest < 1e-5
    assert agreement.probability == pytest.approx(trace.probability, abs=1e-5)
    out = capfd.readouterr()
    assert "zanzibarish" not in out.out + out.err


def test_tensorflow_agrees(tiny_model):
    """What the other process answers, asked in this one."""
    from models.training.report.check import read

    trace = tiny_model.trace(SECRET)
    agreement = compare(trace, read(tiny_model.card.folder, SECRET))
    assert agreement.largest < 1e-5
    # The articles' networks judge the last state alone.
    after_every_word = tiny_model.network.streams and tiny_model.card.part != "articles"
    assert len(agreement.differences) == 1 + after_every_word + len(trace.layers)
