"""Training curves: what is drawn, what the sentences read off them, and the tables beside them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from components.about.cards import models_table
from components.training import curves_text
from components.training.charts.curves import colour, curves, symbol
from components.training.charts.label_placement import crowds, empty_corner, range_with_room
from components.ui.theme import DARK, LIGHT, contrast
from models.catalog import list_models
from tests.histories import RUNS


def test_the_figure_draws_training_solid_validation_dashed_and_rings_the_best_epoch(runs):
    figure = curves(list(runs.values()), "loss", "epoch", LIGHT)
    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert {trace.line.dash for trace in lines[:4]} == {"solid"}
    assert {trace.line.dash for trace in lines[4:]} == {"dash"}
    rings = {trace.name: (trace.x[0], trace.y[0]) for trace in figure.data if trace.mode == "markers"}
    assert rings["best epoch of LSTM"] == (2, 0.30)
    assert rings["best epoch of GRU"] == (2, 0.32)
    named = [annotation.text for annotation in figure.layout.annotations]
    assert named[0] == "◯ Best: bidirectional GRU: epoch 1, 0.280"
    assert "◯ LSTM: epoch 2, 0.300" in named
    assert figure.layout.yaxis.title.text == "loss, nats"


def test_two_models_of_a_family_differ_in_shade_and_marker(runs):
    assert colour(runs["gru"], LIGHT) == LIGHT.families["GRU"]
    assert colour(runs["best_bigru"], LIGHT) != LIGHT.families["GRU"]
    assert symbol(runs["gru"]) != symbol(runs["best_bigru"])
    for palette in (LIGHT, DARK):
        for history in runs.values():
            assert contrast(colour(history, palette), palette.paper) >= 3


def test_the_gap_is_split_where_the_curves_cross(runs):
    figure = curves([runs["lstm"]], "loss", "epoch", LIGHT, gap=True)
    fills = {trace.name: trace for trace in figure.data if trace.fill == "toself"}
    assert set(fills) == {"overfitting: LSTM", "validation better: LSTM"}
    assert fills["overfitting: LSTM"].fillpattern.shape is None
    crossing = 2 + 0.05 / (0.05 + 0.16)  # the curves lie 0.05 apart at epoch 2, and 0.16 the other way at epoch 3
    assert np.isclose(fills["overfitting: LSTM"].x, crossing).any()
    assert not [t for t in curves([runs["lstm"]], "loss", "step", LIGHT, gap=True).data if t.fill == "toself"]


def test_a_title_with_markup_stays_text(runs):
    hostile = replace(runs["gru"], title='<a href="http://a.example">x</a>')
    drawn = curves([hostile], "loss", "epoch", LIGHT).to_json()
    assert "<a href" not in json.loads(drawn)["layout"]["annotations"][0]["text"]
    assert "\\u003ca href" not in drawn
    assert "<a href" not in drawn


def test_sentences_read_the_numbers(runs):
    trio = [runs[name] for name in ("simple_rnn", "lstm", "gru")]
    assert curves_text.about_loss(trio) == (
        "Lowest validation loss: LSTM, 0.300 nats after epoch 2 of 3; GRU 0.320 (epoch 2 of 2), "
        "SimpleRNN 0.500 (epoch 2 of 2). "
        "Minutes of epochs to a loss of 0.500, which all reached: GRU 0.5, LSTM 1.5, SimpleRNN 2.0."
    )
    assert "rises to 0.360: overfitting" in curves_text.about_loss([runs["lstm"]])
    assert "might have gone on improving" in curves_text.about_loss([runs["gru"]])
    sizes = dict.fromkeys(runs, 2_500.0)
    assert curves_text.about_accuracy(trio, sizes) == (
        "Right verdicts on validation reviews at the best epoch: LSTM 88.0 %, GRU 87.0 %, SimpleRNN 78.0 %. "
        "The lead of 1.0 points is smaller than what chance moves: ±1.3 at 2,500 reviews."
    )
    assert "chance" not in curves_text.about_accuracy(trio, {})
    assert "LSTM 0.160 nats above" in curves_text.about_gap([runs["lstm"]])
    assert "no validation" in curves_text.about_loss([])


def test_the_table_of_runs(runs_shelf, runs):
    table = curves_text.run_table(list_models(runs_shelf), runs)
    lstm = table.set_index("model").loc["LSTM"]
    assert lstm["best_epoch"] == 2
    assert lstm["validation_accuracy"] == pytest.approx(88)
    assert lstm["minutes"] == pytest.approx(4.5)
    assert lstm["seed"] == 7
    assert table["test_accuracy"].isna().all()
    assert list(table["model"]) == [run[0] for run in RUNS.values()]
    cards = list_models(runs_shelf)
    for card in cards:
        if card.name == "lstm":
            card.facts["training"] |= {"minutes": 4.0, "pretraining_minutes": 30.5}
    longer = curves_text.run_table(cards, runs)
    assert longer.set_index("model").loc["LSTM", "minutes"] == pytest.approx(35), "guessing words counts"
    assert curves_text.about_runs(longer).count("35.0 (LSTM)") == 1
    by_card = models_table(cards).set_index("Model")["Training minutes"]
    assert by_card["LSTM"] == pytest.approx(34.5), "in the other table as well"


@pytest.mark.parametrize("value", ["many", None, [4], True])
def test_the_table_of_models_leaves_out_what_a_card_does_not_tell(runs_shelf, value):
    cards = list_models(runs_shelf)
    cards[0].facts["training"]["minutes"] = value
    cards[0].facts["test"] = {"auc": value} if value else "lost"
    row = models_table(cards).iloc[0]
    assert np.isnan(row[["Training minutes", "AUC", "Calibration error"]].astype(float)).all()
    assert row["Parameters"] == cards[0].parameters
    assert models_table(()).empty


def test_names_in_the_fullest_chart_still_stand_on_no_curve():
    x = np.arange(1.0, 7.0)
    full = [(x, np.array([0.44, 0.37, 0.35, 0.34, 0.34, 0.42])), (x, np.array([0.24, 0.22, 0.22, 0.21, 0.21, 0.2]))]
    share = 0.25
    corner = empty_corner(full, True, share)
    assert crowds(full, share)[corner]  # no corner is free
    low, high = range_with_room(full, corner[1], share)
    highest, lowest = max(y.max() for _, y in full), min(y.min() for _, y in full)
    if corner[1]:
        assert high - share * (high - low) >= highest > lowest > low
    else:
        assert low + share * (high - low) <= lowest < highest < high
    assert crowds([(x, np.linspace(1, 0, 6))], share)[1, 1] == 0
