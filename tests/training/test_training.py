"""From a Recipe to the artefacts, on a tiny made-up dataset: complete, repeatable, resumable."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.catalog import list_models, load_model
from models.training.data import imdb
from models.training.recipe import Recipe
from models.training.recipes import TEACHERS
from tests.small_training import MORE, TINY, Train, command
from tests.small_training import data as data
from tests.small_training import small_counts as small_counts
from tests.small_training import train as train

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def trained(train: Train) -> Path:
    return train()


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


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


@pytest.fixture(scope="module")
def taught(train: Train, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a network was taught by another one, with its shelf and its working folder."""
    root = tmp_path_factory.mktemp("taught")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TEACHERS, "first_gru", replace(TINY, name="first_gru", family="GRU", epochs=1))
        train(root, replace(TINY, teachers=("naive_bayes", "first_gru"), epochs=1))
    return root


def test_a_teacher_that_is_not_on_the_shelf_is_trained_and_stays_off_it(taught: Path) -> None:
    assert [path.name for path in (taught / "shelf").iterdir()] == ["lstm"]
    assert (taught / "work" / "teachers" / "first_gru" / "card.json").exists()
    opinions = [path.name for path in (taught / "work").glob("opinion-*.npy")]
    assert sum(name.startswith("opinion-first_gru") for name in opinions) == 3, "of reviews, sentences and parts"
    of_sentences = {name.split("-")[1] for name in opinions if name.endswith("-sentences.npy")}
    # The teacher itself has no other teacher than naive Bayes, which judges its sentences.
    assert of_sentences == {"first_gru", "naive_bayes"}
    only = np.load(next((taught / "work").glob("opinion-first_gru-*-sentences.npy")))
    assert only.shape == (len(np.load(next((taught / "work").glob("opinion-naive_bayes-*-sentences.npy")))),)


def test_nobody_judges_what_is_not_shown(train: Train, tmp_path: Path) -> None:
    shown = replace(TINY, epochs=1, teachers=("naive_bayes",), sentences_per_epoch=0, joined_per_epoch=0)
    train(tmp_path, shown)
    opinions = {path.stem.rpartition("-")[2] for path in (tmp_path / "work").glob("opinion-*.npy")}
    assert "parts" in opinions and "sentences" not in opinions


def test_opinions_are_of_the_pieces_as_they_are_cut(data: Path, tmp_path: Path) -> None:
    from models.training.data.corpus import Part, read_corpus
    from models.training.fit.opinions import Teachers

    corpus = read_corpus(data, 500, 40, 1, None, pieces=True)
    review = max(corpus.unlabelled.ids, key=len)

    def judged(place: int) -> list[float]:
        halves = Part(np.split(review, [place]), np.zeros(2, np.float32))
        teachers = Teachers(TINY, replace(corpus, parts=halves), tmp_path, lambda name: tmp_path)
        return teachers.judge("parts").labels.tolist()

    first, later = judged(1), judged(len(review) - 1)
    assert first != later, "the same words, cut elsewhere, are other pieces"
    assert judged(1) == first and len(list(tmp_path.glob("opinion-*-parts.npy"))) == 2


def test_single_sentences_are_judged_without_a_teachers_shift(taught: Path, data: Path, tmp_path: Path) -> None:
    from models.training.data.corpus import read_corpus
    from models.training.fit.opinions import Teachers

    shelf, work = taught / "shelf", tmp_path / "work"
    teacher = work / "teachers" / "first_gru"
    shutil.copytree(taught / "work" / "teachers" / "first_gru", teacher)
    facts = artifacts.read_card(teacher)
    artifacts.write_card(teacher, {**facts, "training": {**facts["training"], "shift": 0.7}})
    size = len(load_model("lstm", shelf).vocabulary.words)
    corpus = read_corpus(data, size, TINY.validation_size, imdb.SPLIT_SEED, None, pieces=True)
    teachers = Teachers(
        replace(TINY, teachers=("first_gru",), vocabulary=size), corpus, work, lambda name: teacher.parent
    )
    model = load_model("first_gru", teacher.parent)
    for part, shift in (("unlabelled", 0), ("parts", 0), ("sentences", 0.7)):
        found = teachers.judge(part)
        assert len(found)
        expected = 1 / (1 + np.exp(shift - model.logits_of_ids(found.ids)))
        np.testing.assert_allclose(found.labels, expected.clip(1e-3, 1 - 1e-3), atol=1e-6, err_msg=part)


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


def test_a_pretrained_network_trained_against_nudges(train: Train, tmp_path: Path) -> None:
    recipe = replace(
        TINY, name="pretrained", bidirectional=True, readout=("mean", "max"), running_loss=0.0, teachers=(),
        unlabelled_per_epoch=8, sentences_per_epoch=0, parts_per_epoch=0, negated_per_epoch=0, joined_per_epoch=0,
        mirrored_per_epoch=0, language_model_epochs=1, adversarial=0.5,
    )  # fmt: skip
    folder = train(tmp_path, recipe)
    card = json.loads((folder / "card.json").read_text())
    assert card["training"]["pretraining_minutes"] >= 0
    assert card["training"]["unlabelled_reviews"] == MORE["unsup"]
    model = load_model("pretrained", folder.parent)
    assert 0 < float(model.predict(["a lovely film"])[0]) < 1
    shutil.rmtree(folder)
    before = rows(tmp_path / "work" / "runs" / next((tmp_path / "work" / "runs").iterdir()).name / "history.csv")
    train(tmp_path, recipe)
    assert rows(folder / "history.csv") == before, "a finished run is only put back on the shelf"
    train(tmp_path, replace(recipe, seed=2))
    assert len(list((tmp_path / "work").glob("language_model-*"))) == 1, "another seed starts from the same one"


def test_a_network_starts_from_one_that_is_trained_first(
    train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = replace(
        TINY, name="first", bidirectional=True, readout=("mean",), running_loss=0.0, teachers=(), epochs=1,
        unlabelled_per_epoch=0, sentences_per_epoch=0, parts_per_epoch=0, negated_per_epoch=0, joined_per_epoch=0,
        mirrored_per_epoch=0, language_model_epochs=1,
    )  # fmt: skip
    monkeypatch.setitem(TEACHERS, "first", first)
    folder = train(tmp_path, replace(first, name="second", continues="first"))
    before = tmp_path / "work" / "teachers" / "first" / "card.json"
    own, earlier = (json.loads(path.read_text())["training"] for path in (folder / "card.json", before))
    whole = earlier["pretraining_minutes"] + earlier["minutes"]
    assert own["pretraining_minutes"] >= round(whole, 1)
    assert len(list((tmp_path / "work").glob("language_model-*-after-*"))) == 1
    assert not (folder.parent / "first").exists(), "it stays off the shelf"
    written = before.stat().st_mtime_ns
    train(tmp_path, replace(first, name="third", continues="first"))
    assert before.stat().st_mtime_ns == written, "it is trained once"
    assert len(list((tmp_path / "work").glob("language_model-*-after-*"))) == 1, "both go on from the same one"
    with pytest.raises(imdb.DatasetError, match=r"first in .* learnt other words"):
        train(tmp_path, replace(first, name="fourth", continues="first", vocabulary=30))


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


def test_a_last_stage_goes_on_from_the_finished_network(
    train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.training.fit.refining._MAY_COST", 0.0)
    few = {
        "labelled_per_epoch": 40, "unlabelled_per_epoch": 24, "parts_per_epoch": 16, "sentences_per_epoch": 10,
        "composed_per_epoch": 20, "negated_per_epoch": 2, "joined_per_epoch": 2, "mirrored_per_epoch": 0,
    }  # fmt: skip
    short = Recipe.__dict__["short"].fget
    monkeypatch.setattr(Recipe, "short", property(lambda recipe: replace(short(recipe), **few)))
    folder = train(tmp_path, replace(TINY, short_epochs=1, language_model_epochs=1))
    (whole,) = (tmp_path / "work" / "whole").glob("*/lstm")
    before, after = (json.loads((place / "card.json").read_text())["training"] for place in (whole, folder))
    assert before["epochs"] == 2 and after["epochs"] == 3 and after["refined_after"] == 2
    assert after["pretraining_minutes"] == before["pretraining_minutes"]
    assert after["unlabelled_reviews"] == MORE["unsup"], "though it had only some of them judged"
    assert sorted(len(np.load(path)) for path in (tmp_path / "work").glob("opinion-*-unlabelled.npy")) == [24, 240]
    for curve in ("history.csv", "steps.csv"):
        assert rows(folder / curve)[: len(rows(whole / curve))] == rows(whole / curve)
    steps = [int(row["step"]) for row in rows(folder / "steps.csv")]
    assert steps == sorted(set(steps))
    own = replace(TINY, short_epochs=1).short
    shown = sum(few.values())
    assert steps[-1] - int(rows(whole / "steps.csv")[-1]["step"]) <= -(-shown // own.batch_size) + 1
    with np.load(whole / "growth.npz") as earlier, np.load(folder / "growth.npz") as grown:
        assert grown["epochs"].tolist() == [1, 2, 3]
        for name in earlier.files:
            if name.endswith("logits"):
                np.testing.assert_array_equal(grown[name][:2], earlier[name])
    # Between the start and what was learnt, one after the other.
    run = next(run for run in (tmp_path / "work" / "runs").iterdir() if (run / "learnt_03.weights.h5").exists())
    share = json.loads((run / "share_03.json").read_text())
    assert share in (1.0, 0.75, 0.5, 0.25) and after["share_kept"] == share
    kept, began = load_model("lstm", folder.parent).network, load_model("lstm", whole.parent).network
    assert not np.allclose(kept.embedding, began.embedding)
    written = (whole / "card.json").stat().st_mtime_ns
    again = train(tmp_path, replace(TINY, short_epochs=1, language_model_epochs=1))
    np.testing.assert_array_equal(load_model("lstm", again.parent).network.embedding, kept.embedding)
    assert (whole / "card.json").stat().st_mtime_ns == written, "nothing is trained twice"
