"""The list of faults fits the code: each can still be put in, and every room has one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.faults.fault import TESTS
from tests.faults.list import FAULTS

ROOT = Path(__file__).resolve().parents[2]
LEAST = 60


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}: {fault.what}")
def test_it_can_be_put_into_the_code(fault) -> None:
    """Where code has moved, move the fault with it; where it is gone, find another one in the same room."""
    text = (ROOT / fault.file).read_text(encoding="utf-8")
    assert text.count(fault.before) == 1
    assert fault.before != fault.after
    ast.parse(text.replace(fault.before, fault.after))
    assert all((ROOT / test).exists() for test in fault.tests)


def test_every_room_has_one() -> None:
    rooms = {
        path.parent.relative_to(ROOT).as_posix()
        for top in ("components", "models", "pages")
        for path in (ROOT / top).rglob("*.py")
        if path.name != "__init__.py" and path.parent != ROOT / "components"
    }
    held = {Path(fault.file).parent.as_posix() for fault in FAULTS}
    assert rooms - held == set(), "a room whose tests nobody has tried"
    assert "serve.py" in {fault.file for fault in FAULTS}
    assert len(FAULTS) >= LEAST
    assert all(any(fault.file.startswith(place) for place in TESTS) for fault in FAULTS)
