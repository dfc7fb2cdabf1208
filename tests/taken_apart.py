"""Brought files taken apart in this process, by the code of the child: hundreds of processes would take minutes."""

from __future__ import annotations

from typing import Any

import pytest

from models import settings
from models.foreign import child, safe_file


@pytest.fixture(autouse=True)
def same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every test of a module that imports it."""

    def ask(file: Any) -> tuple[dict[str, Any], bytes]:
        most, parameters = settings.value("network_megabytes") * settings.MB, settings.value("network_parameters")
        head, arrays = child.take_apart(file, most, parameters)
        return head, b"".join(array.tobytes() for array in arrays)

    monkeypatch.setattr(safe_file, "_ask_child", ask)
