"""Reported against reproduced, and the sentences of the training page, for published systems."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from components.training import articles, curves_text, diagram, epoch_story
from components.training import controls as training
from components.training.charts.articles import reported_and_measured
from components.training.charts.curves import curves
from components.training.charts.label_placement import free_height
from components.ui.theme import LIGHT
from models import artifacts, histories
from models.card import ModelCard
from models.card_facts import RecipeFacts
from models.catalog import read_card
from models.figures.reported import Reported
from models.nn.summary import read_summary
from tests.histories import put_article, put_run


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    put_run(tmp_path, "lstm")
    put_article(tmp_path, "article_simple_rnn", {"test_accuracy": 0.8325}, 0.86254, validation_share=0.2)
    put_article(tmp_path, "article_simple_rnn_checkpointed", {}, 0.861, validation_share=0.2, epochs=5, resumed=(3, 2))
    put_article(
        tmp_path, "article_bilstm", {"training_accuracy": 0.93, "test_accuracy": 0.89}, 0.8899, test_reviews=5_000,
        validation_share=0.1,
    )  # fmt: skip
    put_article(tmp_path, "tutorial_bilstm", {"test_accuracy": 0.85}, 0.8102, validation_steps=30, padding="masked")
    return tmp_path


def cards_of(shelf: Path) -> list[ModelCard]:
    return [read_card(folder) for folder in sorted(shelf.iterdir())]


def test_every_reported_figure_stands_beside_the_measured_one(shelf: Path) -> None:
    cards = [card for card in cards_of(shelf) if articles.published(card) is not None]
    assert len(cards) == 4
    rows = {(row.model, row.quantity): row for row in articles.figures(cards, histories.collect(cards)[0])}
    assert len(rows) == 5
    first = rows["article_simple_rnn", "test"]
    assert first.reported == pytest.approx(83.25)
    assert first.difference == pytest.approx(86.254 - 83.25)
    assert first.within is False  # 3.004 points
    assert rows["article_bilstm", "test"].within is True
    # The reported training accuracy is held against that of the last epoch of history.csv.
    assert rows["article_bilstm", "training"].measured == pytest.approx(93.5)
    silent = rows["article_simple_rnn_checkpointed", "test"]
    assert (silent.reported, silent.measured, silent.within) == (None, pytest.approx(86.1), None)
    sentence = articles.about(list(rows.values()))
    assert sentence == (
        "2 of 4 reported figures are met within 3 points. Farthest off: tutorial_bilstm, test, 85 % reported and "
        "81.02 % here, −3.98 points."
    )


def test_what_is_unlike_the_others_is_said(shelf: Path) -> None:
    cards = {card.name: card for card in cards_of(shelf)}
    notes = " ".join(articles.footnotes([cards["article_bilstm"], cards["tutorial_bilstm"]]))
    assert "cuts its own 5,000 test reviews out of all 50,000" in notes
    assert "not on the official test set" in notes
    assert "tutorial_bilstm: validation is made of batches of the official test reviews" in notes
    notes = " ".join(articles.footnotes([cards["article_simple_rnn"]]))
    assert "50,000" not in notes
    assert "batches of the official" not in notes


def test_what_was_published(shelf: Path) -> None:
    cards = {card.name: card for card in cards_of(shelf)}
    found = articles.built(cards["article_bilstm"])
    assert found["Split"] == "45,000 / 5,000 of all; 10 % of the former for validation"
    assert found["Padding"] == "in front, no mask"
    assert articles.built(cards["article_simple_rnn_checkpointed"])["Epochs"] == "5, resumed after 3"
    recipe = RecipeFacts(family="LSTM", units=(64, 32), bidirectional=True, embedding=64, hidden=64, output_dropout=0.5)
    assert articles.layers(recipe) == (
        "Embedding(64) → Bidirectional(LSTM(64)) → Bidirectional(LSTM(32)) → Dense(64, relu) → Dropout(0.5) → Dense(1)"
    )
    assert articles.optimiser(RecipeFacts(optimizer="adam", learning_rate=1e-4)) == "adam, rate 0.0001"
    assert articles.optimiser(RecipeFacts(optimizer="rmsprop")) == "rmsprop"


def test_cards_are_shown_escaped_and_damaged_ones_do_no_harm(shelf: Path) -> None:
    card = read_card(shelf / "article_simple_rnn")
    hostile = replace(card, title="<img src=x onerror=alert(1)>")
    card.facts["recipe"]["chosen"] = ["<script>alert(1)</script>", "![x](http://a.example/p.png)"]
    shown = articles.built_html([hostile], articles.figures([hostile], {}))
    assert "<img" not in shown
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    paragraph = dict(epoch_story.story(card))["Left open by the article, chosen here"]
    assert "![x]" not in paragraph
    assert "\\!\\[x\\]" in paragraph
    card = replace(card, facts={"recipe": {"reported": {"test_accuracy": "high"}, "units": 3, "chosen": 4}})
    assert articles.built(card)["Layers"] == "Embedding(0) → Dense(1)"
    assert articles.figures([card], {})[0].reported is None
    assert articles.built_table([card])["chosen_here"][0] == ""


def test_the_chart_holds_both_figures(shelf: Path) -> None:
    rows = [
        Reported("A <b>", "LSTM", "test", 84.0, 86.5),
        Reported("B", "GRU", "test", None, 80.0),
        Reported("C", "GRU", "test", 90.0, None),
    ]
    figure = reported_and_measured(rows, LIGHT)
    reported, _, measured, *_ = figure.data
    assert (list(reported.x), list(reported.y)) == ([84, 90], [0, 2])
    assert (list(measured.x), list(measured.y)) == ([86.5, 80], [0, 1])
    band = figure.layout.shapes[0]
    assert (band.x0, band.x1) == (81, 87)
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert texts == [
        "<b>A &lt;b&gt;</b><br>test: 84 % → 86.50 %",
        "<b>B</b><br>test: no figure → 80.00 %",
        "<b>C</b><br>test: 90 % → not measured",
    ]
    low, high = figure.layout.xaxis.range
    assert low <= 77
    assert high >= 93
    assert articles.figure_table(rows)["within_3_points"].tolist()[0] is True


@pytest.mark.parametrize(("along", "place"), [("epoch", 3), ("seconds", 180), ("step", 12)])
def test_the_curve_says_where_training_was_resumed(shelf: Path, along: str, place: float) -> None:
    history = histories.saved(read_card(shelf / "article_simple_rnn_checkpointed"))
    assert history.resumed == (3, 2)
    for quantity in ("loss", "accuracy"):
        figure = curves([history], quantity, along, LIGHT)  # type: ignore[arg-type]
        (line,) = figure.layout.shapes
        assert line.x0 == line.x1 == place
        named = [a for a in figure.layout.annotations if "resumed" in a.text]
        assert [a.text for a in named] == ["resumed here from the<br>checkpoint of epoch 2"]
        assert named[0].x == place
    plain = histories.saved(read_card(shelf / "article_simple_rnn"))
    assert not curves([plain], "loss", "epoch", LIGHT).layout.shapes


@pytest.mark.parametrize("odd", [None, 3, {"after_epoch": "3"}, {"after_epoch": 9, "from_epoch": 2},
                                 {"after_epoch": 2, "from_epoch": 3}])  # fmt: skip
def test_an_odd_note_of_resuming_is_passed_over(shelf: Path, odd: object) -> None:
    card = read_card(shelf / "article_simple_rnn_checkpointed")
    card.facts["training"]["resumed"] = odd
    assert histories.saved(card).resumed is None


def test_free_height_is_far_from_every_curve() -> None:
    x = np.arange(5)
    lines = [(x, np.full(5, 0.0)), (x, np.full(5, 1.0))]
    assert free_height(lines, (1, 3), (0, 0)) == pytest.approx(0.5, abs=0.02)
    assert not 0.3 < free_height(lines, (1, 3), (0.3, 0.7)) < 0.7
    assert free_height([*lines, (x[:2], np.full(2, 0.5))], (2, 4), (0, 0)) == pytest.approx(0.5, abs=0.02)


def test_the_kept_epoch_is_the_last_of_an_article_and_the_best_of_ours(shelf: Path) -> None:
    cards = cards_of(shelf)
    table = curves_text.run_table(cards, histories.collect(cards)[0]).set_index("model")
    assert (table.loc["LSTM", "best_epoch"], table.loc["LSTM", "kept_epoch"]) == (2, 2)
    row = table.loc["article_simple_rnn"]
    assert (row["best_epoch"], row["kept_epoch"]) == (2, 3)
    assert row["validation_accuracy"] == pytest.approx(81)  # of the kept epoch, not of the best


def test_the_story_of_an_article_speaks_of_no_block_no_teacher_and_no_temperature(shelf: Path) -> None:
    stories = {card.name: dict(epoch_story.story(card)) for card in cards_of(shelf)}
    for name, parts in stories.items():
        words = " ".join(parts.values())
        if name != "lstm":
            assert "blocks" not in words
            assert "teacher" not in words
            assert "nothing was calibrated" in words
    first = stories["article_simple_rnn"]
    assert "Its article reports 83.25 % on test reviews." in first["As published"]
    assert "drawn at random" in first["Data"]
    assert "The weights of the last epoch were kept" in first["Learning"]
    assert "resumed from the checkpoint of epoch 2" in stories["article_simple_rnn_checkpointed"]["Learning"]
    assert "gives no accuracy" in stories["article_simple_rnn_checkpointed"]["As published"]
    assert "not the official test set" in stories["article_bilstm"]["Data"]
    assert "of the official test reviews, as in its tutorial" in stories["tutorial_bilstm"]["Data"]
    assert "As published" not in stories["lstm"]


def test_different_validation_reviews_are_not_compared(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = cards_of(shelf)
    found, _ = histories.collect(cards)
    sentence = curves_text.about_accuracy(list(found.values()), {"lstm": 2_500.0, "article_simple_rnn": 5_000.0})
    assert sentence.endswith("They were not judged on the same reviews.")
    shown: list[str] = []
    monkeypatch.setattr(training.st, "caption", shown.append)
    training.how_to_read(cards, gap=False)
    assert "flatter" in " ".join(shown)


def test_the_written_card_tells_how_an_article_was_made(shelf: Path) -> None:
    from models.figures.records import Confusion, Figures, Slice
    from models.training.report.model_card import readme

    figures = Figures(
        test_reviews=5_000,
        accuracy=0.8899,
        loss=0.3,
        auc=0.95,
        confusion=Confusion(2_250, 300, 2_200, 250),
        official_test=False,
        without_duplicates=Slice(4_900, 0.88),
    )
    text = readme(artifacts_card(shelf / "article_bilstm"), figures)
    assert "On 5,000 test reviews that its article cuts out of all 50,000 labelled reviews" in text
    assert "Reported: 93 % on training reviews and 89 % on test reviews; 88.99 % on test reviews were measured" in text
    assert "- It was chosen." in text
    for wrong in ("contiguous", "teachers", "temperature", "official 5,000"):
        assert wrong not in text
    text = readme(artifacts_card(shelf / "article_simple_rnn_checkpointed"), replace(figures, official_test=True))
    assert "On the official 5,000 test reviews" in text
    assert "stopped after epoch 3 and resumed from the checkpoint of epoch 2" in text
    assert "No figure is reported" in text


def artifacts_card(folder: Path) -> ModelCard:
    facts = artifacts.read_card(folder)
    return replace(read_card(folder), facts=facts)


def test_padding_in_front_and_a_relu_layer_have_names_of_their_own(tmp_path: Path) -> None:
    folder = put_article(tmp_path, "tutorial_bilstm", {}, 0.8)
    with zipfile.ZipFile(folder / "model.keras") as archive:
        config = json.loads(archive.read("config.json"))
    found = config["config"]["layers"]
    found.insert(1, {"class_name": "PadInFront", "config": {"name": "padding", "timesteps": 40}})
    hidden = {"name": "hidden", "units": 6, "use_bias": True, "activation": "relu"}
    found.insert(-3, {"class_name": "Dense", "config": hidden})
    with zipfile.ZipFile(folder / "model.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
    layers = {layer.name: layer for layer in read_summary(folder)}
    assert layers["padding"].detail == "padding in front up to 40; of longer reviews the last 40"
    assert layers["padding"].shape[1] == layers["embedding"].shape[1] == 40
    assert (layers["hidden"].role, layers["hidden"].parameters) == ("hidden", 4 * 6 + 6)
    assert layers["readout"].role == "dense"
    assert "relu layer" in diagram.svg(tuple(layers.values()), "SimpleRNN", True, LIGHT)
