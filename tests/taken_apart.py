"""Brought files taken apart in this process, by the code of the child: hundreds of processes would take minutes."""

from __future__ import annotations

from typing import Any

import pytest

from models.foreign import child, safe_file


@pytest.fixture(autouse=True)
def same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every test of a module that imports it."""

    def ask(file: Any, within: Any) -> tuple[dict[str, Any], bytes]:
        head, arrays = child.take_apart(file, within.bytes, within.parameters)
        return head, b"".join(array.tobytes() for array in arrays)

    monkeypatch.setattr(safe_file, "_ask_child", ask)
