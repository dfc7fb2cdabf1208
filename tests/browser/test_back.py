"""Back and Forward undo and redo one step; the address says what the screen shows; one press leaves a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from models.examples import EXAMPLES

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser
OWN, OTHER = "A wonderful and moving film.", "A boring film without a single idea."


def box(page: Page):
    return page.get_by_role("textbox", name="Your review")


def write(visit: Visit, text: str) -> None:
    box(visit.page).fill(text)
    box(visit.page).press("ControlOrMeta+Enter")
    visit.settled()


def back(visit: Visit) -> None:
    visit.page.evaluate("history.back()")
    visit.page.wait_for_timeout(300)
    visit.settled()


def model(page: Page, name: str):
    return page.get_by_role("radiogroup", name="Model").get_by_role("radio", name=name)


@pytest.mark.parametrize("path", ["", "inside", "compare", "training", "evaluation", "batch", "lessons", "letters"])
def test_one_press_of_back_leaves_a_page_that_was_only_opened(server: Server, visit: Visit, path: str) -> None:
    page = visit.open(f"{server.url}/about")
    depth = page.evaluate("history.length")
    visit.open(f"{server.url}/{path}")
    assert page.evaluate("history.length") == depth + 1
    back(visit)
    expect(page.locator("h1")).to_have_text("About")


def test_four_steps_on_read_are_undone_one_by_one_and_done_again(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    first, second = EXAMPLES[0], EXAMPLES[1]
    page.get_by_role("button", name=second.title, exact=True).or_(
        page.get_by_role("radio", name=second.title, exact=True)
    ).first.click()
    visit.settled()
    model(page, "GRU").first.click()
    visit.settled()
    write(visit, OWN)
    write(visit, OTHER)
    back(visit)
    expect(box(page)).to_have_value(OWN)
    back(visit)
    expect(box(page)).to_have_value(second.text)
    expect(model(page, "GRU").first).to_be_checked()
    assert "model=gru" in page.url and f"example={second.name}" in page.url
    back(visit)
    expect(model(page, "LSTM").first).to_be_checked()
    expect(box(page)).to_have_value(second.text)
    assert "model=" not in page.url
    back(visit)
    expect(box(page)).to_have_value(first.text)
    page.evaluate("history.forward()")
    page.wait_for_timeout(300)
    visit.settled()
    expect(box(page)).to_have_value(second.text)


def test_a_model_chosen_for_a_text_of_ones_own_is_a_step_of_its_own(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    write(visit, OWN)
    model(page, "GRU").first.click()
    visit.settled()
    write(visit, OTHER)
    back(visit)
    expect(box(page)).to_have_value(OWN)
    expect(model(page, "GRU").first).to_be_checked()
    back(visit)
    expect(model(page, "LSTM").first).to_be_checked()
    expect(box(page)).to_have_value(OWN)


def test_a_lesson_goes_back_a_step_and_a_page_opened_with_a_model_is_left_at_once(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/?model=gru")
    page.get_by_test_id("stTopNavLink").filter(has_text="Lessons").click()
    visit.settled()
    expect(page.get_by_text("Step 1 of")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Next").click()
        visit.settled()
    expect(page.get_by_text("Step 3 of")).to_be_visible()
    back(visit)
    expect(page.get_by_text("Step 2 of")).to_be_visible()
    assert "step=2" in page.url
    back(visit)
    expect(page.get_by_text("Step 1 of")).to_be_visible()
    page.get_by_test_id("stTopNavLink").filter(has_text="Inside").click()
    visit.settled()
    expect(page).to_have_url(f"{server.url}/inside?model=gru")
    back(visit)
    expect(page.get_by_text("Step 1 of")).to_be_visible()
    back(visit)
    expect(page).to_have_url(f"{server.url}/?model=gru")
    expect(model(page, "GRU").first).to_be_checked()


def test_a_text_handed_to_another_page_is_taken_back_with_the_page(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/compare?section=what-if")
    page.get_by_role("button", name="10 neutral words in front").click()
    visit.settled()
    page.get_by_role("button", name="Use this text on Read").click()
    visit.settled()
    expect(box(page)).not_to_have_value(EXAMPLES[0].text)
    back(visit)
    expect(page.locator("h1")).to_have_text("Compare")
    expect(box(page)).to_have_value(EXAMPLES[0].text)
    page.get_by_test_id("stTopNavLink").first.click()
    expect(page.get_by_role("button", name="Read", exact=True)).to_be_visible()
    visit.settled()
    write(visit, OWN)
    page.evaluate("history.go(-2)")
    expect(page.locator("h1")).to_have_text("Compare")
    expect(box(page)).to_have_value(EXAMPLES[0].text)


# Holds back what a component's timer would ask of the server, until the test lets it go.
HELD = """window.held = []; const later = window.setTimeout; window.setTimeout = (act, ...rest) =>
    String(act).includes("setTriggerValue")
        ? document.documentElement.setAttribute("data-held", window.held.push(act)) : later(act, ...rest)"""


def test_a_page_turned_the_moment_read_is_painted_is_there(server: Server, visit: Visit) -> None:
    page = visit.page
    page.add_init_script(HELD)
    page.goto(server.url)
    held = page.locator("html[data-held]")
    expect(held).to_have_count(1)  # it would ask for the other networks' verdicts now
    for _ in range(3):  # the request must reach the server while the new page is made
        page.evaluate(
            """() => { document.querySelector('[data-testid=stTopNavLink][href$=about]').click();
            document.documentElement.removeAttribute("data-held");
            setTimeout(() => window.held.splice(0).forEach(ask => ask()), 5) }"""
        )
        expect(page.locator("h1")).to_have_text("About")
        visit.settled()
        expect(page.locator("h1")).to_have_text("About")
        page.get_by_test_id("stTopNavLink").first.click()
        expect(held).to_have_count(1)
