"""Writing a file in one move: whoever reads it finds the old one or the new one, never half of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A place beside ``path`` to write to; it takes the name ``path`` when the block ends without an error."""
    fresh = path.with_name(f".{path.name}.unfinished")
    yield fresh
    os.replace(fresh, path)
