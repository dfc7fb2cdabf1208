"""The evaluation page: the saved figures, what they say, older and damaged files, nothing heavy imported."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.ui.theme import LIGHT
from models import artifacts
from models.catalog import list_models
from tests.judged import N, figures_of, write
from tests.screen import chart, has, html_of, listed, named, opened

ROOT = Path(__file__).resolve().parents[2]
PARTS = {
    "roc": "ROC curves",
    "thresholds": "Accuracy against the threshold",
    "calibration": "Share of positive reviews",
    "by_stars": "Accuracy against the reviewer's star rating",
    "by_length": "Accuracy against the number of words",
    "by_share_read": "Accuracy of the running prediction",
    "right_bits": "For each pair of models",
    "challenges": "Accuracy by kind of text",
}


def test_the_trio_opens_with_its_saved_figures(own_figures: Path) -> None:
    at = opened("evaluation")
    assert at.pills(key="judged").value == ["simple_rnn", "lstm", "gru"]
    shown = re.sub(r"<[^>]+>", "", html_of(at))
    for expected in (
        "85.00\u00a0% ±\u00a03.50",
        "90.00\u00a0% ±\u00a02.94",
        "92.00\u00a0% ±\u00a02.66",
        "0.2500 ±\u00a00.0490",
        "5.0 points (chance",
    ):
        assert expected in shown
    assert "GRU is right most often, on 92.00 %" in shown
    assert len(at.get("plotly_chart")) == 3 + 7 + 2
    matrix = chart(at, "Confusion matrix of GRU")["data"][0]
    assert np.reshape(listed(matrix["z"]), (2, 2)).tolist() == [[84, 16], [0, 100]]
    assert named(chart(at, PARTS["roc"]), "LSTM")["line"]["color"] == LIGHT.families["LSTM"]
    assert listed(named(chart(at, PARTS["by_stars"]), "GRU")["y"]) == [100, 98, 90, 70, 80, 90, 96, 94]
    assert "There are no reviews of 5 and 6 stars in the data" in shown
    assert "3 test reviews stand word for word among the training reviews too" in "".join(c.value for c in at.caption)


def test_the_real_shelf() -> None:
    at = opened("evaluation")
    shown = re.sub(r"<[^>]+>", "", html_of(at))
    for card in list_models():
        if card.name in ("simple_rnn", "lstm", "gru"):
            assert card.test_accuracy is not None
            assert f"{100 * card.test_accuracy:.2f}\u00a0% ±\u00a0" in shown
    short = any(artifacts.read_evaluation(card.folder).challenges for card in list_models()[:3])
    assert len(at.get("plotly_chart")) == 10 + 2 * short


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.name)
def test_every_model_of_the_real_shelf_alone(card: Any) -> None:
    at = opened("evaluation", judged=card.name)
    assert at.pills(key="judged").value == [card.name]
    assert has(at, f"Confusion matrix of {card.title}")
    assert has(at, PARTS["by_share_read"]) != card.bidirectional
    assert "Choose a second model" in html_of(at)


def test_a_score_and_what_became_of_its_like(own_figures: Path) -> None:
    at = opened("evaluation")
    assert "Of 200 test reviews that GRU scored between 0.80 and 0.87, 91 % were positive (±4)." in html_of(at)
    at.slider(key="score").set_value(0.0).run()
    assert "Of 190 test reviews that GRU scored between 0.00 and 0.07, 2 % were positive (±2)." in html_of(at)
    assert all(shape["x0"] == 0 for shape in chart(at, PARTS["calibration"])["layout"]["shapes"])
    at.slider(key="score").set_value(0.5).run()
    assert "GRU: only 10 test reviews were scored like this, too few to say." in html_of(at)


def test_moving_the_threshold(own_figures: Path) -> None:
    at = opened("evaluation")
    assert at.select_slider(key="threshold").value == 0.5
    at.select_slider(key="threshold").set_value(0.75).run()
    assert not at.exception
    assert "GRU 85.8 % (−6.2 points against 0.5, 12 false alarms, 50 missed)" in html_of(at)
    assert chart(at, PARTS["thresholds"])["layout"]["shapes"][0]["x0"] == 0.75


def test_a_network_that_reads_both_ways_has_no_running_figures(own_figures: Path) -> None:
    at = opened("evaluation", judged=["gru", "best_bigru"])
    drawn = chart(at, PARTS["by_share_read"])
    assert [trace["name"] for trace in drawn["data"]] == ["GRU"]
    assert "Best: bidirectional GRU is not here: it also reads from the end" in html_of(at)
    assert (
        named(chart(at, PARTS["roc"]), "GRU")["line"]["dash"]
        != named(chart(at, PARTS["roc"]), "Best: bidirectional GRU")["line"]["dash"]
    )


def test_choices(own_figures: Path) -> None:
    at = opened("evaluation", judged=["gru", "no_such_model"])
    assert at.pills(key="judged").value == ["gru"]
    at.pills(key="judged").set_value([]).run()
    assert not at.exception and not at.get("plotly_chart")
    assert any("Choose at least one model" in info.value for info in at.info)
    at.pills(key="judged").set_value(["lstm", "simple_rnn"]).run()
    at.switch_page("pages/about.py").run()
    at.switch_page("pages/evaluation.py").run()
    assert at.pills(key="judged").value == ["simple_rnn", "lstm"]


@pytest.mark.parametrize("part", [*PARTS, "loss_deviation", "without_duplicates"])
def test_an_older_file_without_a_part(own_figures: Path, part: str) -> None:
    figures = figures_of("gru")
    del figures[part]
    write(own_figures, "gru", figures)
    at = opened("evaluation")
    shown = html_of(at)
    if part in PARTS:
        assert has(at, PARTS[part])
        assert "GRU is not here: its file of figures is an older one without this part" in shown
        at.pills(key="judged").set_value(["gru"]).run()
        assert not at.exception and not has(at, PARTS[part])
    assert "python -m models.evaluate gru" in shown or part not in PARTS
    assert "92.00\u00a0%" in re.sub(r"<[^>]+>", "", shown)


def test_a_title_of_anybodys_making_stays_text(own_figures: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    artifacts.write_card(own_figures / "gru", {**artifacts.read_card(own_figures / "gru"), "title": hostile})
    at = opened("evaluation")
    shown = html_of(at)
    assert html.escape(hostile) in shown
    assert "<img" not in shown
    figures = "\n".join(element.proto.spec for element in at.get("plotly_chart"))
    assert "<img" not in figures and "\\u003cimg" not in figures


DAMAGES: dict[str, Any] = {
    "missing": None,
    "cut": '{"test_reviews": 400, "accu',
    "binary": "\x00\x01",
    "a list": "[1, 2]",
    "text for a number": json.dumps({**figures_of("lstm"), "accuracy": "![x](http://a.example/p.png)"}),
    "rows of text": json.dumps({**figures_of("lstm"), "by_stars": ["<img src=x>"]}),
    "other total": json.dumps({**figures_of("lstm"), "test_reviews": N + 8}),
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_leaves_out_its_own_model_only(own_figures: Path, damage: str) -> None:
    path = own_figures / "lstm" / "evaluation.json"
    path.unlink()
    if DAMAGES[damage] is not None:
        path.write_text(DAMAGES[damage])
    at = opened("evaluation")
    assert any("evaluation.json" in warning.value and "`lstm`" in warning.value for warning in at.warning)
    assert {trace.get("name") for trace in chart(at, PARTS["by_stars"])["data"]} == {"SimpleRNN", "GRU"}
    assert "a.example" not in html_of(at) and "a.example" not in "".join(w.value for w in at.warning)
    at.pills(key="judged").set_value(["lstm"]).run()
    assert not at.exception
    assert any("Choose at least one model" in info.value for info in at.info)


def test_a_damaged_card_is_named(own_figures: Path) -> None:
    (own_figures / "gru" / "card.json").write_text("{")
    at = opened("evaluation")
    assert any("card.json" in warning.value and "`gru`" in warning.value for warning in at.warning)
    assert at.pills(key="judged").value == ["simple_rnn", "lstm"]


def test_an_empty_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = opened("evaluation")
    assert any("no model on the shelf" in error.value for error in at.error)
    assert not at.get("plotly_chart")


def test_no_tensorflow_in_the_process_that_paints(own_figures: Path) -> None:
    opened("evaluation")
    assert not {"tensorflow", "keras"} & set(sys.modules)
