"""The dataset: read from any of its forms, downloaded or refused, and cut without leaks."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from models.training.data import imdb
from models.training.data.imdb import DatasetError, Review
from tests.fake_imdb import COUNTS, made_up_review, make_folder, pack


@pytest.fixture(autouse=True)
def _small_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imdb, "OFFICIAL_COUNTS", COUNTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def test_archive_and_folder_hold_the_same_dataset(folder: Path, tmp_path: Path) -> None:
    dataset = imdb.read(folder)
    assert imdb.read(pack(folder, tmp_path / "a.tar.gz")) == dataset
    assert imdb.read(pack(folder, tmp_path / "a.tar.xz")) == dataset
    assert imdb.read(folder.parent) == dataset, "the folder above it will do"


def test_reviews_carry_label_stars_and_text(folder: Path) -> None:
    dataset = imdb.read(folder)
    assert (len(dataset.train), len(dataset.test), len(dataset.unsupervised)) == (80, 20, 60)
    assert dataset.train[0] == Review(made_up_review("neg", 0), 0, 1, 0)
    assert dataset.train[-1] == Review(made_up_review("pos", 39), 1, 10, 39)
    assert [review.label for review in dataset.train] == [0] * 40 + [1] * 40
    assert [review.label for review in dataset.test] == [0] * 10 + [1] * 10
    assert [review.id for review in dataset.train] == [*range(40), *range(40)], "by number, not by name"
    assert all((review.stars >= 7) == (review.label == 1) for review in (*dataset.train, *dataset.test))
    assert {(review.label, review.stars) for review in dataset.unsupervised} == {(-1, 0)}
    assert not {review.text for review in dataset.train} & {made_up_review("pos", 500), made_up_review("neg", 500)}


def test_only_what_is_wanted_is_read_and_checked(folder: Path, tmp_path: Path) -> None:
    whole = imdb.read(folder)
    for unwanted in ("test/neg", "train/unsup"):
        next((folder / unwanted).iterdir()).unlink()
    for path in (folder, pack(folder, tmp_path / "a.tar.gz")):
        assert imdb.read(path, ("train",)) == imdb.Dataset(whole.train, (), ())
        with pytest.raises(DatasetError, match="19 test reviews where 20 belong"):
            imdb.read(path, ("train", "test"))


@pytest.mark.parametrize("part", ["train/pos", "test/neg", "train/unsup"])
def test_a_missing_review_is_noticed(folder: Path, part: str, tmp_path: Path) -> None:
    next((folder / part).iterdir()).unlink()
    for path in (folder, pack(folder, tmp_path / "a.tar.gz")):
        with pytest.raises(DatasetError, match="reviews where"):
            imdb.read(path)


def test_what_is_no_dataset_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no file or folder"):
        imdb.read(tmp_path / "nowhere.tar.gz")
    (tmp_path / "text.tar.gz").write_text("not an archive")
    (tmp_path / "empty.tar.gz").write_bytes(b"")
    whole = pack(folder, tmp_path / "whole.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "flipped.tar.gz").write_bytes(whole[:2_000] + b"\x00" * 50 + whole[2_050:])
    xz = pack(folder, tmp_path / "whole.tar.xz").read_bytes()
    (tmp_path / "flipped.tar.xz").write_bytes(xz[:2_000] + b"\x00" * 50 + xz[2_050:])
    for name in ("text.tar.gz", "empty.tar.gz", "cut.tar.gz", "flipped.tar.gz", "flipped.tar.xz"):
        with pytest.raises(DatasetError):
            imdb.read(tmp_path / name)
    (tmp_path / "bare").mkdir()
    with pytest.raises(DatasetError):
        imdb.read(tmp_path / "bare")


def test_bytes_that_are_no_utf8_do_not_stop_the_reading(folder: Path) -> None:
    (folder / "train" / "neg" / "0_1.txt").write_bytes(b"caf\xe9 awful")
    assert imdb.read(folder).train[0].text == "caf\ufffd awful"


# Downloads, from this machine.


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "www").mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "www")) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/reviews.tar.gz"
        running.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras's cache folder, moved to where nothing is yet."""
    pytest.importorskip("keras")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    # Keras reads the variable only once, when it is imported.
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def left_behind(cache: Path) -> list[str]:
    return [path.name for path in cache.rglob("*") if path.is_file()]


@pytest.mark.tensorflow
def test_the_archive_is_downloaded_once(
    folder: Path, tmp_path: Path, server: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = pack(folder, tmp_path / "www" / "reviews.tar.gz")
    monkeypatch.setattr(imdb, "URL", server)
    monkeypatch.setattr(imdb, "SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    expected = imdb.read(folder)
    assert imdb.read() == expected
    assert left_behind(cache) == ["reviews.tar.gz"]
    archive.unlink()
    assert imdb.read() == expected, "the second time from the cache"


@pytest.mark.tensorflow
@pytest.mark.parametrize("harm", ["altered", "cut", "missing"])
def test_an_altered_download_is_refused_and_leaves_nothing(
    harm: str, folder: Path, tmp_path: Path, server: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = pack(folder, tmp_path / "www" / "reviews.tar.gz")
    data = archive.read_bytes()
    monkeypatch.setattr(imdb, "URL", server)
    monkeypatch.setattr(imdb, "SHA256", hashlib.sha256(data).hexdigest())
    if harm == "altered":
        archive.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif harm == "cut":
        archive.write_bytes(data[:500])
    else:
        archive.unlink()
    with pytest.raises(DatasetError, match="--data PATH"):
        imdb.read()
    assert left_behind(cache) == []


@pytest.mark.tensorflow
def test_an_altered_cache_is_fetched_anew(
    folder: Path, tmp_path: Path, server: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = pack(folder, tmp_path / "www" / "reviews.tar.gz")
    monkeypatch.setattr(imdb, "URL", server)
    monkeypatch.setattr(imdb, "SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    (cache / "datasets").mkdir(parents=True)
    (cache / "datasets" / "reviews.tar.gz").write_bytes(b"half a fi")
    assert imdb.read() == imdb.read(folder)


# The validation set.


def labelled(n: int) -> tuple[Review, ...]:
    """``n`` reviews of each label, ordered as ``read`` orders them."""
    return tuple(Review(f"review {i}", label, 1 + 8 * label, i) for label in (0, 1) for i in range(n))


@pytest.mark.parametrize("seed", range(12))
def test_validation_is_one_block_per_label_with_a_gap(seed: int) -> None:
    reviews = labelled(500)
    training, validation = imdb.split_validation(reviews, seed, size=100, gap=30)
    assert len(validation) == 100
    assert not set(training) & set(validation)
    assert set(training) | set(validation) <= set(reviews)
    for label in (0, 1):
        block = [review.id for review in validation if review.label == label]
        assert block == list(range(block[0], block[0] + 50)), "contiguous"
        kept = {review.id for review in training if review.label == label}
        near = set(range(block[0] - 30, block[-1] + 31)) & set(range(500))
        assert kept == set(range(500)) - near, "everything but the block and the gap"


def test_the_seed_places_the_blocks() -> None:
    reviews = labelled(500)
    assert imdb.split_validation(reviews, 1, 100) == imdb.split_validation(reviews, 1, 100)
    starts = {imdb.split_validation(reviews, seed, 100)[1][0].id for seed in range(20)}
    assert len(starts) > 10


@pytest.mark.parametrize(("n", "size"), [(10, 2_500), (3, 2), (1, 2)])
def test_a_small_set_is_never_used_up(n: int, size: int) -> None:
    _, validation = imdb.split_validation(labelled(n), 1, size, gap=0)
    assert len(validation) == 2 * min(size // 2, n // 2)


def test_training_never_reads_the_test_set(folder: Path) -> None:
    from models.training.data.corpus import read_corpus

    for path in (folder / "test").rglob("*_*.txt"):
        path.write_text("forbiddenword " + path.read_text())
    corpus = read_corpus(folder, 500, 20, 1, None)
    assert "wonderful" in corpus.vocabulary
    assert "forbiddenword" not in corpus.vocabulary
    assert len(corpus.training) + len(corpus.validation) <= COUNTS["train"]
    assert len(corpus.unlabelled) == COUNTS["unsup"]
