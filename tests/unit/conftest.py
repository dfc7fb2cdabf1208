"""What unit tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from models.card import TRIO
from tests.histories import runs as runs
from tests.histories import runs_shelf as runs_shelf
from tests.judged import judged as judged
from tests.judged import trio as trio
from tests.shelves import tiny_model as tiny_model
from tests.shelves import tiny_shelf as tiny_shelf


@pytest.fixture
def own_trio(tiny_shelf: Path, tmp_path: Path) -> Path:
    """A shelf of the three tiny networks of the trio, which a test may damage."""
    for name in TRIO:
        shutil.copytree(tiny_shelf / name, tmp_path / "shelf" / name)
    return tmp_path / "shelf"
