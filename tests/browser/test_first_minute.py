"""Journeys of people, each ending with what the visitor sees: on a phone or a laptop, two of them by keyboard alone.

Back through four steps is in ``test_back.py``; the first visit and what the first screen holds in ``test_journeys.py``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from components.session import links
from models.catalog import load_model
from models.examples import EXAMPLES
from tests.browser.conftest import Visit
from tests.browser.steps import assert_fits, go_to, models, review_box, write_review

if TYPE_CHECKING:
    from tests.conftest import Server

pytestmark = pytest.mark.browser
PHONE, LAPTOP = (390, 844, "light"), (1440, 900, "light")
OWN = "A wonderful and moving film."
BROKEN_WORDS = (Path(__file__).parent / "broken_words.js").read_text(encoding="utf-8")
phone = pytest.mark.parametrize("visit", [PHONE], indirect=True)


def verdict(page: Page) -> str:
    """What the verdict says, in words, as a screen reader has it."""
    return page.locator(".u-verdict").get_attribute("aria-label") or ""


def counter(page: Page) -> str:
    return page.locator(".player .counter").inner_text()


@phone
def test_a_short_review_of_ones_own(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    review_box(page).fill(OWN)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_role("img", name="Rather positive: P(positive)")).to_be_visible()
    expect(page.get_by_text("Of single sentences it judges")).to_be_visible()
    expect(page.locator(".player .review")).to_have_text(OWN)
    assert_fits(visit)


def test_a_typo_is_pointed_out_and_mended_with_the_keyboard_alone(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    for _ in range(40):
        page.keyboard.press("Tab")
        if review_box(page).evaluate("box => box === document.activeElement"):
            break
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("A woderful film.")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_text("out of vocabulary (“woderful”)")).to_be_visible()
    before = verdict(page)
    for _ in range(len("derful film.")):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("n")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_role("img", name="Rather positive: P(positive)")).to_be_visible()
    expect(page.get_by_text("3 words read.")).to_be_visible()
    expect(page.get_by_text("out of vocabulary (")).to_have_count(0)
    assert verdict(page) != before


def test_it_is_seen_to_play_and_stepped_with_the_keyboard_alone(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    stage = page.locator(".player .stage")
    for _ in range(80):
        page.keyboard.press("Tab")
        if stage.evaluate("stage => stage.getRootNode().activeElement === stage"):
            break
    page.keyboard.press("Home")
    expect(page.locator(".player .counter")).to_have_text(re.compile("^word 1 of"))
    page.keyboard.press("Space")
    expect(page.locator(".player .play")).to_have_attribute("aria-label", "Pause")
    expect(page.locator(".player .counter")).to_have_text(re.compile("^word [4-9] of"))
    page.keyboard.press("Space")
    expect(page.locator(".player .play")).to_have_attribute("aria-label", "Play")
    word = int(counter(page).split()[1])
    page.keyboard.press("ArrowRight")
    expect(page.locator(".player .counter")).to_have_text(re.compile(f"^word {word + 1} of"))
    expect(page.locator(".player .detail")).to_contain_text(f"(word {word + 1}) moved the logit by")


def test_a_word_is_clicked_and_its_unit_found(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    page.locator(".player .review span", has_text="waste").click()
    expect(page.locator(".player .detail")).to_contain_text("“waste” (word 40)")
    visit.settled()
    go_to(visit, "Inside")
    expect(page.locator(".u-context mark")).to_have_text("waste")
    page.locator(".player select.unit").select_option(index=3)
    unit = page.locator(".player select.unit").evaluate("unit => unit.selectedOptions[0].textContent")
    expect(page.locator(".player .equations")).not_to_be_empty()
    visit.settled()
    expect(page.locator(".u-context mark")).to_have_text("waste")
    expect(page.locator(".player .celltitle")).to_contain_text("“waste”")
    expect(page.locator(".player select.unit")).to_have_value("3")
    assert re.search(r"\d+", unit), unit


@phone
def test_a_word_is_changed_and_the_verdict_with_it(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/compare?section=what-if")
    before = round(load_model("lstm").trace(EXAMPLES[0].text).probability, 3)
    page.locator(".pick button", has_text="waste").click()
    visit.settled()
    page.get_by_role("button", name="Remove it").click()
    visit.settled()
    box = page.get_by_role("textbox", name="Or edit it yourself")
    assert "waste" not in box.input_value() and "What a: I left" in box.input_value()
    expect(page.get_by_role("region", name="Verdicts").first).to_be_visible()
    page.get_by_role("button", name="Use this text on Read").click()
    visit.settled()
    expect(page.locator("h1")).to_have_text("Watch a network read")
    expect(page.locator(".player .review")).not_to_contain_text("waste")
    expect(page.locator(".u-verdict")).not_to_have_attribute("aria-label", re.compile(f"{before:.3f}"))


def test_a_link_is_copied_and_opened_elsewhere_on_the_same_page_word_and_text(
    server: Server, visit: Visit, browser: Browser
) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open(server.url)
    write_review(visit, OWN)
    page.locator(".player .review span", has_text="moving").click()
    visit.settled()
    page.get_by_role("button", name="Share", exact=True).click()
    copy = page.get_by_role("button", name="Copy the link")
    expect(copy).to_be_visible()  # without pointing at anything
    copy.click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.get_by_role("dialog").get_by_test_id("stCode").inner_text().replace("\n", "")
    friend = Visit(browser, *PHONE)
    try:
        there = friend.open(link)
        expect(review_box(there)).to_have_value(OWN)
        expect(there.locator(".player .counter")).to_have_text("word 4 of 5")
        assert verdict(there) == verdict(page)
    finally:
        friend.context.close()


def test_a_link_to_inside_opens_with_its_network_word_and_unit(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/inside?model=gru&timestep=3&unit=0.5&text={links.encode(OWN)}")
    expect(page.locator(".u-context mark")).to_have_text("and")
    expect(page.locator(".player .counter")).to_have_text("word 3 of 5")
    expect(page.locator(".player .celltitle")).to_have_text("Inside the GRU at “and”")
    unit = page.locator(".player select.unit").evaluate("unit => unit.selectedOptions[0].textContent")
    assert re.search(r"\b5\b", unit), unit


@phone
def test_a_reload_keeps_the_text_and_its_verdict(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    write_review(visit, OWN)
    expect(page.get_by_role("img", name="Rather positive: P(positive)")).to_be_visible()
    page.reload()
    expect(page.get_by_role("img", name="Rather positive: P(positive)")).to_be_visible()
    expect(review_box(page)).to_have_value(OWN)
    assert "text=" not in page.url


@pytest.mark.parametrize(("path", "width"), [("", 390), ("", 720), ("inside", 390), ("compare", 390), ("lessons", 390)])
def test_nothing_breaks_inside_a_word_in_the_dark_at_200_percent_and_on_a_phone(
    server: Server, browser: Browser, path: str, width: int
) -> None:
    visit = Visit(browser, width, 450 if width == 720 else 844, "dark")  # 720 × 450: 1440 × 900 at 200 %
    try:
        visit.open(f"{server.url}/{path}")
        assert visit.page.evaluate(BROKEN_WORDS) == []
        assert_fits(visit)
    finally:
        visit.context.close()


def test_what_a_screen_reader_has_of_read(server: Server, visit: Visit) -> None:
    first = load_model("lstm").trace(EXAMPLES[0].text).probability
    page = visit.open(server.url)
    tree = page.locator("[data-testid=stMain]").aria_snapshot().replace("'", "")
    for part in (
        'heading "Watch a network read" [level=1]',
        'textbox "Your review"',
        'button "Read"',
        'radiogroup "Model"',
        f'img "Rather negative: P(positive) is {first:.3f}; the threshold is 0.5"',
        'group "P(positive) of this review by several models"',
        'group "Player: the review, word by word"',
        'slider "Word"',
    ):
        assert part in tree, f"{part} is not in\n{tree}"
    assert re.search(r"- status: .*Rather negative: P\(positive\) is 0\.", tree), "said when it changes"
    write_review(visit, OWN)
    expect(page.get_by_role("status").filter(has_text="Rather positive: P(positive) is")).to_have_count(1)
    expect(models(page).and_(page.locator('[aria-checked="true"]'))).to_have_count(1)
