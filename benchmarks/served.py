"""A script of this repository, or of another checkout of it, served on this machine until it is measured."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def memory(pid: int) -> float:
    """Memory that a process holds, MB (10⁶ bytes)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024 / 1e6


@dataclass
class Served:
    """A served app."""

    url: str
    pid: int

    def processor(self) -> float:
        """Seconds of processor time that the process has used."""
        return time.clock_gettime((~self.pid << 3) | 2)  # Linux: as clock_getcpuclockid(3) makes another's clock

    def memory(self) -> float:
        """Memory the process holds, MB (10⁶ bytes)."""
        return memory(self.pid)


@contextlib.contextmanager
def served(script: str, folder: Path = ROOT, **environment: str) -> Iterator[Served]:
    """Serve a script of a checkout on a free port, until it is measured; ``environment``: beside this process's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, *options],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        # Visitors who are measured do not rest, and are answered as fast as can be.
        env={**os.environ, "PYTHONPATH": str(folder), "UNROLLED_MESSAGE_RATE": "0", **environment},
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{script} in {folder} does not start")
            time.sleep(0.2)
        yield Served(url, process.pid)
    finally:
        process.terminate()
        process.wait(30)
