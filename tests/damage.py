"""Ways in which an ``.npz`` of a model's folder can be broken, and what its loader should then say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from models import artifacts


def sign(folder: Path) -> None:
    artifacts.write_card(folder, artifacts.read_card(folder))


DAMAGES: list[tuple[str, Callable[[Path], object]]] = [
    ("missing", lambda path: path.unlink()),
    ("checksum", lambda path: path.write_bytes(path.read_bytes()[:-20])),
    ("cannot be read", lambda path: (path.write_bytes(path.read_bytes()[:-200]), sign(path.parent))),
    ("cannot be read", lambda path: (path.write_bytes(b""), sign(path.parent))),
    ("cannot be read", lambda path: (save(path, format=np.array(99)), sign(path.parent))),
    ("cannot be read", lambda path: (save(path, format=np.array([None], object)), sign(path.parent))),
    ("lacks", lambda path: (save(path, format=np.array(1)), sign(path.parent))),
]


def save(path: Path, **arrays: np.ndarray) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays)
