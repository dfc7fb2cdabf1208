"""The training page: the saved curves, what they say, a visitor's own files, a damaged shelf."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.ui.theme import LIGHT
from tests.histories import RUNS
from tests.screen import html_of, opened, spec
from tests.screen import listed as numbers

ROOT = Path(__file__).resolve().parents[2]
MINE = b"epoch,accuracy,loss,val_accuracy,val_loss\n0,0.7,0.6,0.72,0.5\n1,0.8,0.4,0.78,0.45\n2,0.9,0.2,0.77,0.6\n"
HOSTILE = '![x](http://a.example/p.png)<img src=x onerror="alert(1)">.csv'


def lines(figure: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Curves by run and dash."""
    return {
        (trace["name"], trace["line"]["dash"]): trace
        for trace in figure["data"]
        if trace.get("legendgroup") and "lines" in trace["mode"] and trace.get("fill") != "toself"
    }


def shown_by_markdown(at: AppTest) -> str:
    """Everything that is rendered, not shown as plain text."""
    return "\n".join(
        str(element.value) for kind in ("markdown", "caption", "warning", "info", "error") for element in at.get(kind)
    )


def named(at: AppTest, place: int = 0) -> list[str]:
    return [annotation["text"] for annotation in spec(at, place)["layout"].get("annotations", [])]


def test_the_trio_opens_with_its_saved_numbers(own_runs):
    at = opened("training")
    loss, accuracy = spec(at, 0), spec(at, 1)
    drawn = lines(loss)
    assert {name for name, _ in drawn} == {"SimpleRNN", "LSTM", "GRU"}
    assert numbers(drawn["LSTM", "solid"]["y"]) == [0.5, 0.35, 0.2]
    assert numbers(drawn["LSTM", "dash"]["y"]) == [0.45, 0.3, 0.36]
    assert drawn["LSTM", "solid"]["line"]["color"] == LIGHT.families["LSTM"]
    assert numbers(lines(accuracy)["GRU", "dash"]["y"]) == pytest.approx([79, 87])
    assert loss["layout"]["yaxis"]["title"]["text"] == "loss, nats"
    assert accuracy["layout"]["yaxis"]["title"]["text"] == "accuracy, %"
    assert loss["layout"]["xaxis"]["title"]["text"] == "epoch"


def test_best_epochs_are_ringed_named_and_told(own_runs):
    at = opened("training")
    assert named(at) == ["◯ LSTM: epoch 2, 0.300", "◯ GRU: epoch 2, 0.320", "◯ SimpleRNN: epoch 2, 0.500"]
    assert named(at, 1)[0] == "◯ LSTM: epoch 2, 88.0 %"
    ring = next(trace for trace in spec(at)["data"] if trace["name"] == "best epoch of LSTM")
    assert (numbers(ring["x"]), numbers(ring["y"])) == ([2], [0.3])
    assert "Lowest validation loss: LSTM, 0.300 nats after epoch 2 of 3" in html_of(at)
    assert "Minutes of epochs to a loss of 0.500, which all reached: GRU 0.5, LSTM 1.5, SimpleRNN 2.0." in html_of(at)
    assert "LSTM, 0.300 nats" in at.get("plotly_chart")[0].proto.alt
    assert any("can lie above validation loss" in caption.value for caption in at.caption)


def test_every_axis(own_runs):
    at = opened("training")
    at.segmented_control(key="along").set_value("seconds").run()
    assert numbers(lines(spec(at))["LSTM", "dash"]["x"]) == [90, 180, 270]
    at.segmented_control(key="along").set_value("step").run()
    assert not at.exception
    assert numbers(lines(spec(at))["LSTM", "solid"]["x"]) == [2, 4, 6, 8, 10, 12]
    assert numbers(lines(spec(at))["LSTM", "dash"]["x"]) == [4, 8, 12]
    assert at.toggle(key="gap").disabled


def test_the_gap_is_shaded_when_asked(own_runs):
    at = opened("training")
    assert not [trace for trace in spec(at)["data"] if trace.get("fill") == "toself"]
    at.toggle(key="gap").set_value(True).run()
    assert "overfitting: LSTM" in [trace["name"] for trace in spec(at)["data"]]
    assert "LSTM 0.160 nats above" in html_of(at)


def test_models_are_chosen_and_an_empty_choice_is_answered(own_runs):
    at = opened("training")
    at.pills(key="runs").set_value(["best_bigru"]).run()
    assert {name for name, _ in lines(spec(at))} == {"Best: bidirectional GRU"}
    at.pills(key="runs").set_value([]).run()
    assert not at.exception
    assert not at.get("plotly_chart")
    assert any("Choose at least one model" in info.value for info in at.info)
    assert len(at.dataframe) == 2


def test_a_link_names_models(own_runs):
    at = opened("training", runs=["gru", "no_such_model"], made="best_bigru", along="seconds")
    assert at.pills(key="runs").value == ["gru"]
    assert at.pills(key="made").value == "best_bigru"
    assert ".venv/bin/python -m models.train best_bigru" in at.code[0].value


def test_the_choice_survives_a_visit_to_another_page(own_runs):
    at = opened("training")
    at.pills(key="runs").set_value(["gru"]).run()
    at.segmented_control(key="along").set_value("seconds").run()
    at.switch_page("pages/about.py").run()
    at.switch_page("pages/training.py").run()
    assert at.pills(key="runs").value == ["gru"]
    assert at.segmented_control(key="along").value == "seconds"


def test_the_table_of_runs(own_runs):
    table = opened("training").dataframe[0].value
    assert list(table["model"]) == [run[0] for run in RUNS.values()]
    lstm = table.set_index("model").loc["LSTM"]
    assert (lstm["best_epoch"], lstm["epochs"], lstm["seed"]) == (2, 3, 7)
    assert lstm["validation_accuracy"] == pytest.approx(88)
    assert lstm["minutes"] == pytest.approx(4.5)
    assert np.isnan(lstm["test_accuracy"])


def test_how_one_was_made(own_runs):
    at = opened("training")
    text = shown_by_markdown(at)
    assert "22,380 labelled film reviews" in text
    assert "naive Bayes" in text
    assert list(at.dataframe[1].value["kind"]) == [
        "InputLayer",
        "Embedding",
        "LSTM",
        "Dropout",
        "Dense",
        "last word",
        "Activation",
    ]
    assert at.dataframe[1].value["parameters"].sum() == 30 + 4 * 4 * 8 + 5
    assert "data:image/svg+xml;base64," in html_of(at)
    at.pills(key="made").set_value("simple_rnn").run()
    assert "SimpleRNN" in list(at.dataframe[1].value["kind"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_visitors_history_is_drawn_beside_ours(own_runs, encoding):
    at = opened("training")
    at.file_uploader[0].upload("mine.csv", MINE.decode().encode(encoding)).run()
    assert not at.exception
    assert numbers(lines(spec(at))["Yours 1", "dash"]["y"]) == [0.5, 0.45, 0.6]
    assert ("LSTM", "solid") in lines(spec(at))
    assert "◯ Yours 1: epoch 2, 0.450" in named(at)
    assert "mine.csv, 3 epochs." in html_of(at)
    at.segmented_control(key="along").set_value("seconds").run()
    assert ("Yours 1", "dash") not in lines(spec(at))
    assert any("Yours 1" in info.value for info in at.info)


def test_a_visitors_history_alone(own_runs):
    at = opened("training")
    at.file_uploader[0].upload("mine.json", json.dumps({"loss": [0.5, 0.4]}).encode()).run()
    at.pills(key="runs").set_value([]).run()
    assert not at.exception
    assert {name for name, _ in lines(spec(at))} == {"Yours 1"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "It is empty."),
        (bytes(range(256)) * 4, "It is not a text file"),
        (b"epoch,<b>acc</b>,![x](http://a.example/p.png)\n0,1,2\n", "It has no column named loss."),
        (b"epoch,loss\n0,high\n1,low\n", "has not one number"),
        (b"loss\n" + b"1\n" * 3_000, "more than 2,000 epochs"),
        (b'{"loss": [', "cannot be read as JSON"),
        (b"1" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_wrong_file_is_answered_and_nothing_is_lost(own_runs, data, reason):
    at = opened("training")
    before = [element.proto.spec for element in at.get("plotly_chart")]
    at.file_uploader[0].upload(HOSTILE, data).run()
    assert not at.exception
    assert any(reason in warning.value for warning in at.warning)
    assert [element.proto.spec for element in at.get("plotly_chart")] == before
    assert "a.example" not in shown_by_markdown(at)
    assert "<img src=x" not in html_of(at)
    assert "&lt;img src=x" in html_of(at)


@pytest.mark.parametrize("damage", ["missing", "cut", "binary"])
def test_a_damaged_history_disables_its_own_curves_only(own_runs, damage):
    path = own_runs / "lstm" / "history.csv"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:60] if damage == "cut" else b"\x00\xff" * 100)
    at = opened("training")
    assert {name for name, _ in lines(spec(at))} == {"SimpleRNN", "GRU"}
    assert any("history.csv" in warning.value and "`lstm`" in warning.value for warning in at.warning)
    assert len(at.dataframe) == 2
    assert at.dataframe[0].value.set_index("model").loc["LSTM"]["parameters"] > 0


def test_other_damage_is_named_and_the_rest_goes_on(own_runs):
    (own_runs / "gru" / "card.json").write_text("{")
    (own_runs / "lstm" / "model.keras").write_bytes(b"PK")
    (own_runs / "simple_rnn" / "steps.csv").unlink()
    at = opened("training")
    warnings = [warning.value for warning in at.warning]
    assert any("card.json" in value and "`gru`" in value for value in warnings)
    assert any("model.keras" in value and "`lstm`" in value for value in warnings)
    assert {name for name, _ in lines(spec(at))} == {"SimpleRNN", "LSTM"}
    at.segmented_control(key="along").set_value("step").run()
    assert any("steps.csv" in warning.value and "`simple_rnn`" in warning.value for warning in at.warning)
    assert {name for name, _ in lines(spec(at))} == {"LSTM"}


def test_an_empty_shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = opened("training")
    assert any("no model on the shelf" in error.value for error in at.error)
    assert not at.get("plotly_chart")


def test_one_model_alone_on_the_shelf(own_runs):
    for name in RUNS:
        if name != "best_bigru":
            shutil.rmtree(own_runs / name)
    at = opened("training")
    assert "is best after epoch 1 of 1" in html_of(at)


def test_no_tensorflow_in_the_process_that_paints(own_runs):
    opened("training")
    assert not {"tensorflow", "keras"} & set(sys.modules)
