"""For everyone: an automatic check (axe-core) of every page in both themes, and what it cannot see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from components.ui.theme import DARK
from tests.browser.test_journeys import ALL_PAGES

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ADDRESSES = ALL_PAGES | {"Your network": "your_network"}


def serious(page: Page) -> list[tuple[str, str, list[Any]]]:
    """What axe-core calls serious or critical: the rule, what it wants, and the elements that break it."""
    page.evaluate(AXE)  # not as a script element, which the page's own policy refuses
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        (rule["id"], rule["help"], [(node["target"], node["html"][:200]) for node in rule["nodes"][:5]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


def in_dark(visit: Visit) -> None:
    """The system turns dark, and the page follows by itself: Streamlit's own part, and what we colour."""
    visit.page.emulate_media(color_scheme="dark")
    expect(visit.page.locator("html")).to_have_css("--paper", DARK.paper)
    visit.settled()


@pytest.mark.parametrize("title", ADDRESSES)
def test_an_automatic_check_finds_nothing_serious_in_either_theme(server: Server, visit: Visit, title: str) -> None:
    page = visit.open(f"{server.url}/{ADDRESSES[title]}")
    found = {"light": serious(page)}
    in_dark(visit)
    found["dark"] = serious(page)
    assert found == {"light": [], "dark": []}
