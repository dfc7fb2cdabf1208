"""What every visitor does: write a review, choose a network, go to a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

PAGES = {"Read": "", "Inside": "inside", "Training": "training"}
ALL_PAGES = PAGES | {
    title: title.lower().replace(" ", "_")
    for title in ("Compare", "Evaluation", "Batch", "Lessons", "Letters", "Your network", "About")
}
REVIEW = "The plot is thin, but the acting is superb and I loved the ending."


def review_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your review")


def models(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name="Model").get_by_role("radio")


def write_review(visit: Visit, text: str) -> None:
    box = review_box(visit.page)
    box.fill(text)
    box.press("ControlOrMeta+Enter")
    visit.settled()


def choose_last_model(visit: Visit) -> str:
    last = models(visit.page).last
    last.click()
    expect(last).to_have_attribute("aria-checked", "true")
    visit.settled()
    return last.inner_text()


def go_to(visit: Visit, title: str) -> None:
    link = visit.page.get_by_test_id("stTopNavLink").filter(has_text=title)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    visit.settled()


def assert_fits(visit: Visit) -> None:
    """Nothing makes the page itself scroll sideways: neither the document nor Streamlit's own scrolling area."""
    for element in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert visit.page.evaluate(f"{element}.scrollWidth") <= visit.width + 1, element
