"""Learning from a table of labelled reviews: read, cut by a seed, marked, and never mixed with the official split."""

from __future__ import annotations

import csv
import dataclasses
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from models import train
from models.training.data import imdb, review_table
from models.training.data.corpus import read_corpus
from models.training.data.imdb import DatasetError

ROWS = 1_000


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A file like Kaggle's, with one review that stands there twice and two without a label."""
    path = tmp_path / "IMDB Dataset.csv"
    rows = [
        [f"A {'warm' if place % 2 else 'dull'} film, the <br />{place}th", ["negative", "positive"][place % 2]]
        for place in range(ROWS)
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["review", "sentiment"], *rows, rows[0], ["no label", ""], ["so so", "neutral"]])
    return path


def test_a_table_is_cut_in_two_halves_that_share_no_review(table: Path) -> None:
    dataset = imdb.read(table)
    assert (len(dataset.train), len(dataset.test), dataset.unsupervised) == (ROWS // 2, ROWS // 2, ())
    assert not {review.text for review in dataset.train} & {review.text for review in dataset.test}
    assert all(("warm" in review.text) == (review.label == 1) for review in dataset.train)
    assert imdb.read(table) == dataset
    assert imdb.read(table, ("train",)).test == ()


def test_what_is_known_of_the_cut_goes_with_it(table: Path) -> None:
    corpus = read_corpus(table, 500, 100, 1, None, unlabelled=False)
    origin = corpus.origin
    assert origin is not None
    assert (origin.rows, origin.labelled, origin.left_out) == (ROWS + 3, ROWS, 3)
    assert origin.official_split is False
    assert "not the official split" in review_table.origin_sentence(origin)
    assert str(table) not in str(origin)
    assert "warm" not in str(origin)


def test_other_columns_and_scales_will_do(tmp_path: Path) -> None:
    path = tmp_path / "tweets.tsv"
    lines = [f"{place}\t{4 * (place % 2)}\tsome words here {place}" for place in range(ROWS)]
    path.write_text("\n".join(["id\ttarget\ttext", *lines]))
    dataset = imdb.read(path)
    assert {review.label for review in dataset.train} == {0, 1}
    assert dataset.origin is not None
    assert dataset.origin.labels == "0-4"


def test_what_is_wanted_is_named_within_a_second(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {
        "notes.txt": b"Nothing to learn here.\nNor here.\n",
        "unlabelled.csv": b"id,review\n1,a film\n2,another film\n",
        "one_side.csv": b"review,label\na film,1\nanother film,1\n",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(300),
        "empty.csv": b"",
    }
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
    for place in (*wrong, ".", "nowhere"):
        started = time.process_time()
        assert train.main(["lstm", "--data", str(tmp_path / place)]) == 2
        assert time.process_time() - started < 5  # TensorFlow alone takes longer to load on a slow machine
        printed = capsys.readouterr().err
        assert "no file or folder" in printed if place == "nowhere" else "Wanted: the archive" in printed


def test_a_full_disk_is_called_that(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from models.training.fit import fit

    def full(*_: object) -> None:
        raise OSError("Can't write data (file write failed: errno = 28, error message = 'No space left on device')")

    monkeypatch.setattr(fit, "train", full)
    assert train.main(["lstm", "--data", str(table)]) == 2
    assert "the disk is full" in capsys.readouterr().err


def test_too_few_reviews_of_a_label_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("review,label\n" + "".join(f"film {place},{place % 2}\n" for place in range(50)))
    assert review_table.problem(path) == ""
    with pytest.raises(DatasetError, match="of each label"):
        imdb.read(path)


def test_a_network_is_only_judged_on_what_it_did_not_learn_from(table: Path) -> None:
    dataset = imdb.read(table)
    assert dataset.origin is not None
    own = SimpleNamespace(name="x", facts={"training": {"dataset": dataclasses.asdict(dataset.origin)}})
    official = dataclasses.replace(dataset, origin=None)
    review_table.same_source(own, dataset)  # type: ignore[arg-type]
    review_table.same_source(SimpleNamespace(name="x", facts={}), official)  # type: ignore[arg-type]
    for card, judged in ((own, official), (SimpleNamespace(name="x", facts={}), dataset)):
        with pytest.raises(DatasetError):
            review_table.same_source(card, judged)  # type: ignore[arg-type]
