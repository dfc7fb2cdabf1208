"""Networks that teach others: trained first, kept off the shelf, asked about every piece as it is cut."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.catalog import load_model
from models.training.data import imdb
from models.training.recipes import TEACHERS
from tests.small_training import TINY, Train
from tests.small_training import data as data
from tests.small_training import small_counts as small_counts
from tests.small_training import train as train

pytestmark = pytest.mark.tensorflow


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
