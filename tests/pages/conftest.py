"""What page tests share: after every run of the app, what stands on the page is looked at."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.histories import made_up_shelf
from tests.judged import judged_shelf
from tests.shelves import tiny_shelf as tiny_shelf
from tests.shown import offences

# Every AppTest looks through all installed packages for components, in a tenth of a second. They stay the same.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


@pytest.fixture
def tiny(tiny_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app reads tiny networks of every kind; for a whole file ``pytestmark = pytest.mark.usefixtures("tiny")``."""
    monkeypatch.setenv("UNROLLED_SHELF", str(tiny_shelf))
    return tiny_shelf


@pytest.fixture
def own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app reads made-up training runs without networks, on a shelf that the test may change."""
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path / "shelf"))
    return made_up_shelf(tmp_path / "shelf")


@pytest.fixture
def own_figures(own_runs: Path) -> Path:
    """The same, each with its figures of the test set."""
    return judged_shelf(own_runs)


@pytest.fixture(autouse=True)
def nothing_unfinished_is_shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No page test passes where ``{…}``, ``None``, ``nan`` or a bare Markdown sign has stood in shown text.

    What a test brings otherwise than by typing it is named: ``@pytest.mark.brings("**a title**")``.
    """
    found: list[str] = []
    brought = [text for marker in request.node.iter_markers("brings") for text in marker.args]
    run = AppTest._run

    def watched(at: AppTest, *arguments: Any, **named: Any) -> AppTest:
        run(at, *arguments, **named)
        found.extend(offences(at, *brought))
        return at

    monkeypatch.setattr(AppTest, "_run", watched)
    yield
    assert not found, "\n".join(dict.fromkeys(found))
