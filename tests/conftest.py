"""What all tests share: two lanes, the order they run in, who runs what side by side, and real servers.

The lanes. ``python3 go.py test`` leaves out what is marked slow; ``python3 go.py test --all`` runs everything. A new
test falls into its lane by where it stands: slow are ``tests/training`` (networks are really trained) and
``tests/browser``, but for the journeys of ``test_journeys.py``; elsewhere ``@pytest.mark.slow`` says so.

The order. Once TensorFlow or Keras is imported in a process, Streamlit clears Keras's session after every run of a
script, and AppTest becomes many times slower. So the page tests run first, then the unit tests that do without
TensorFlow, then those that need it, then what trains, then what needs a server. For the same reason no test module
imports TensorFlow while it is collected. Side by side each process takes work in this order: page and browser tests
one by one, of the others whole files, which may share expensive fixtures.
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
from typing import Any

import pytest

from tests.figures import figures_are_valid as figures_are_valid

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
_TRAINING = re.compile(r"^\s+(?:import|from) (?:tensorflow|keras|models\.training|models import train)", re.MULTILINE)


ORDER = ("pages", "unit", "tensorflow", "training", "server", "deploy", "browser")
ONE_BY_ONE = ("pages", "browser")
QUICK_IN_BROWSER = "test_journeys.py"


def folder_of(path: Path) -> str:
    """The folder of ``tests`` that a test file stands in."""
    return path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else ""


@pytest.fixture(autouse=True, scope="session")
def shelf_is_looked_at_each_time() -> None:
    """Tests change the shelf and look at once; the app looks once a second."""
    from components.session import resources

    resources.LOOK_AGAIN = 0.0


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what -m does not want
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put every test into its lane, and into the order of ``ORDER``; within that as they are written."""
    files: dict[Path, bool] = {}

    def stage(item: pytest.Item) -> int:
        folder = folder_of(item.path)
        if folder in ORDER and folder != "unit":
            return ORDER.index(folder)
        if item.path not in files:
            files[item.path] = bool(_TRAINING.search(item.path.read_text(encoding="utf-8")))
        needed = files[item.path] or item.get_closest_marker("tensorflow")
        return ORDER.index("tensorflow" if needed else "unit")

    for item in items:
        folder = folder_of(item.path)
        if folder == "training" or (folder == "browser" and item.path.name != QUICK_IN_BROWSER):
            item.add_marker("slow")
        if folder == "browser":  # it shares the machine with all the others; the summary names what needed a second try
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=stage)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Work is handed out in the order of the tests: one by one or in whole files, see above."""
    from xdist.scheduler import LoadScopeScheduling

    class ByKind(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return nodeid if folder_of(config.rootpath / file) in ONE_BY_ONE else file

    return ByKind(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def _our_own_main_module() -> Iterator[None]:
    """AppTest puts the page it ran into the place of ``__main__``; a process that is spawned later would run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


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
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
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
    printed = log.read_text(errors="replace")
    assert "Traceback" not in printed, f"the server met an error:\n{printed[-4000:]}"


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
