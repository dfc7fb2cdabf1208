"""The bootstrap script: what it refuses, what it makes, and that the locks hold what the requirements ask for."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, at work in an empty folder."""
    spec = importlib.util.spec_from_file_location("go", ROOT / "go.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {"VENV": venv, "PYTHON": venv / "bin" / "python", "STAMP": venv / "unrolled.json"}.items():
        monkeypatch.setattr(module, name, value)
    for name in ("RUN", "DEVELOP"):
        lock = tmp_path / f"{name.lower()}.lock"
        lock.write_text("")
        monkeypatch.setattr(module, name, lock)
    return module


def in_python(version: str, path: str) -> subprocess.CompletedProcess[str]:
    pretend = f"import sys; sys.version_info = {version}; sys.argv = ['go.py']; import runpy; runpy.run_path('go.py')"
    return subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, env={"PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("version", ["(3, 9, 6)", "(3, 14, 0)"])
def test_another_python_is_refused_in_one_line(version: str, tmp_path: Path) -> None:
    done = in_python(version, str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert ".".join(re.findall(r"\d+", version)[:2]) in done.stderr


def test_another_python_hands_over_to_a_fitting_one(tmp_path: Path) -> None:
    fitting = tmp_path / "python3.12"
    fitting.write_text('#!/bin/sh\necho "handed over: $*"\n')
    fitting.chmod(0o755)
    done = in_python("(3, 14, 0)", f"{tmp_path}:/bin:/usr/bin")
    assert done.stdout == "handed over: go.py\n"


@pytest.mark.parametrize("arguments", [["fly"], ["start", "--server.port", "many"], ["start", "--server.port=70000"]])
def test_nonsense_is_refused_in_one_line(
    go: ModuleType, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(go, "environment", lambda lock: None)
    with pytest.raises(SystemExit) as stop:
        go.main(arguments)
    assert stop.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "lane"),
    [
        ([], ["-m", "not slow"]),
        (["-x"], ["-m", "not slow", "-x"]),
        (["-k", "gates"], ["-m", "not slow", "-k", "gates"]),
        (["--all"], []),
        (["-x", "--all", "--cov"], ["-x", "--cov"]),
        (["--slow", "-x"], ["-m", "slow", "-x"]),
        (["tests/browser"], ["tests/browser"]),
        (["tests/unit/test_go.py::test_it"], ["tests/unit/test_go.py::test_it"]),
    ],
)
def test_slow_tests_run_when_all_are_asked_for_or_they_are_named(
    go: ModuleType, options: list[str], lane: list[str]
) -> None:
    assert go.lane(options) == lane


@pytest.mark.parametrize("options", [[], ["--server.address="], ["--server.address", "0.0.0.0"]])
@pytest.mark.parametrize(("setting", "trains"), [(None, "loopback"), ("0", "0"), ("1", "1")])
def test_whether_visitors_may_train_is_left_to_the_server_that_knows_where_it_listens(
    go: ModuleType, options: list[str], setting: str | None, trains: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str | None] = []
    monkeypatch.setattr(go, "environment", lambda lock: None)
    monkeypatch.setattr(go, "answers", lambda host, port: False)
    monkeypatch.setattr(go, "run", lambda *_: found.append(os.environ.get("UNROLLED_TRAINING")) or 0)
    monkeypatch.delenv("STREAMLIT_SERVER_ADDRESS", raising=False)
    monkeypatch.setenv("UNROLLED_TRAINING", setting or "")  # so that it is put back afterwards
    if setting is None:
        monkeypatch.delenv("UNROLLED_TRAINING")
    assert go.start(options) == 0
    assert found == [trains]


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ([], None, None),
        ([], "192.0.2.7", "192.0.2.7"),
        ([], "", None),
        (["--server.address="], "127.0.0.1", ""),
        (["--server.address", "127.0.0.1", "--server.address=0.0.0.0"], None, "0.0.0.0"),
        (["--server.address=0.0.0.0", "--server.address", "127.0.0.1"], None, "127.0.0.1"),
        (["--server.address=127.0.0.1", "--", "--server.address=0.0.0.0"], None, "127.0.0.1"),
    ],
)
def test_of_an_option_given_twice_the_last_counts_as_it_does_for_streamlit(
    go: ModuleType,
    options: list[str],
    environment: str | None,
    expected: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STREAMLIT_SERVER_ADDRESS", raising=False)
    if environment is not None:
        monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", environment)
    assert go.option("server.address", options) == expected


def test_the_environment_is_made_once_and_renewed_when_the_lock_changes(
    go: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    go.environment(go.DEVELOP)
    assert set(json.loads(go.STAMP.read_text())) == {"python", "develop.lock", "run.lock"}
    made = go.STAMP.stat().st_mtime_ns
    go.environment(go.DEVELOP)
    go.environment(go.RUN)
    assert go.STAMP.stat().st_mtime_ns == made
    go.RUN.write_text("# changed\n")
    go.environment(go.RUN)
    assert set(json.loads(go.STAMP.read_text())) == {"python", "run.lock"}
    # A failed installation leaves no stamp, so that the same command tries again.
    go.RUN.write_text("./no-such-wheel-1.0-py3-none-any.whl\n")
    with pytest.raises(SystemExit) as stop:
        go.environment(go.RUN)
    assert stop.value.code == 2
    assert not go.STAMP.exists()
    assert "the installation failed" in capfd.readouterr().err


@pytest.mark.parametrize("damage", ["", "[]", "{"])
def test_a_damaged_stamp_is_no_stamp(go: ModuleType, damage: str) -> None:
    go.VENV.mkdir()
    go.STAMP.write_text(damage)
    assert go.installed() == {}


def test_debian_without_venv_gets_it_or_a_line_to_type(
    go: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(go.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(go.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    calls: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(go.subprocess, "run", run)
    package = f"python3.{sys.version_info.minor}-venv"
    monkeypatch.setattr(go.os, "geteuid", lambda: 0)
    go.need_venv()
    assert calls[-1][-2:] == ["--no-install-recommends", package]
    monkeypatch.setattr(go.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit):
        go.need_venv()
    assert capsys.readouterr().err == f"go.py: Python's venv module is missing. Type: sudo apt-get install {package}\n"


@pytest.mark.parametrize("name", ["requirements", "requirements-serve", "requirements-dev"])
def test_the_lock_holds_every_requirement(name: str) -> None:
    asked = requirements(ROOT / f"{name}.txt")
    locked = {
        match.group(1): match.group(2)
        for match in re.finditer(r"^([\w.-]+)==([^\s;]+)", (ROOT / f"{name}.lock").read_text(), re.MULTILINE)
    }
    assert asked.items() <= locked.items()
    assert "://" not in (ROOT / f"{name}.lock").read_text()


def test_serving_takes_what_running_takes_without_tensorflow() -> None:
    everything, serving = requirements(ROOT / "requirements.txt"), requirements(ROOT / "requirements-serve.txt")
    assert {name: everything.get(name) for name in serving} == serving
    assert everything.keys() - serving.keys() == {"tensorflow", "tensorflow-cpu", "keras"}
    lock = (ROOT / "requirements-serve.lock").read_text()
    assert not re.search(r"^(tensorflow|keras)", lock, re.MULTILINE)


def requirements(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            found |= requirements(path.parent / line[3:])
        elif line and not line.startswith("#"):
            package, _, version = line.partition(";")[0].strip().partition("==")
            found[package] = version
    return found


def test_the_script_needs_nothing_but_the_standard_library() -> None:
    alone = [sys.executable, "-I", "-S", str(ROOT / "go.py"), "--help"]
    done = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "python3 go.py start" in done.stdout
