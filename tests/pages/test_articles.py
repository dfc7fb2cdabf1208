"""The training page with published systems on the shelf: reported against reproduced, and words that fit them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.histories import put_article
from tests.screen import html_of, numbers, opened, spec

ROOT = Path(__file__).resolve().parents[2]


def test_without_articles_nothing_is_promised(own_runs: Path) -> None:
    at = opened("training")
    assert "What the tutorials promise" not in [header.value for header in at.header]
    assert len(at.get("plotly_chart")) == 2


def test_reported_stands_beside_reproduced(own_runs: Path) -> None:
    put_article(own_runs, "article_simple_rnn", {"test_accuracy": 0.8325}, 0.8466, validation_share=0.2)
    put_article(
        own_runs, "article_bilstm", {"training_accuracy": 0.93, "test_accuracy": 0.89}, 0.8834, test_reviews=5_000,
        validation_share=0.1,
    )  # fmt: skip
    put_article(own_runs, "tutorial_bilstm", {"test_accuracy": 0.85}, 0.81, validation_steps=30, padding="masked")
    at = opened("training")
    assert "What the tutorials promise" in [header.value for header in at.header]
    data = spec(at, 2)["data"]
    assert sorted(numbers(data[0]["x"])) == pytest.approx([83.25, 85, 89, 93])
    assert sorted(numbers(data[2]["x"])) == pytest.approx([81, 84.66, 88.34, 93.5])
    shown = html_of(at)
    assert "3 of 4 reported figures are met within 3 points." in shown
    assert "is not on the official test set" in shown
    assert "tutorial_bilstm: validation is made of batches of the official test reviews" in shown
    assert "test: 83.25 % → 84.66 %, +1.41: within 3 points" in shown
    assert "It was chosen." in shown
    assert "article_lstm" not in shown
    table = at.dataframe[0].value.set_index("model")
    assert table.loc["article_simple_rnn", "kept_epoch"] == 3


def test_a_resumed_run_is_marked_and_told(own_runs: Path) -> None:
    put_article(own_runs, "article_x", {}, 0.86, validation_share=0.2, epochs=5, resumed=(3, 2))
    at = opened("training", runs=["article_x"], made="article_x")
    for place in (0, 1):
        layout = spec(at, place)["layout"]
        assert [(line["x0"], line["x1"]) for line in layout["shapes"]] == [(3, 3)]
        assert any("checkpoint of epoch 2" in a["text"] for a in layout["annotations"])
    text = "\n".join(str(e.value) for kind in ("markdown", "caption") for e in at.get(kind))
    assert "stopped there and taken up again" in text
    assert "Articles draw their validation reviews at random" in text
    assert "resumed from the checkpoint of epoch 2" in text
    assert "whole blocks" not in text
    assert "temperature" not in text
    assert "python -m models.train article_x" in at.code[0].value
