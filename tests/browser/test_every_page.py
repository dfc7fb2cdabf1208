"""Every page on a phone, a laptop and a projector, light and dark, in a real browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.steps import ALL_PAGES, assert_fits

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

SIZES = {"phone": (390, 844), "laptop": (1440, 900), "projector": (1920, 1080)}
BACKGROUND = {"light": "rgb(251, 250, 246)", "dark": "rgb(23, 22, 26)"}
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("title", ALL_PAGES)
@pytest.mark.parametrize(
    "visit", [pytest.param((*SIZES["phone"], theme), id=theme) for theme in BACKGROUND], indirect=True
)
def test_every_page_fits_phone_laptop_and_projector(server: Server, visit: Visit, title: str) -> None:
    pictures = os.environ.get("SCREENSHOTS")  # a folder for whoever wants to look at every page
    visit.open(f"{server.url}/{ALL_PAGES[title]}")
    for width, height in SIZES.values():
        visit.resize(width, height)
        visit.page.wait_for_timeout(500)
        assert_fits(visit)
        colour = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        assert visit.page.evaluate(colour) == BACKGROUND[visit.theme]
        if pictures:
            whole = visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            visit.resize(width, min(whole, 8_000))
            visit.page.screenshot(path=Path(pictures) / f"{ALL_PAGES[title] or 'read'}-{width}-{visit.theme}.png")
    assert visit.errors == []


@pytest.mark.parametrize(("title", "table"), [("Compare", "Verdicts"), ("Evaluation", "Figures on the test set")])
@pytest.mark.parametrize("visit", [pytest.param((*SIZES["phone"], "light"), id="phone")], indirect=True)
def test_the_models_figures_can_be_read_on_a_phone_without_scrolling_sideways(
    server: Server, visit: Visit, title: str, table: str
) -> None:
    page = visit.open(f"{server.url}/{ALL_PAGES[title]}")
    region = page.get_by_role("region", name=table).first
    expect(region).to_be_visible()
    assert region.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
