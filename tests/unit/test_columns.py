"""Which column holds the text and which the labels, and how well verdicts fit them."""

from __future__ import annotations

import numpy as np
import pytest

from models.figures.metrics import fit
from models.figures.records import Confusion
from models.scoring.columns import pick_label, pick_text
from models.scoring.labels import read_labels


def test_the_text_column_is_found_by_name_and_else_by_length():
    sample = [["tt001", "A long sentence about a film", "good"]] * 5
    assert pick_text(["id", "x", "y"], sample) == 1
    assert pick_text(["id", "x", "Review"], sample) == 2
    assert pick_text(["text", "x", "y"], [["", "words here", ""]] * 5) == 1
    assert pick_text(["a", "b"], [["1", "2.5"]] * 5) is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["0", "1", ""], [False, True, None]),
        (["neg", "POS", "Positive"], [False, True, True]),
        (["-1", "1", "0"], [False, True, None]),
        (["1", "4", "5", "7", "10"], [False, False, None, True, True]),
        (["1", "2", "3", "4", "5"], [False, False, None, True, True]),
        (["2/10", "8/10", "5/10"], [False, True, None]),
        (["★☆☆☆☆", "★★★★☆"], [False, True]),
        (["1", "2", "2"], [False, True, True]),
    ],
)
def test_labels_are_read_as_people_write_them(cells, expected):
    assert list(read_labels(cells).positive) == expected


@pytest.mark.parametrize("cells", [[], ["", ""], ["apple", "pear"], ["1999", "2004"], ["0.123"] * 3 + ["55.5"]])
def test_what_is_no_label_is_not_read_as_one(cells):
    assert read_labels(cells) is None


def test_the_label_column_is_found_by_name():
    sample = [["fine film", "9", "1"], ["dull film", "2", "0"]]
    assert pick_label(["text", "year", "label"], sample, 0) == 2
    assert pick_label(["text", "a", "b"], sample, 0) is None


def test_fit_against_counting_by_hand():
    p = np.array([0.9, 0.8, 0.8, 0.3, 0.5, 0.1])
    positive = np.array([True, False, True, True, False, False])
    found = fit(p, positive)
    assert found.confusion == Confusion(true_positive=2, false_positive=2, true_negative=1, false_negative=1)
    assert found.accuracy == pytest.approx(0.5)
    pairs = [(a > b) + 0.5 * (a == b) for a in p[positive] for b in p[~positive]]
    assert found.auc == pytest.approx(sum(pairs) / len(pairs))
    assert np.isnan(fit(p, np.ones(6, bool)).auc)
    with pytest.raises(ValueError, match="at least one"):
        fit(p[:0], positive[:0])
