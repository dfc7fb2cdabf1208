"""The dataset of trainings: where it is looked for, whether it is whole, and its download."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.jobs import dataset
from models.training.data import imdb
from tests.fake_imdb import pack
from tests.training_jobs import data as data
from tests.training_jobs import does as does
from tests.training_jobs import over
from tests.training_jobs import shop as shop


def test_a_download_that_fails_says_so_and_leaves_nothing(shop, does):
    part = imdb.partial_download()
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 42_062_912)
    does('print("models.train: it is not the published file"); sys.exit(2)')
    assert shop.downloaded_share() == pytest.approx(0.5, abs=0.001)
    shop.download()
    status = over(shop)
    assert (status.state, status.last_line) == ("failed", "it is not the published file")
    shop.dismiss()
    assert not part.exists() and shop.downloaded_share() == 0


def test_a_download_that_comes_is_finished(shop, does):
    does(f"import pathlib; pathlib.Path({str(imdb.downloaded())!r}).write_text('all of it')")
    imdb.downloaded().parent.mkdir(parents=True)
    shop.download()
    assert over(shop).state == "finished" and dataset.find() == imdb.downloaded()


def test_the_place_of_the_dataset(shop, data, tmp_path, monkeypatch):
    assert dataset.find() is None
    assert dataset.problem(data) is None and dataset.problem(data.parent) is None
    assert dataset.problem(pack(data, tmp_path / "a.tar.gz")) is None
    assert dataset.problem(tmp_path / "none") == "missing"
    assert dataset.problem(Path("a\0b")) == "missing" and dataset.problem(Path("~nobody-here/x")) == "missing"
    assert dataset.problem(tmp_path / "shelf") == "other" and dataset.problem(Path(__file__)) == "other"
    assert dataset.remember(tmp_path / "shelf") == "other" and dataset.find() is None
    assert dataset.remember(data) is None and dataset.find() == data
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path / "a.tar.gz"))
    assert dataset.find() == tmp_path / "a.tar.gz", "the setting comes first"
    review = next((data / "train" / "pos").iterdir())
    shutil.copy(review, review.with_name("one_more_9.txt"))
    assert dataset.problem(data) == "incomplete", "one too many"
    review.unlink()
    assert dataset.problem(data) is None
    review.with_name("one_more_9.txt").unlink()
    assert dataset.problem(data) == "incomplete"
