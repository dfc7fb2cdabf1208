"""The Large Movie Review Dataset (Maas et al., ACL 2011): download, verify, read, split.

Reviews are read from the official archive (``.tar.gz``, or the same tree as ``.tar.xz``) or from an unpacked
``aclImdb`` folder. Nothing here writes review text anywhere but into the download cache.
"""

from __future__ import annotations

import lzma
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np

from models import artifacts
from models.training.data import review_table
from models.training.data.records import Dataset as Dataset
from models.training.data.records import DatasetError as DatasetError
from models.training.data.records import Review as Review

URL = "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"
SHA256 = "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe"
OFFICIAL_COUNTS = {"train": 25_000, "test": 25_000, "unsup": 50_000}
SPLIT_SEED = 1  # places the validation blocks of every recipe, whatever its own seed: runs are compared on them

_MEMBER = re.compile(r"(?:^|/)(train|test)/(pos|neg|unsup)/(\d+)_(\d+)\.txt$")
_LABEL = {"pos": 1, "neg": 0, "unsup": -1}


def download() -> Path:
    """Fetch the official archive (80 MB) once, checked against its sha256, into ``$KERAS_HOME`` or ``~/.keras``.

    Raises:
        DatasetError: if it cannot be fetched or differs from the published file; nothing half-written is left.
    """
    import keras

    archive = downloaded()
    if archive.is_file() and artifacts.sha256(archive) == SHA256:
        return archive
    part = partial_download()
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        home = archive.parent.parent
        keras.utils.get_file(part.name, URL, file_hash=SHA256, hash_algorithm="sha256", cache_dir=home)
        part.replace(archive)
    except Exception as error:
        raise DatasetError(
            f"The dataset could not be downloaded from {URL} ({error}). Fetch it yourself and pass --data PATH."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return archive


def downloaded() -> Path:
    """Where ``download`` puts the archive; what is there is whole."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    return home / "datasets" / Path(URL).name


def partial_download() -> Path:
    """Where the archive grows while it is downloaded."""
    archive = downloaded()
    return archive.with_name(f"{archive.name}.part")


def read(path: Path | None = None, wanted: Collection[str] = tuple(OFFICIAL_COUNTS)) -> Dataset:
    """Read the dataset, all of it or some parts.

    Args:
        path: an archive, an unpacked folder, or a table of labelled reviews (see ``review_table``); without it the
            official archive is downloaded.
        wanted: which of "train", "test" and "unsup"; the others are left empty, and are not checked.

    Raises:
        DatasetError: if the path does not exist, is no archive, or reviews are missing.
    """
    path = download() if path is None else Path(path).expanduser()
    if not path.exists():
        raise DatasetError(f"There is no file or folder at {path}.")
    if review_table.is_table(path):
        return _of_table(path, wanted)
    parts: dict[str, list[Review]] = {"train": [], "test": [], "unsup": []}

    def is_wanted(name: str) -> bool:
        match = _MEMBER.search(name)
        return match is not None and ("unsup" if match[2] == "unsup" else match[1]) in wanted

    members = _folder_members(path, is_wanted) if path.is_dir() else _archive_members(path, is_wanted)
    for name, data in members:
        match = _MEMBER.search(name)
        if match:
            split, folder, review_id, stars = match.groups()
            part = parts["unsup" if folder == "unsup" else split]
            part.append(Review(data.decode("utf-8", "replace"), _LABEL[folder], int(stars), int(review_id)))
    for name, expected in OFFICIAL_COUNTS.items():
        if name in wanted and len(parts[name]) != expected:
            raise DatasetError(f"{path} holds {len(parts[name]):,} {name} reviews where {expected:,} belong.")
    for part in parts.values():
        part.sort(key=lambda review: (review.label, review.id))
    train, test, unsupervised = (tuple(parts[name]) for name in OFFICIAL_COUNTS)
    return Dataset(train, test, unsupervised)


def _of_table(path: Path, wanted: Collection[str]) -> Dataset:
    """A table's halves, ordered like the official parts; there are no unlabelled reviews."""
    training, test, origin = review_table.read(path)
    parts = [
        tuple(sorted(part, key=lambda review: (review.label, review.id))) if name in wanted else ()
        for name, part in (("train", training), ("test", test))
    ]
    return Dataset(parts[0], parts[1], (), origin)


def _folder_members(folder: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(path for path in folder.rglob("*_*.txt") if wanted(path.as_posix())):
        yield path.as_posix(), path.read_bytes()


def _archive_members(archive: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(archive, "r:*") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isfile() and wanted(member.name) else None
                if file is not None:
                    yield member.name, file.read()
    except (tarfile.TarError, EOFError, OSError, lzma.LZMAError, zlib.error) as error:
        reason = str(error).partition("\n")[0].rstrip(":")
        raise DatasetError(f"{archive} cannot be read as an archive ({reason}).") from error


def split_validation(
    reviews: tuple[Review, ...], seed: int, size: int = 2_500, gap: int = 30
) -> tuple[list[Review], list[Review]]:
    """Cut a validation set out of labelled training reviews: ``(training, validation)``.

    Reviews of one movie have neighbouring ids, so a random cut would let a network meet the same movie on both
    sides. Validation is one contiguous block of ids per label, and ``gap`` reviews on each side of it go to neither.

    Args:
        reviews: labelled, ordered by label and id.
        seed: places the blocks.
        size: reviews in validation, half of each label; at most half of what there is.
    """
    random = np.random.default_rng(seed)
    training: list[Review] = []
    validation: list[Review] = []
    for label in (0, 1):
        same = [review for review in reviews if review.label == label]
        block = min(size // 2, len(same) // 2)
        start = int(random.integers(0, len(same) - block + 1))
        validation += same[start : start + block]
        training += same[: max(0, start - gap)] + same[start + block + gap :]
    return training, validation
