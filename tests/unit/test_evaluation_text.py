"""What is said of the test-set figures, and their tables."""

from __future__ import annotations

import math

import numpy as np
import pytest

from components.evaluation import controls as evaluation
from components.evaluation import text as evaluation_findings
from components.ui.confusion import confusion_table
from models.figures import statistics as science
from models.figures.judged import Judged
from models.figures.records import LengthSlice
from tests.judged import N, changed


def test_about_accuracy(trio: list[Judged]) -> None:
    sentence = evaluation_findings.about_accuracy(trio)
    # 40 and 32 wrong: the runs 20–59 and 40–71 overlap on 20, so they differ on 20 + 12 reviews.
    chance = 100 * 1.96 * math.sqrt(32) / N
    assert sentence.startswith(
        "GRU is right most often, on 92.00 %: 2.00 points ahead of LSTM, no more than chance moves"
    )
    assert f"(±{chance:.2f})" in sentence
    assert "7.00 points ahead of SimpleRNN, more than chance moves" in sentence
    alone = evaluation_findings.about_accuracy(trio[:1])
    assert "85.0 % of 400 test reviews" in alone and "±3.5 points" in alone


def test_leads_without_single_verdicts_are_judged_unpaired(trio: list[Judged]) -> None:
    old = [changed(model, right_bits=None) for model in trio[:2]]
    expected = math.hypot(science.margin(0.85, N), science.margin(0.9, N))
    assert evaluation_findings.lead_margin(*old) == pytest.approx(expected)
    assert f"±{100 * expected:.2f}" in evaluation_findings.about_accuracy(old)


def test_level_models(trio: list[Judged]) -> None:
    assert "level with SimpleRNN" in evaluation_findings.about_accuracy([trio[0], changed(trio[0])])


def test_other_sentences(trio: list[Judged]) -> None:
    gru = trio[2]
    say = evaluation_findings
    assert say.about_confusion(gru) == (
        "32 negative reviews called positive, 0 positive ones called negative: it leans positive."
    )
    assert "finds 100.0 % of the positive reviews and calls 16.0 % of the negative ones positive" in say.about_roc(trio)
    assert "All are a little too cautious." in say.about_calibration(trio)
    assert say.scored_like(gru, 0.85) == (
        "Of 200 test reviews that GRU scored between 0.80 and 0.87, 91 % were positive (±4)."
    )
    assert "only 10 test reviews" in say.scored_like(gru, 0.5)
    assert "only 0 test reviews" in say.scored_like(gru, 1.0)
    assert "80.0 % (under 50 words) to 98.0 % (50–999)" not in say.about_length(trio)  # 177 reviews are too few
    assert "4 stars and on 100.0 % of those with 1. There are no reviews of 5 and 6 stars" in say.about_stars(trio)
    assert "After 50 % of the words GRU is right on 80.0 %, at the end on 92.0 %" in say.about_share(trio)
    assert "the last 10 % alone bring 4.00 points" in say.about_share(trio)
    sentence = say.about_threshold([gru], 0.75)
    assert sentence.endswith("GRU 85.8 % (−6.2 points against 0.5, 12 false alarms, 50 missed).")
    assert "not one" not in sentence and "None of these" in say.about_threshold([gru], 0.33)
    assert "All 3 are right on 82.0 %, and none is on 5.0 %" in say.about_pairs(trio, say.pairs(trio))


def test_length_is_told_with_what_chance_does(trio: list[Judged]) -> None:
    rows = (
        LengthSlice(0, 50, 5_000, 0.80),
        LengthSlice(50, 100, 5_000, 0.98),
        LengthSlice(1_000, 10_000, 3, 1.0),
    )
    sentence = evaluation_findings.about_length([changed(trio[0], by_length=rows)])
    assert "more than chance does: from 80.0 % (under 50 words) to 98.0 % (50–99)" in sentence
    assert "Only 3 reviews have 1,000 or more words" in sentence


def test_tables(trio: list[Judged]) -> None:
    table = evaluation.figures_table([*trio[:2], changed(trio[2], calibration=None, loss_deviation=None)])
    assert table["accuracy_percent"].tolist() == pytest.approx([85, 90, 92])
    assert table["loss_chance"][0] == pytest.approx(1.96 * 0.5 / 20)
    assert np.isnan(table["calibration_error_points"][2]) and np.isnan(table["loss_chance"][2])
    counts = confusion_table(trio[0].figures.confusion)
    assert counts["reviews"].tolist() == [140, 60, 0, 200]
    assert counts["share"].tolist() == pytest.approx([0.7, 0.3, 0, 1])
    assert len(evaluation.part_table(trio, "calibration")) == 45
    assert len(evaluation.pair_table(evaluation_findings.pairs(trio))) == 3
