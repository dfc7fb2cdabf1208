"""Train one here, on the training page: off unless switched on; form, dataset, what runs and what has ended."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.training import live_run
from components.training.live_run import EPOCHS, PLACE, RECIPE, REVIEWS, UNITS, title_of
from models import artifacts
from models.jobs import training_job
from models.jobs.training_job import Workshop
from models.training.data import imdb
from models.training.recipes import RECIPES
from tests.fake_imdb import COUNTS, make_folder
from tests.histories import made_up_shelf
from tests.screen import click, listed, opened, spec

ROOT = Path(__file__).resolve().parents[2]
SLEEPS = "import time; time.sleep(60)"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A workshop of the test's own, switched on, without a dataset; its child sleeps."""
    monkeypatch.setenv("UNROLLED_TRAINING", "1")
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path / "shelf"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("UNROLLED_DATA", raising=False)
    monkeypatch.setattr(artifacts, "WORK", tmp_path / "work")
    monkeypatch.setattr(imdb, "OFFICIAL_COUNTS", COUNTS)
    monkeypatch.setattr(training_job, "command", lambda: [sys.executable, "-c", SLEEPS])
    made = Workshop(made_up_shelf(tmp_path / "shelf"))
    yield made
    made.stop()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_folder(tmp_path)
    monkeypatch.setenv("UNROLLED_DATA", str(folder))
    return folder


def keys(at: AppTest) -> set[str]:
    return {element.key for kind in ("button", "selectbox", "slider", "text_input") for element in at.get(kind)}


def put_own(shelf: Path, name: str, title: str) -> None:
    """A finished network of the visitor's."""
    shutil.copytree(shelf / "lstm", shelf / name)
    card = json.loads((shelf / name / "card.json").read_text())
    card |= {"title": title, "order": 1000}
    card["training"] |= {"validation_accuracy": 0.81, "validation_reviews": 500, "limit": 2000}
    card["recipe"] = {**card.get("recipe", {}), "units": [32]}
    artifacts.write_card(shelf / name, card)


@pytest.mark.parametrize("setting", [None, "", "0", "yes"])
def test_it_is_off_unless_switched_on(shop, data, setting, monkeypatch):
    monkeypatch.delenv("UNROLLED_TRAINING")
    if setting is not None:
        monkeypatch.setenv("UNROLLED_TRAINING", setting)
    at = opened("training")
    assert "Train one here" not in [expander.label for expander in at.expander]
    assert not any(key.startswith("train-") for key in keys(at) if key)
    assert len(at.get("plotly_chart")) == 2


def test_the_form_asks_and_starts(shop, data, monkeypatch):
    at = opened("training")
    assert "Train one here" in [expander.label for expander in at.expander]
    assert list(at.selectbox(key=RECIPE).options) == [recipe.title for recipe in RECIPES.values()]
    assert (at.select_slider(key=UNITS).value, at.slider(key=EPOCHS).value) == (128, 2)
    assert any("32 steps an epoch, 64 in all" in caption.value for caption in at.caption)
    at.selectbox(key=RECIPE).set_value("article_simple_rnn").run()
    assert at.select_slider(key=UNITS).value == 32, "the size that the article has"
    at.slider(key=EPOCHS).set_value(3).run()
    at.select_slider(key=REVIEWS).set_value(500).run()
    at.switch_page("pages/about.py").run()
    at.switch_page("pages/training.py").run()
    assert (at.selectbox(key=RECIPE).value, at.slider(key=EPOCHS).value) == ("article_simple_rnn", 3), "it is kept"
    click(at, "train-start")
    job = shop.status().job
    assert (job.name, job.epochs, job.batches) == ("my_article_simple_rnn_1", 3, 4)
    assert job.title == f"Yours: {RECIPES['article_simple_rnn'].title}, 3 epochs on 500 reviews"
    assert "train-start" not in keys(at) and "train-stop" in keys(at)


def test_a_running_training_is_drawn_for_every_visitor_and_can_be_stopped(shop, data):
    job = shop.train("gru", "Yours: GRU", 8, 2, 2_000, data)
    at = opened("training")
    assert any("Yours: GRU" in markdown.value for markdown in at.markdown)
    assert len(at.get("plotly_chart")) == 2, "no curve yet: only those of the shelf"
    run = shop.folder / "run" / "runs" / "x"
    run.mkdir(parents=True)
    (run / "history.csv").write_text("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n")
    (run / "steps.csv").write_text("step,epoch,loss,accuracy\n8,1,0.69,0.5\n16,1,0.6,0.625\n")
    at = opened("training")
    assert listed(spec(at, 0)["data"][0]["y"]) == [0.69, 0.6]
    assert listed(spec(at, 1)["data"][0]["y"]) == [50, 62.5]
    assert "62 % of the latest training reviews" in at.get("plotly_chart")[1].proto.alt
    assert "Epoch 1 of 2, step 16 of 64" in at.get("progress")[0].proto.text
    (run / "history.csv").write_text(
        "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n1,0.6,0.6,0.55,0.72,1e-3,40\n"
    )
    (run / "steps.csv").write_text("step,epoch,loss,accuracy\n8,1,0.69,0.5\n32,1,0.6,0.62\n48,2,0.5,0.7\n")
    at = opened("training")
    assert "Epoch 2 of 2, step 48 of 64, about 20 s of learning left" in at.get("progress")[0].proto.text
    assert "right on 72.0 % of the validation reviews" in at.get("plotly_chart")[1].proto.alt
    (run / "steps.csv").write_text("step,ep")  # read while it is being written
    assert "Getting ready" in opened("training").get("progress")[0].proto.text
    assert shop.status().job == job
    click(at, "train-stop")
    assert shop.status() is None and "train-start" in keys(opened("training"))


def test_two_visitors_who_start_at_once(shop, data):
    first, second = opened("training"), opened("training")
    click(first, "train-start")
    job = shop.status().job
    click(second, "train-start")
    assert shop.status().job == job
    assert "train-stop" in keys(second)


def test_a_finished_network_is_announced_drawn_and_read_with(shop, data, monkeypatch):
    at = opened("training")
    body = "import os, shutil, sys; o = dict(a[2:].split('=', 1) for a in sys.argv[1:] if '=' in a)\n"
    body += "shutil.copytree(o['out'] + '/lstm', o['out'] + '/' + o['name'])"
    monkeypatch.setattr(training_job, "command", lambda: [sys.executable, "-c", body])
    shop.train("lstm", "Yours: LSTM", 64, 2, 2_000, data)
    while shop.status().state == "running":
        time.sleep(0.05)
    put_over = shop.shelf / "my_lstm_1"
    shutil.rmtree(put_over)
    put_own(shop.shelf, "my_lstm_1", "Yours: LSTM")
    at.run()
    assert not at.exception
    assert "right on 81.0 % of 500 reviews" in at.success[0].value
    assert at.pills(key="runs").value[-1] == "my_lstm_1"
    at.pills(key="made").set_value("my_lstm_1").run()
    assert any("train lstm --plain --units 32" in code.value for code in at.code)
    assert any(code.value.endswith("--limit 2000 --name my_lstm_1") for code in at.code)
    at.button(key="train-read").click().run()
    assert at.session_state["model"] == "my_lstm_1"
    again = opened("training")
    click(again, "train-dismiss")
    assert not again.success and shop.status() is None


def test_an_own_network_is_removed_and_no_other(shop, data):
    put_own(shop.shelf, "my_lstm_3", "Yours: LSTM")
    at = opened("training")
    removing = {key for key in keys(at) if key and key.startswith("removed-")}
    assert removing == {"removed-my_lstm_3"}
    click(at, "removed-my_lstm_3")
    assert not (shop.shelf / "my_lstm_3").exists() and (shop.shelf / "lstm").is_dir()
    assert not any(key and key.startswith("removed-") for key in keys(at))


@pytest.mark.brings("![x](http://a.example/p.png)")
def test_a_failure_is_told_with_its_last_line_as_plain_text(shop, data, monkeypatch):
    line = "models.train: ![x](http://a.example/p.png) <b>no</b>"
    monkeypatch.setattr(training_job, "command", lambda: [sys.executable, "-c", f"import sys; sys.exit({line!r})"])
    at = opened("training")
    click(at, "train-start")
    while shop.status().state == "running":
        time.sleep(0.05)
    at.run()
    assert any("ended early" in warning.value for warning in at.warning)
    bodies = [element.proto.body for element in at.get("html")]
    assert any("&lt;b&gt;no&lt;/b&gt;" in body for body in bodies)
    assert not any("a.example" in str(e.value) for kind in ("markdown", "warning", "caption") for e in at.get(kind))
    assert "train-start" in keys(at), "another one can be started"


def test_without_the_dataset_it_says_how_to_get_it(shop, tmp_path):
    at = opened("training")
    assert any("Large Movie Review Dataset" in info.value for info in at.info)
    assert "train-start" not in keys(at) and {"train-download", PLACE} <= keys(at)
    for typed in (
        "",
        "   ",
        "/nowhere/aclImdb",
        "a\0b",
        "~nobody-here/x",
        "<b>x</b>",
        str(tmp_path),
        __file__,
        "x" * 900,
    ):
        at.text_input(key=PLACE).set_value(typed)
        click(at, "train-use")
        assert len(at.warning) == 1 and "train-start" not in keys(at), typed
    at.text_input(key=PLACE).set_value(str(make_folder(tmp_path)))
    click(at, "train-use")
    assert not at.warning and "train-start" in keys(at)
    assert "train-start" in keys(opened("training")), "it is remembered"


def test_the_download_is_shown_and_announced(shop):
    at = opened("training")
    click(at, "train-download")
    assert shop.status().job.kind == "download"
    imdb.partial_download().parent.mkdir(parents=True)
    imdb.partial_download().write_bytes(b"x" * 21_031_456)
    assert "25 % of about 84 MB" in opened("training").get("progress")[0].proto.text
    shop.stop()
    assert not imdb.partial_download().exists()


def test_titles():
    assert title_of("lstm", 128, 2, 2_000) == "Yours: LSTM, 2 epochs on 2,000 reviews"
    assert title_of("lstm", 32, 1, 500) == "Yours: LSTM of 32 units, 1 epoch on 500 reviews"
    taken = ("Yours: LSTM, 2 epochs on 2,000 reviews", "Yours: LSTM, 2 epochs on 2,000 reviews (2)")
    assert title_of("lstm", 128, 2, 2_000, taken) == "Yours: LSTM, 2 epochs on 2,000 reviews (3)"
    assert all(recipe.units[0] in live_run.UNIT_CHOICES for recipe in RECIPES.values())
