"""Training beside a running app: one process at a time, found again by anybody, stopped for good."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from models import train
from models.jobs import training_job
from models.jobs.job import WorkshopError
from models.jobs.training_job import Workshop
from models.training.recipes import RECIPES
from tests.training_jobs import TRAIN, over
from tests.training_jobs import data as data
from tests.training_jobs import does as does
from tests.training_jobs import shop as shop
from tests.waiting import alive, until

ROOT = Path(__file__).resolve().parents[2]


def test_a_training_runs_is_seen_and_ends_on_the_shelf(shop, data, does):
    does('curves("step,epoch,loss,accuracy\\n1,1,0.7,0.5\\n"); sys.stdin.read(); time.sleep(0.6); shelve()\n'
         'json.dump([os.nice(0), options], open(options["out"] + "/my_lstm_1/told.json", "w"))')  # fmt: skip
    assert shop.status() is None
    job = shop.train(**TRAIN, data=data)
    assert (job.name, job.family, job.epochs, job.batches) == ("my_lstm_1", "LSTM", 2, 32)
    again = Workshop(shop.shelf)  # what a reloaded page, or a server that has been started since, makes
    until(lambda: again.curves()[1])
    assert again.status().state == "running" and again.status().job == job
    assert again.curves() == (b"", b"step,epoch,loss,accuracy\n1,1,0.7,0.5\n")
    assert over(shop).state == "finished"
    until(lambda: not (shop.folder / "run").exists())
    niceness, options = json.loads((shop.shelf / "my_lstm_1" / "told.json").read_text())
    assert niceness == min(19, os.nice(0) + 10)
    expected = {"name": "my_lstm_1", "title": "Yours", "units": "8", "epochs": "2", "limit": "2000"}
    assert {key: options[key] for key in expected} == expected
    assert (options["out"], options["data"]) == (str(shop.shelf), str(data))
    assert int(options["threads"]) == max(1, os.cpu_count() - 1)
    shop.dismiss()
    assert shop.status() is None and (shop.shelf / "my_lstm_1").is_dir()
    assert shop.next_name("lstm") == "my_lstm_2"


def test_two_at_once_are_refused(shop, data, does):
    does("time.sleep(60)")
    first = shop.train(**TRAIN, data=data)
    for _ in range(2):
        with pytest.raises(WorkshopError) as refused:
            Workshop(shop.shelf).train(**TRAIN, data=data)
        assert refused.value.reason == "busy"
    with pytest.raises(WorkshopError):
        shop.download()
    shop.dismiss()  # of a running one: nothing
    assert shop.status().job == first and shop.status().state == "running"


def test_stopping_ends_the_whole_group_and_leaves_nothing(shop, data, does):
    does('child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])\n'
         '(pathlib.Path(options["out"]) / ".my_lstm_1.unfinished").mkdir()\n'
         'curves(str(child.pid)); time.sleep(60)')  # fmt: skip
    shop.train(**TRAIN, data=data)
    until(lambda: shop.curves()[1])
    pids = [int(shop.curves()[1]), int((shop.folder / "pid").read_text())]
    assert all(map(alive, pids))
    Workshop(shop.shelf).stop()
    until(lambda: not any(map(alive, pids)), 5)
    assert shop.status() is None and list(shop.shelf.iterdir()) == []
    assert [path.name for path in shop.folder.iterdir()] == ["lock"]
    shop.stop()  # once more: nothing to stop


def test_a_child_that_will_not_end_is_killed(shop, data, does, monkeypatch):
    monkeypatch.setattr(training_job, "_PATIENCE", 0.3)
    does('import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); curves("deaf"); time.sleep(60)')
    shop.train(**TRAIN, data=data)
    until(lambda: shop.curves()[1])
    pid = int((shop.folder / "pid").read_text())
    shop.stop()
    until(lambda: not alive(pid), 5)
    assert shop.status() is None


def test_a_stale_pid_of_another_process_is_never_signalled(shop, data, does):
    does('print("Epoch 1/2")')
    shop.train(**TRAIN, data=data)
    over(shop)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        (shop.folder / "pid").write_text(str(stranger.pid))
        assert shop.status().state == "failed", "the number is alive, the training is not"
        shop.stop()
        time.sleep(0.2)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("number", ["0", "1", "-1", "many", ""])
def test_a_damaged_pid_signals_nobody(shop, data, does, number, monkeypatch):
    monkeypatch.setattr(training_job, "_PATIENCE", 0.1)
    does("time.sleep(60)")
    shop.train(**TRAIN, data=data)
    pid = int((shop.folder / "pid").read_text())
    (shop.folder / "pid").write_text(number)
    shop.stop()  # reaches us if it signals our own group
    assert alive(pid) and shop.status().state == "running"
    os.killpg(pid, signal.SIGKILL)
    over(shop)


@pytest.mark.parametrize(
    ("body", "line", "explained"),
    [
        ('print("Epoch 1/2"); sys.exit("models.train: there are no reviews")', "there are no reviews", True),
        ('print("Epoch 1/2"); raise MemoryError("too large")', "MemoryError: too large", True),
        ('print("Epoch 1/2", flush=True); os.kill(os.getpid(), 9)', "Epoch 1/2", False),
        ("pass", "", False),
    ],
)
def test_a_failure_is_told_with_the_last_line(shop, data, does, body, line, explained):
    does(body)
    shop.train(**TRAIN, data=data)
    status = over(shop)
    assert (status.state, status.last_line, status.explained) == ("failed", line, explained)
    shop.train(**TRAIN, data=data)  # another one can be started at once


def test_the_last_line_is_short_and_harmless(tmp_path):
    log = tmp_path / "log.txt"
    log.write_bytes(b"first\n" * 10_000 + b"10%\r20%\r\x1b[31mworst " + b"x" * 900 + b"\xff\n\n  \n")
    found = training_job.last_line(log)
    assert found.startswith("[31mworst x") and len(found) == 300
    assert training_job.last_line(tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"recipe": "../lstm"}, "recipe"),
        ({"recipe": "my_lstm_1; rm"}, "recipe"),
        ({"units": 0}, "units"),
        ({"epochs": 51}, "epochs"),
        ({"reviews": 49}, "reviews"),
        ({"data": Path("/nowhere")}, "data"),
    ],
)
def test_what_is_out_of_range_is_refused(shop, data, does, change, reason):
    does("time.sleep(60)")
    with pytest.raises(WorkshopError) as refused:
        shop.train(**({**TRAIN, "data": data} | change))
    assert refused.value.reason == reason and shop.status() is None


@pytest.mark.parametrize(
    "name", ["lstm", "my_../lstm_1", "..", "", "my_lstm_1/..", "my_LSTM_1", "my__1", "/", "my_lstm"]
)
def test_only_own_networks_can_be_removed(shop, name):
    (shop.shelf / "lstm").mkdir()
    with pytest.raises(WorkshopError):
        shop.remove(name)
    assert (shop.shelf / "lstm").is_dir()


def test_an_own_network_is_removed_and_a_link_is_not_followed(shop, data, does):
    does("shelve()")
    shop.train(**TRAIN, data=data)
    assert over(shop).state == "finished"
    shop.remove("my_lstm_1")
    assert list(shop.shelf.iterdir()) == [] and shop.status() is None
    (shop.shelf / "lstm").mkdir()
    (shop.shelf / "my_lstm_7").symlink_to(shop.shelf / "lstm")
    with pytest.raises(WorkshopError):
        shop.remove("my_lstm_7")
    assert (shop.shelf / "lstm").is_dir()


def test_a_plain_recipe_has_no_teachers_and_averages_over_a_tenth():
    short = train.plain(replace(RECIPES["lstm"], epochs=2), 2_000)
    assert (short.teachers, short.unlabelled_per_epoch, short.embedding_rate) == ((), 0, 1.0)
    assert short.averaging == pytest.approx(1 - 10 / 64, abs=0.001)
    assert train.plain(RECIPES["lstm"], 10**6).averaging == RECIPES["lstm"].averaging
    assert train.plain(RECIPES["article_lstm"], 500) is RECIPES["article_lstm"]
    assert (
        train.scaled((64, 32), 16) == (16, 8) and train.scaled((128,), 8) == (8,) and train.scaled((64, 1), 2) == (2, 1)
    )


def test_a_damaged_job_is_no_job(shop, data):
    shop.folder.mkdir(parents=True)
    for text in ("", "[1]", "{}", '{"kind": "training", "started": 1, "name": 5}', '{"name": "x"}'):
        (shop.folder / "job.json").write_text(text)
        assert shop.status() is None
        shop.dismiss()


@pytest.mark.parametrize(("recipe", "steps"), [("lstm", 32), ("article_simple_rnn", 13), ("tutorial_bilstm", 32)])
def test_steps_of_an_epoch(recipe, steps):
    assert training_job.batches(RECIPES[recipe], 2_000) == steps


@pytest.mark.tensorflow
def test_training_here_needs_only_what_the_app_needs():
    """The development extras, which full trainings use, are not installed by ``go.py start``."""
    script = (
        "import sys; sys.modules.update(dict.fromkeys(('gensim', 'scipy', 'sklearn'))); import models.training.fit.fit"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=120)


def test_the_serving_process_needs_no_tensorflow_for_it():
    script = "import models.jobs.training_job, models.training.recipes, components.training.live_run, sys; "
    script += "assert not {'tensorflow', 'keras', 'gensim', 'scipy', 'sklearn'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)
