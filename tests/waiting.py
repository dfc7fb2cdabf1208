"""Other processes and threads: waiting for what comes to pass there, and what becomes of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def until(ready: Callable[[], object], seconds: float = 20) -> None:
    """Wait until it is so; it is an error of the test if that takes longer than it may."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process still works; a zombie does not."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def memory(pid: int) -> float:
    """Resident megabytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
