"""Every selector that leans on Streamlit's insides still matches something: a new version may rename them silently."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from components.ui.styles import sheet
from tests.browser.steps import REVIEW, review_box

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser
SHEETS = ("ui/streamlit.css", "ui/presenter.css", "lessons/presenting.css")
LESSON = "lessons?lesson=order&step=1"
# What a state of the page sets, rather than Streamlit, is taken off: the rest has to match.
_STATES = ("html[data-unread] ",)


def leaning(name: str) -> set[str]:
    """The selectors of a sheet that name a part of Streamlit's page, or an element by the key it was made with."""
    rules = re.sub(r"@media[^{]*\{", "", sheet(name))
    lists = re.findall(r"([^{}]+)\{[^{}]*\}", rules)
    found = {one.strip() for each in lists for one in re.split(r",(?![^(]*\))", each)}
    for state in _STATES:
        found = {one.removeprefix(state) for one in found}
    return {one for one in found if re.search(r"data-testid|data-tag|data-variant|st-key-|\bkbd\b", one)}


def unmatched(visit: Visit, selectors: set[str]) -> set[str]:
    """Those that match nothing on the page as it stands."""
    return {one for one in selectors if not visit.page.locator(one).count()}


def write(page: Page) -> None:
    """Begin to write: what a text box says then stands on the page."""
    review_box(page).click()
    expect(page.get_by_test_id("InputInstructions")).to_be_attached()


def test_the_shared_sheet_still_finds_what_it_styles(server: Server, visit: Visit) -> None:
    left = leaning("ui/streamlit.css")
    assert len(left) >= 10
    review = quote(REVIEW)
    for address in ("?example=negation", f"inside?review={review}", "letters", LESSON, "compare", "your_network"):
        page = visit.open(f"{server.url}/{address}")
        if address == "your_network":  # Streamlit fetches what colours code when it first shows some
            expect(page.locator(".token.comment").first).to_be_attached()
        if address.startswith("?"):
            write(page)
        left = unmatched(visit, left)
        if address.startswith("inside"):
            page.get_by_text("Unit lab", exact=True).click()
            visit.settled()
            expect(page.locator(".st-key-lab-hold")).to_be_visible()
            left = unmatched(visit, left)
        if address == "letters":
            page.get_by_text("Why long words are hard").click()
            page.get_by_text("Read again with it").click()
            visit.settled()
            left = unmatched(visit, left)
        if address == LESSON:
            page.get_by_text("Just show it", exact=True).click()
            visit.settled()
            left = unmatched(visit, left)
    assert left == set()


def test_what_the_presenter_view_hides_is_still_called_so(server: Server, visit: Visit) -> None:
    names = set().union(*(re.findall(r'\[data-testid="\w+"\]', sheet(name)) for name in SHEETS))
    assert len(names) >= 6
    for address in (f"?review={quote(REVIEW)}", "about", "training", LESSON):
        page = visit.open(f"{server.url}/{address}")
        if address.startswith("?"):
            write(page)
        if address == "training":
            expect(page.get_by_test_id("stCode").first).to_be_attached()
        names = unmatched(visit, names)
    page = visit.open(f"{server.url}/lessons?lesson=memory&step=4")  # charts in columns, a word to choose, a popover
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    names = unmatched(visit, names)
    page.locator(".st-key-class button").click()
    names = unmatched(visit, names)
    page.keyboard.press("Escape")
    page.get_by_test_id("stSelectbox").locator("input").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    names = unmatched(visit, names)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Five questions").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert unmatched(visit, names) == set()
