"""The parts of training that train nothing: batches, the command's refusals, what tells one run from another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.catalog import list_models
from models.text import OUT_OF_VOCABULARY
from models.training.recipes import RECIPES
from tests.small_training import TINY, command
from tests.small_training import data as data
from tests.small_training import small_counts as small_counts
from tests.small_training import train as train

pytestmark = pytest.mark.tensorflow


def test_another_seed_gives_other_weights() -> None:
    from models.training.networks import build

    one, same, other = (build(replace(TINY, seed=seed)).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0]) and not np.array_equal(one[1], other[1])


def test_a_run_taught_otherwise_is_another_run(tmp_path: Path) -> None:
    from models.text import Vocabulary
    from models.training.data.corpus import Corpus, Part
    from models.training.fit.runs import run_folder

    def corpus(opinion: float) -> Corpus:
        nothing = Part([], np.zeros(0, np.float32))
        judged = Part([np.array([2, 3], np.int32)], np.array([opinion], np.float32))
        return Corpus(
            Vocabulary(("[padding]", "[out of vocabulary]", "a", "b")), nothing, nothing, judged, nothing, nothing, "x"
        )

    alone = replace(TINY, teachers=())
    assert run_folder(TINY, corpus(0.3), tmp_path) == run_folder(TINY, corpus(0.3), tmp_path)
    assert run_folder(TINY, corpus(0.3), tmp_path) != run_folder(TINY, corpus(0.4), tmp_path)
    assert run_folder(alone, corpus(0.3), tmp_path) == run_folder(alone, corpus(0.4), tmp_path)


def test_the_list(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    assert command(monkeypatch, "--list") == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in RECIPES)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        (),
        ("lstm", "--epochs", 0),
        ("lstm", "--limit", -3),
        ("lstm", "--limit", 1, "--data", "DATA"),
        ("lstm", "--seed", -1, "--data", "DATA"),
        ("lstm", "--seed", 2**40, "--data", "DATA"),
        ("lstm", "--epochs", "many"),
        ("lstm", "--units", 0),
        ("lstm", "--name", "../lstm"),
        ("lstm", "--name", ""),
        ("lstm", "--data", "/nowhere/aclImdb.tar.gz"),
        ("lstm", "--data", __file__),
        ("lstm", "--data", str(Path(__file__).parent)),
    ],
    ids=str,
)
def test_bad_input_is_refused_in_one_line(
    arguments: tuple[object, ...],
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    arguments = tuple(data if argument == "DATA" else argument for argument in arguments)
    try:
        status = command(monkeypatch, *arguments, "--out", tmp_path / "shelf", "--work", tmp_path / "work")
    except SystemExit as stopped:  # argparse's way
        status = int(stopped.code or 0)
    assert status == 2
    message = capsys.readouterr().err.strip()
    assert message and len(message.splitlines()) == 1
    assert not list_models(tmp_path / "shelf")


def parts(n: int = 60):
    from models.training.data.corpus import Part

    random = np.random.default_rng(0)
    documents = [random.integers(2, 60, int(length)).astype(np.int32) for length in random.integers(1, 90, 3 * n)]
    labels = random.integers(0, 2, n).astype(np.float32)
    opinions = random.uniform(0.1, 0.9, 2 * n).astype(np.float32)
    return Part(documents[:n], labels), Part(documents[n:], opinions)


def same_batches(one, two) -> bool:
    if len(one) != len(two):
        return False
    for i in range(len(one)):
        (ids, targets, counted), (other_ids, other_targets, other_counted) = one[i], two[i]
        pairs = [
            (ids, other_ids),
            *((d[k], e[k]) for d, e in ((targets, other_targets), (counted, other_counted)) for k in d),
        ]
        if not all(np.array_equal(a, b) for a, b in pairs):
            return False
    return True


def test_what_a_recipe_reads_and_shows() -> None:
    nothing = replace(
        TINY, unlabelled_per_epoch=0, sentences_per_epoch=0, parts_per_epoch=0, negated_per_epoch=0, joined_per_epoch=0,
        mirrored_per_epoch=0, language_model_epochs=0,
    )  # fmt: skip
    assert not nothing.reads_unlabelled and not nothing.additions
    assert replace(nothing, unlabelled_per_epoch=1).reads_unlabelled
    assert replace(nothing, language_model_epochs=1).reads_unlabelled
    for name in ("sentences", "parts", "negated", "joined", "composed", "mirrored"):
        assert replace(nothing, **{f"{name}_per_epoch": 1}).additions
    assert [nothing.opinions_of(texts) for texts in ("unlabelled", "sentences", "parts")] == [False] * 3
    assert replace(nothing, joined_per_epoch=1).opinions_of("sentences"), "they are made of outspoken sentences"
    assert not replace(nothing, joined_per_epoch=1).opinions_of("parts")
    assert {nothing.shown(texts) for texts in ("unlabelled", "sentences", "parts")} == {None}, "all are judged"
    short = replace(TINY, epochs=3, short_epochs=2).short
    assert (short.epochs, short.short_epochs, short.shown("unlabelled")) == (2, 0, 2 * short.unlabelled_per_epoch)
    assert short.shown("sentences") == 2 * 2 * short.sentences_per_epoch, "others are made of half of them"
    assert replace(nothing, bidirectional=False).streams and not replace(nothing, bidirectional=True).streams


def test_batches_depend_on_seed_and_epoch_alone() -> None:
    from models.training.data.batches import TrainingBatches

    labelled, unlabelled = parts()
    first, second = (TrainingBatches(labelled, unlabelled, TINY, epoch=epoch) for epoch in (0, 1))
    moved_on = TrainingBatches(labelled, unlabelled, TINY)
    assert same_batches(first, moved_on)
    assert same_batches(first, first), "asking twice changes nothing"
    moved_on.on_epoch_end()
    assert same_batches(second, moved_on)
    assert not same_batches(first, second)
    assert not same_batches(first, TrainingBatches(labelled, unlabelled, replace(TINY, seed=2)))


def test_an_epoch_shows_every_labelled_review_once_and_a_share_of_the_others() -> None:
    from models.training.data.batches import TrainingBatches

    labelled, unlabelled = parts()
    recipe = replace(TINY, crops=0.0, word_dropout=0.0, window=1_000, unlabelled_per_epoch=40)
    batches = TrainingBatches(labelled, unlabelled, recipe)
    shown: list[tuple[int, ...]] = []
    for epoch in range(3):
        read = [tuple(row[row > 0]) for i in range(len(batches)) for row in batches[i][0]]
        assert len(read) == 60 + 40
        assert sorted(set(read) & {tuple(ids) for ids in labelled.ids}) == sorted({tuple(ids) for ids in labelled.ids})
        shown += [words for words in read if words in {tuple(ids) for ids in unlabelled.ids}]
        assert all(len(batches[i][0]) <= recipe.batch_size for i in range(len(batches)))
        targets = np.concatenate([batches[i][1]["final"][:, 0] for i in range(len(batches))])
        assert sorted(targets[np.isin(targets, (0, 1))]) == sorted(labelled.labels), f"epoch {epoch}"
        batches.on_epoch_end()
    assert {tuple(ids) for ids in unlabelled.ids} <= set(shown), "after three epochs of 40, all 120 have been seen"


def test_words_are_forgotten_at_the_given_rate() -> None:
    from models.training.data.batches import TrainingBatches

    labelled, unlabelled = parts(400)
    batches = TrainingBatches(labelled, unlabelled, replace(TINY, word_dropout=0.3, crops=0.0, window=1_000))
    ids = np.concatenate([batches[i][0].ravel() for i in range(len(batches))])
    ids = ids[ids > 0]
    assert np.mean(ids == OUT_OF_VOCABULARY) == pytest.approx(0.3, abs=0.02)


def test_word_weights_have_mean_one_and_grow() -> None:
    from models.training.data.batches import word_weights

    lengths = np.array([1, 2, 7, 30])
    found = word_weights(lengths, 30)
    assert found.shape == (4, 30) and found.dtype == np.float32
    for row, length in zip(found, lengths, strict=True):
        assert row[:length].mean() == pytest.approx(1, abs=1e-6)
        assert not row[length:].any()
        assert (np.diff(row[:length]) > 0).all()


def test_a_window_keeps_the_first_quarter_and_the_end() -> None:
    from models.training.data.batches import pad, windowed

    ids = np.arange(1, 101)
    assert windowed(ids, 100) is ids
    assert windowed(ids, 20).tolist() == [*range(1, 6), *range(86, 101)]
    assert pad([np.array([3, 4]), np.array([5])]).tolist() == [[3, 4], [5, 0]]


def test_evaluation_reads_whole_reviews_once() -> None:
    from models.training.data.batches import EvaluationBatches

    labelled, _ = parts()
    batches = EvaluationBatches(labelled, limit=50, batch_size=7)
    assert len(batches) == 9
    read = [tuple(row[row > 0]) for i in range(len(batches)) for row in batches[i][0]]
    assert sorted(read) == sorted(tuple(ids[:50]) for ids in labelled.ids)
    by_words = {tuple(ids[:50]): label for ids, label in zip(labelled.ids, labelled.labels, strict=True)}
    targets = np.concatenate([batches[i][1]["final"][:, 0] for i in range(len(batches))])
    assert [by_words[words] for words in read] == targets.tolist()


def test_accuracy_counts_labelled_reviews_only() -> None:
    from models.training.fit.callbacks import LabelledAccuracy

    metric = LabelledAccuracy()
    truth = np.array([[1.0], [0.0], [1.0], [0.999], [0.001], [0.5]], np.float32)
    logits = np.array([[2.0], [-1.0], [-3.0], [-5.0], [5.0], [0.1]], np.float32)
    metric.update_state(truth, logits, np.full(6, 9.0))
    assert float(metric.result()) == pytest.approx(2 / 3)
    metric.update_state(truth[3:], logits[3:])
    assert float(metric.result()) == pytest.approx(2 / 3), "opinions alone change nothing"
    metric.update_state(truth[:1], logits[:1])
    assert float(metric.result()) == pytest.approx(3 / 4)


@pytest.mark.parametrize("seed", range(8))
def test_the_first_two_batches_differ_in_length(seed: int) -> None:
    """Keras takes a length that the first two batches share for the length of all, and stops at the first other."""
    from models.training.data.batches import EvaluationBatches, TrainingBatches

    labelled, unlabelled = parts()
    recipe = replace(TINY, seed=seed, window=20, crops=0.0, batch_size=4)
    for batches in (TrainingBatches(labelled, unlabelled, recipe), EvaluationBatches(labelled, 60, 2)):
        shapes = [batches[i][0].shape[1] for i in range(len(batches))]
        assert len(set(shapes)) > 1
        assert shapes[0] != shapes[1]
