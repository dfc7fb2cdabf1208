"""From a Recipe to the artefacts, on a tiny made-up dataset: complete, repeatable, resumable."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.catalog import list_models, load_model
from tests.small_training import MORE, TINY, Train, command, rows
from tests.small_training import data as data
from tests.small_training import small_counts as small_counts
from tests.small_training import train as train

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def trained(train: Train) -> Path:
    return train()


def without_clock(folder: Path) -> list[dict[str, str]]:
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows(folder / "history.csv")]


def weights(folder: Path) -> list[np.ndarray]:
    import keras

    return keras.saving.load_model(folder / "model.keras", compile=False).get_weights()


def test_everything_is_left_behind(trained: Path) -> None:
    assert trained.name == "lstm"
    card = json.loads((trained / "card.json").read_text())
    assert set(card["files"]) == {path.name for path in trained.iterdir()} & set(artifacts.FILES)
    assert {"model.keras", "vocabulary.txt", "history.csv", "steps.csv"} <= set(card["files"])
    for name, facts in card["files"].items():
        assert facts == {"bytes": (trained / name).stat().st_size, "sha256": artifacts.sha256(trained / name)}
    assert [path.name for path in trained.parent.iterdir()] == ["lstm"], "nothing half-written on the shelf"
    assert card["recipe"] == json.loads(json.dumps(TINY.as_dict()))
    assert card["training"]["epochs"] == 2
    assert card["training"]["unlabelled_reviews"] == MORE["unsup"]


def test_the_curves(trained: Path) -> None:
    history, steps = rows(trained / "history.csv"), rows(trained / "steps.csv")
    assert list(history[0]) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"]
    assert [row["epoch"] for row in history] == ["1", "2"]
    assert all(np.isfinite([float(value) for value in row.values()]).all() for row in history)
    assert float(history[1]["loss"]) < float(history[0]["loss"])
    assert 0.5 < float(history[1]["val_accuracy"]) <= 1
    assert list(steps[0]) == ["step", "epoch", "loss", "accuracy"]
    numbers = [int(row["step"]) for row in steps]
    assert numbers == sorted(set(numbers)) and len(numbers) >= 4
    assert {row["epoch"] for row in steps} == {"1", "2"}
    assert all(0 <= float(row["accuracy"]) <= 1 for row in steps)
    frame = artifacts.read_history(trained / "history.csv")
    assert frame.epoch.tolist() == [1, 2]


def test_two_processes_do_not_resume_the_same_training(train: Train, tmp_path: Path) -> None:
    from models.training.fit.runs import InUse, alone_in

    recipe = replace(TINY, epochs=1, teachers=("naive_bayes",))
    folder = train(tmp_path, recipe)
    (run,) = (tmp_path / "work" / "runs").iterdir()
    before = rows(run / "history.csv")
    shutil.rmtree(folder)
    with alone_in(run), pytest.raises(InUse, match="another process is training in"):
        train(tmp_path, recipe)
    assert not folder.exists() and rows(run / "history.csv") == before
    assert train(tmp_path, recipe).exists(), "let go again"


def test_the_finer_curve_adds_up_to_the_epoch(trained: Path) -> None:
    first = [float(row["loss"]) for row in rows(trained / "steps.csv") if row["epoch"] == "1"]
    assert np.mean(first) == pytest.approx(float(rows(trained / "history.csv")[0]["loss"]), abs=0.15)


def test_what_was_trained_can_be_taken_from_the_shelf(trained: Path) -> None:
    import keras

    (card,) = list_models(trained.parent)
    assert (card.name, card.family, card.units, card.embedding) == ("lstm", "LSTM", 4, 6)
    assert (card.vocabulary, card.max_timesteps) == (40, 40)
    model = load_model("lstm", trained.parent)
    network = keras.saving.load_model(trained / "model.keras", compile=False, safe_mode=True)
    assert card.parameters == network.count_params()
    reviews = ["The film is wonderful. The music was a joy.", "The acting is dreadful! The story was a bore."]
    good, bad = model.predict(reviews)
    assert good > 0.6 and bad < 0.4
    ids = model.vocabulary.tokenize(reviews[0])
    expected = network.predict(np.array([[token.id for token in ids]]), verbose=0)[0, 0]
    assert good == pytest.approx(expected, abs=1e-5)


def test_the_same_seed_gives_the_same_weights(trained: Path, train: Train) -> None:
    again = train()
    assert without_clock(again) == without_clock(trained)
    for one, two in zip(weights(trained), weights(again), strict=True):
        np.testing.assert_array_equal(one, two)


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(
    trained: Path, train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.training.fit import fit

    class Interrupted(fit.Curves):
        """Somebody presses Ctrl-C in the middle of the second epoch."""

        def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
            super().on_train_batch_end(batch, logs)
            if self._epoch == 1 and batch == 30:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fit, "Curves", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path)
    assert not (tmp_path / "shelf" / "lstm").exists()
    resumed = train(tmp_path)
    assert without_clock(resumed) == without_clock(trained)
    assert rows(resumed / "steps.csv") == rows(trained / "steps.csv")
    for one, two in zip(weights(trained), weights(resumed), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-6)


def test_the_command_trains(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    out, work = tmp_path / "shelf", tmp_path / "work"
    options = ("--data", data, "--out", out, "--work", work, "--epochs", 1, "--limit", 150, "--seed", 7)
    assert command(monkeypatch, "lstm", *options) == 0
    assert str(out / "lstm") in capsys.readouterr().out
    (card,) = list_models(out)
    assert card.facts["recipe"]["seed"] == 7
    assert card.facts["training"]["reviews"] == 150
    assert card.facts["training"]["epochs"] == 1
    load_model("lstm", out).trace("The film is wonderful.")
