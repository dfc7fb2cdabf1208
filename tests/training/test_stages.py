"""What comes before a training and after it: a language model, an earlier network, a last stage."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load_model
from models.training.data import imdb
from models.training.recipe import Recipe
from models.training.recipes import TEACHERS
from tests.small_training import MORE, TINY, Train, rows
from tests.small_training import data as data
from tests.small_training import small_counts as small_counts
from tests.small_training import train as train

pytestmark = pytest.mark.tensorflow


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
