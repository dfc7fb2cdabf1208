"""What all tests share: the order they run in, and real servers.

Once TensorFlow or Keras is imported in a process, Streamlit clears Keras's session after every run of a script, and
AppTest becomes many times slower. So the page tests run first, then the unit tests that do without TensorFlow, then
those that need it, then the browser. For the same reason no test module imports TensorFlow while it is collected.
Side by side, each process takes whole files in this order: one with tests of two kinds runs when its first is due.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.figures import figures_are_valid as figures_are_valid

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
_TRAINING = re.compile(r"^\s+(?:import|from) (?:tensorflow|keras|models\.training|models import train)", re.MULTILINE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages, units without TensorFlow, units with it, browser; within each the order they are written in."""
    needs_tensorflow: dict[Path, bool] = {}

    def stage(item: pytest.Item) -> int:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in ("pages", "browser"):
            return 0 if folder == "pages" else 3
        if item.get_closest_marker("tensorflow"):
            return 2
        if item.path not in needs_tensorflow:
            needs_tensorflow[item.path] = bool(_TRAINING.search(item.path.read_text(encoding="utf-8")))
        return 2 if needs_tensorflow[item.path] else 1

    items.sort(key=stage)


@dataclass(frozen=True)
class Server:
    """The app, served as visitors meet it. ``log`` holds all that it prints."""

    url: str
    log: Path
    pid: int


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the whole session."""
    yield from _serve(tmp_path_factory.mktemp("server") / "server.log")


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Makes servers that nobody has visited yet: ``fresh_server().url``."""
    running: list[Iterator[Server]] = []

    def start() -> Server:
        running.append(_serve(tmp_path / f"server-{len(running)}.log"))
        return next(running[-1])

    yield start
    for served in running:
        next(served, None)


def _serve(log: Path) -> Iterator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "serve.py"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--logger.enableRich", "false"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(url, process, log)
        yield Server(url, log, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    said = log.read_text(errors="replace")
    assert "Traceback" not in said, f"the server met an error:\n{said[-4000:]}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")
