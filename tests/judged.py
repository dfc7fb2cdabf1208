"""Made-up figures of models on a small test set, all of them following from one table of verdicts."""

from __future__ import annotations

import base64
import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import artifacts
from models.catalog import read_card
from models.figures import json_file
from models.figures.judged import Judged
from models.figures.records import Figures
from tests.histories import RUNS, put_run

N = 400
WRONG = {"simple_rnn": 60, "lstm": 40, "gru": 32, "best_bigru": 36}

# Pairs and sentences are as many as there are; 40 of 132 pairs are right, 24 of 30 texts on other subjects.
CHALLENGES: dict[str, Any] = {
    "pairs": [
        *(
            {"kind": kind, "pairs": n, "original_right": 0.75, "edited_right": 0.5, "both_right": both / n}
            for kind, n, both in (
                ("negation", 10, 5), ("double_negation", 8, 0), ("adjective", 10, 9), ("comparison", 8, 4),
                ("turning_point", 8, 2), ("quantity", 8, 3), ("expectation", 8, 1),
            )
        ),
        {"kind": "review", "pairs": 72, "original_right": 66 / 72, "edited_right": 18 / 72, "both_right": 16 / 72},
    ],
    "singles": [
        {"kind": kind, "reviews": n, "accuracy": right / n}
        for kind, n, right in (
            ("sentence", 40, 38), ("sarcasm", 20, 4), ("critic", 200, 110), ("restaurants", 8, 8),
            ("phones", 8, 6), ("books", 8, 4), ("hotels", 6, 6),
        )
    ],
    "swaps": [
        {"kind": kind, "sentences": 6, "mean_spread": mean, "largest_spread": most, "verdict_changes": turned}
        for kind, mean, most, turned in (("names", 0.1, 0.2, 0), ("countries", 0.2, 0.5, 2), ("genders", 0.3, 0.4, 1))
    ],
    "opinions": [
        {"kind": kind, "texts": 24, "tuned_right": tuned, "held_out_right": held_out}
        for kind, tuned, held_out in (
            ("present", 0.25, 0.5), ("least", 0.75, 0.75), ("reservation", 0.75, 0.75), ("mild", 0.75, 0.75),
            ("negation", 0.75, 0.75), ("after", 0.75, 0.75), ("wish", 0.75, 0.75), ("comparison", 0.75, 0.75),
            ("mixed", 0.75, 0.75), ("degree", 0.75, 0.75),
        )
    ],
    "cuts": [
        {"kind": "whole", "reviews": 2_500, "accuracy": 0.9},
        {"kind": "first_20_words", "reviews": 2_499, "accuracy": 0.7},
        {"kind": "first_sentence", "reviews": 2_400, "accuracy": 0.72},
    ],
}  # fmt: skip

# As measured before there were edited reviews and critics' one-liners.
OLDER = {
    part: [row for row in rows if row["kind"] not in ("review", "critic")]
    for part, rows in CHALLENGES.items()
    if part != "opinions"
}


def right_of(name: str) -> np.ndarray:
    """(N,) bool: each model is wrong on a run of reviews that starts at 20 times its place on the shelf."""
    right = np.ones(N, bool)
    start = 20 * list(WRONG).index(name)
    right[start : start + WRONG[name]] = False
    return right


def figures_of(name: str) -> dict[str, Any]:
    """Evaluation figures as the command writes them; the first half of the reviews is negative."""
    right = right_of(name)
    alarms, missed = int((~right[: N // 2]).sum()), int((~right[N // 2 :]).sum())
    accuracy = float(right.mean())
    bins = [
        {"from": i / 15, "to": (i + 1) / 15, "reviews": 0, "mean_probability": None, "positive": None}
        for i in range(15)
    ]
    bins[0] |= {"reviews": 190, "mean_probability": 0.04, "positive": 0.02}
    bins[7] |= {"reviews": 10, "mean_probability": 0.5, "positive": 0.6}
    bins[12] |= {"reviews": 200, "mean_probability": 0.83, "positive": 0.91}
    figures: dict[str, Any] = {
        "model": name,
        "test_reviews": N,
        "accuracy": accuracy,
        "loss": 0.25,
        "loss_deviation": 0.5,
        "auc": 0.95 + accuracy / 100,
        "confusion": {
            "true_positive": N // 2 - missed,
            "false_positive": alarms,
            "true_negative": N // 2 - alarms,
            "false_negative": missed,
        },
        "roc": [{"false_rate": x, "true_rate": y} for x, y in ((0, 0), (0.1, 0.8), (0.2, 0.95), (1, 1))],
        "thresholds": [
            {"threshold": t, "accuracy": accuracy - abs(t - 0.5) / 4, "true_positive": 150, "false_positive": 12}
            for t in (0.25, 0.5, 0.75)
        ],
        "without_duplicates": {"reviews": N - 3, "accuracy": 0.8},
        "calibration": {"bins": bins, "expected_calibration_error": 0.05},
        "challenges": copy.deepcopy(CHALLENGES),
        "right_bits": base64.b64encode(np.packbits(right).tobytes()).decode(),
        "by_length": [
            {"from": 0, "to": 50, "reviews": 220, "accuracy": 0.8},
            {"from": 50, "to": 1_000, "reviews": 177, "accuracy": 0.98},
            {"from": 1_000, "to": 10_000, "reviews": 3, "accuracy": 1.0},
        ],
        "by_stars": [
            {"stars": stars, "reviews": 50, "accuracy": share}
            for stars, share in zip((1, 2, 3, 4, 7, 8, 9, 10), (1, 0.98, 0.9, 0.7, 0.8, 0.9, 0.96, 0.94), strict=True)
        ],
    }
    if not name.startswith("best"):
        figures["by_share_read"] = [
            {"share": share, "reviews": N, "accuracy": value}
            for share, value in ((0.1, 0.6), (0.5, 0.8), (0.9, 0.88), (1.0, accuracy))
        ]
    return figures


def read_figures_of(name: str, **parts: Any) -> Figures:
    """The same as records, with some parts of the file replaced."""
    return json_file.read({**figures_of(name), **parts})


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """Every made-up run with its figures, for tests that only read them."""
    shelf = tmp_path_factory.mktemp("judged")
    return {
        name: Judged(read_card(put_run(shelf, name)), read_figures_of(name), int(name == "best_bigru"))
        for name in WRONG
    }


@pytest.fixture
def trio(judged: dict[str, Judged]) -> list[Judged]:
    """The first three of them."""
    return [judged[name] for name in ("simple_rnn", "lstm", "gru")]


def changed(model: Judged, **figures: Any) -> Judged:
    """The same model with other figures."""
    return replace(model, figures=replace(model.figures, **figures))


def judged_shelf(shelf: Path) -> Path:
    """Write every made-up run's figures beside it."""
    for name in RUNS:
        write(shelf, name, figures_of(name))
    return shelf


def write(shelf: Path, name: str, figures: Any) -> None:
    (shelf / name / "evaluation.json").write_text(json.dumps(figures))
    artifacts.write_card(shelf / name, artifacts.read_card(shelf / name))
