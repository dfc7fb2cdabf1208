"""Put every fault of the list into a copy of the code, one at a time, and see whether the tests notice.

    python -m tests.faults                    all of them, each against the tests of its folder; a table at the end
    python -m tests.faults equation nn/       those whose file or line holds one of these words
    python -m tests.faults --whole            whatever those tests miss is put before the whole quick lane

Nothing of the code here is touched. The exit status is 1 if a fault was missed or no longer fits the code.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple, NoReturn

# What nearly every test needs, imported once.
import hypothesis as hypothesis
import pandas as pd
import plotly.graph_objects as go
import pytest
import streamlit.testing.v1 as testing

from tests.faults.fault import Fault
from tests.faults.list import FAULTS

ROOT = Path(__file__).resolve().parents[2]
_NOTICED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", re.MULTILINE)
_OURS = ("app", "serve", "serving", "components", "models", "pages", "tests")
_HEAVY = (pd, go, testing)
_LEFT_BEHIND = (".git", ".venv", ".mypy_cache", ".ruff_cache", "__pycache__", "work", "docs")


class Result(NamedTuple):
    """What became of a fault: "caught", "missed" or "gone"; ``by`` is the test that noticed."""

    outcome: str
    by: str
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only faults whose file or line holds one of them")
    parser.add_argument("--whole", action="store_true", help="ask the whole quick lane where the first tests miss one")
    options = parser.parse_args(arguments)
    chosen = [f for f in FAULTS if not options.words or any(w in f.file or w in f.before for w in options.words)]
    counts = {"caught": 0, "missed": 0, "gone": 0}
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
        for number, fault in enumerate(chosen, 1):
            result = _tried(copy, fault, options.whole)
            counts[result.outcome] += 1
            place = f"{number:3}  {result.outcome:6}  {result.seconds:5.1f} s  {fault.file:45}"
            print(f"{place}  {fault.what:45}  {result.by}", flush=True)
    print(f"{counts['caught']} of {len(chosen)} faults caught, {counts['missed']} missed, {counts['gone']} gone")
    return int(counts["missed"] + counts["gone"] > 0)


def _tried(copy: Path, fault: Fault, whole: bool) -> Result:
    path, begun = copy / fault.file, time.monotonic()
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text.count(fault.before) != 1:
        return Result("gone", "its text does not stand there once", 0.0)
    sick: list[str] = []  # tests that fail without the fault too
    by = None
    for tests in [[test] for test in fault.tests] + ([["-m", "not slow"]] if whole else []):
        while by is None or by in sick:
            path.write_text(text.replace(fault.before, fault.after), encoding="utf-8")
            try:
                by = _ask(copy, [*tests, *(f"--deselect={test}" for test in sick)])
            finally:
                path.write_text(text, encoding="utf-8")
            if by is None:
                break
            if "::" in by and _ask(copy, [by]):
                sick.append(by)
        if by:
            break
    note = f"  ({', '.join(sick)} fail without it too)" if sick else ""
    return Result("caught" if by else "missed", (by or "") + note, time.monotonic() - begun)


def _ask(copy: Path, tests: list[str]) -> str | None:
    """The first test that fails; None if all pass."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            _run(copy, tests, output.fileno())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        printed = output.read()
    if status in (0, 5):  # 5: none were left to run
        return None
    found = _NOTICED.search(printed)
    return found[1] if found else printed.strip().splitlines()[-1]


def _run(copy: Path, tests: list[str], output: int) -> NoReturn:
    """Run tests in this process, which ends with them: a fork, so that libraries are not imported for every fault."""
    os.setpgid(0, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(copy)
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    sys.path[:] = [str(copy), *(place for place in sys.path if Path(place or ".").resolve() != ROOT)]
    sys.dont_write_bytecode = True
    os._exit(int(pytest.main(["-q", "-x", "-p", "no:xdist", "-p", "no:cov", *tests])))


if __name__ == "__main__":
    sys.exit(main())
