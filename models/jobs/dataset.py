"""Where the dataset is on this machine: named by a setting or by somebody, or downloaded."""

from __future__ import annotations

import contextlib
import os
import tarfile
from pathlib import Path
from typing import Literal

from models import artifacts
from models.training.data import imdb

Problem = Literal["missing", "other", "incomplete"]


def find() -> Path | None:
    """The place that ``UNROLLED_DATA`` names, else the one remembered, else the download; None if none is there."""
    named = os.environ.get("UNROLLED_DATA")
    places = [Path(named).expanduser()] if named else []
    with contextlib.suppress(OSError, ValueError):
        places.append(Path(_note().read_text(encoding="utf-8")))
    return next((place for place in (*places, imdb.downloaded()) if place.exists()), None)


def remember(path: Path) -> Problem | None:
    """Remember a place; returns what is wrong with it, and then remembers nothing."""
    found = problem(path)
    if found is None:
        _note().parent.mkdir(parents=True, exist_ok=True)
        _note().write_text(str(path.expanduser().resolve()), encoding="utf-8")
    return found


def problem(path: Path) -> Problem | None:
    """What is wrong with a place, at a glance (milliseconds); training itself checks every review.

    Returns:
        "missing": nothing is there; "other": neither an archive nor a folder with ``train/pos`` and ``train/neg``;
        "incomplete": not all 25,000 training reviews are; None: it will do.
    """
    try:
        path = path.expanduser()
        if path.is_dir():
            top = path / "aclImdb" if (path / "aclImdb").is_dir() else path
            halves = [top / "train" / label for label in ("pos", "neg")]
            if not all(half.is_dir() for half in halves):
                return "other"
            count = sum(entry.name.endswith(".txt") for half in halves for entry in os.scandir(half))
            return None if count == imdb.OFFICIAL_COUNTS["train"] else "incomplete"
        if not path.is_file():
            return "missing"
        return None if tarfile.is_tarfile(path) else "other"
    except (OSError, ValueError, EOFError, RuntimeError):  # null bytes, no permission, an unknown ~user
        return "missing"


def _note() -> Path:
    return artifacts.WORK / "dataset.txt"
