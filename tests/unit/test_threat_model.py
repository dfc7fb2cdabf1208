"""The threat model names its tests: every file is there, and for brought networks every test by its name."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs" / "security.md").read_text("utf-8")
TESTS = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", TOLD))
    assert len(named) > 10
    assert named <= TESTS.keys()


def test_each_line_on_brought_networks_names_tests_that_are_there() -> None:
    part = TOLD.split("## Networks that visitors bring")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ") and "who could" not in line]
    assert len(lines) >= 12
    for line in lines:
        file, names = re.fullmatch(r".*\| `(test_\w+\.py)`: (.+) \|", line).groups()  # type: ignore[union-attr]
        for test in names.split("; "):
            assert f"def test_{test.replace(' ', '_')}(" in TESTS[file], (file, test)
