"""The files of one model's folder: names, checksums, the card, the saved curves. JSON and CSV only."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
from pathlib import Path
from typing import Any

from models import statistics

FORMAT = 1
WORK = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "unrolled"
FILES = ("model.keras", "vocabulary.txt", "history.csv", "steps.csv", "evaluation.json", "states.npz", "growth.npz")


def sha256(path: Path) -> str:
    """Checksum of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write ``card.json`` with the sizes and checksums of the files that are there, in one move."""
    present = [folder / name for name in FILES if (folder / name).exists()]
    card = {**card, "files": {p.name: {"bytes": p.stat().st_size, "sha256": sha256(p)} for p in present}}
    fresh = folder / ".card.json.unfinished"
    fresh.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    os.replace(fresh, folder / "card.json")


def read_card(folder: Path) -> dict[str, Any]:
    """The content of ``card.json``.

    Raises:
        OSError, ValueError: if it is missing or no JSON object.
    """
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    if not isinstance(card, dict):
        raise ValueError("card.json is not an object")
    return card


def read_history(path: Path) -> Any:
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


def read_evaluation(folder: Path) -> dict[str, Any]:
    """The figures on the test set, ``evaluation.json``; every part that is there is of the right kind.

    Raises:
        OSError, ValueError: if it is missing or damaged.
    """
    try:
        found = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError("evaluation.json is nested too deeply") from error
    return statistics.check(found)


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
