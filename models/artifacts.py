"""The files of one model's folder: names, checksums, the card, the saved curves and arrays."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import limited, one_move
from models.errors import ArtifactError
from models.figures import json_file
from models.figures.records import Figures

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from models.card import ModelCard

FORMAT = 1  # of cards and of arrays
_MOST_CARD = 2_000_000
_MOST_CHECKSUMS = 500
_checksums: dict[tuple[str, int, int, int, int], str] = {}
WORK = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "unrolled"
FILES = (
    "model.keras", "vocabulary.txt", "history.csv", "steps.csv", "evaluation.json", "states.npz", "growth.npz",
    "model.h5", "words.json",
)  # fmt: skip


def sha256(path: Path) -> str:
    """Checksum of a file, hexadecimal.

    Raises:
        OSError, ValueError: if it is missing, or no regular file.
    """
    limited.regular(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def blamed(model: str, file: str) -> Iterator[None]:
    """What goes wrong in the block while a file is read as an ``ArtifactError`` that names it."""
    try:
        yield
    except FileNotFoundError as error:
        raise ArtifactError(model, file, "it is missing") from error
    except (OSError, ValueError) as error:
        raise ArtifactError(model, file, str(error)) from error


def verify(folder: Path, file: str, facts: dict[str, Any]) -> None:
    """Check a file of a model against the checksum on its card; one that was not changed since is not read again.

    Raises:
        ArtifactError: if it is missing, no regular file, not on the card, or another one.
    """
    path, name = folder / file, folder.name
    try:
        expected = facts["files"][file]["sha256"]
    except (KeyError, TypeError) as error:
        raise ArtifactError(name, "card.json", f"it has no checksum of {file}") from error
    with blamed(name, file):
        found = limited.regular(path)
        state = (str(path), found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
        if state not in _checksums:
            if len(_checksums) >= _MOST_CHECKSUMS:
                _checksums.clear()
            _checksums[state] = sha256(path)
    if _checksums[state] != expected:
        raise ArtifactError(name, file, "it is not the file that was trained: its checksum differs")


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write ``card.json`` with the sizes and checksums of the files that are there, in one move."""
    present = [folder / name for name in FILES if (folder / name).exists()]
    card = {**card, "files": {p.name: {"bytes": p.stat().st_size, "sha256": sha256(p)} for p in present}}
    with one_move.written(folder / "card.json") as fresh:
        fresh.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")


def read_card(folder: Path) -> dict[str, Any]:
    """The content of ``card.json``.

    Raises:
        OSError, ValueError: if it is missing or no JSON object.
    """
    card = json.loads(limited.content(folder / "card.json", _MOST_CARD).decode("utf-8"))
    if not isinstance(card, dict):
        raise ValueError("card.json is not an object")
    whole: dict[str, Any] = _whole(card)
    return whole


def _whole(value: Any) -> Any:
    """A JSON value without half characters, which JSON can name and no page can show."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


def read_history(path: Path) -> pd.DataFrame:
    """``history.csv`` as a DataFrame, one row an epoch.

    Raises:
        OSError, ValueError: if it is missing or not a history.
    """
    import pandas as pd

    history = pd.read_csv(path)
    missing = {"epoch", "loss", "accuracy"} - set(history.columns)
    if missing or history.empty:
        raise ValueError(f"{path.name} lacks {', '.join(sorted(missing)) or 'rows'}")
    return history


def read_evaluation(folder: Path, *, checked: bool = False) -> Figures:
    """The figures on the test set, ``evaluation.json``; every part that is there is of the right kind.

    Args:
        checked: it must be the file whose checksum the card beside it has.

    Raises:
        OSError, ValueError: if it is missing or damaged.
        ArtifactError: if it is not the file of the card.
    """
    if checked:
        verify(folder, "evaluation.json", read_card(folder))
    try:
        found = json.loads(limited.content(folder / "evaluation.json").decode("utf-8"))
    except RecursionError as error:
        raise ValueError("evaluation.json is nested too deeply") from error
    return json_file.read(found)


def read_arrays(card: ModelCard, file: str) -> dict[str, np.ndarray]:
    """All arrays of an ``.npz`` of the model's folder: never pickles, and only the file that the card describes.

    Raises:
        ArtifactError: if it is missing, damaged, of another format, or not the one the card gives the checksum of.
    """
    verify(card.folder, file, card.facts)
    try:
        arrays = limited.arrays(card.folder / file)
        if int(arrays["format"]) != FORMAT:
            raise ValueError(f"format {int(arrays['format'])} is not the one this version reads")
    except Exception as error:  # a damaged zip fails in many ways, all of them meaning the same
        raise ArtifactError(card.name, file, f"it cannot be read ({type(error).__name__})") from error
    return arrays


def versions() -> dict[str, str]:
    """Versions of the packages that shape a trained network."""
    found = {}
    for package in ("tensorflow", "tensorflow-cpu", "numpy", "gensim", "scikit-learn"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def processor_name() -> str:
    """What the processor calls itself, for "trained on" lines."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
