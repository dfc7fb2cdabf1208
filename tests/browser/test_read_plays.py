"""Read in a real browser: it plays by itself once, stops when touched, reads what is typed, and keeps one cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from models.catalog import load_model
from models.examples import EXAMPLES

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser
LAST = len(load_model("lstm").trace(EXAMPLES[0].text).tokens)


# Whether the verdict's place shows the player's number so far instead of the verdict and how far to believe it.
TOLD = """() => {
    const words = document.querySelector('.u-verdict .words');
    const drawn = (part) => getComputedStyle(words, part).content;
    const evidence = document.querySelector('.u-verdict ~ .u-plain');
    const hidden = [words.firstElementChild, evidence].every((part) => getComputedStyle(part).opacity === '0');
    if (drawn('::after') === 'none') return hidden ? 'nothing' : false;
    const parts = [...document.querySelectorAll('*')].map((one) => one.shadowRoot?.querySelector('.probability'));
    const p = parts.find(Boolean).textContent;
    return hidden && drawn('::before').includes(' so far') && drawn('::after').includes(`= ${p}`);
}"""


def counter(page: Page):
    return page.locator(".player .counter")


def test_a_new_reading_plays_once_by_itself_and_a_touch_finishes_it(server: Server, visit: Visit) -> None:
    page = visit.page
    page.goto(server.url)
    expect(page.locator(".player .playing, .player.playing").first).to_be_visible()
    assert page.evaluate(TOLD) is True, (
        "the verdict shows the same number as the player, and says that it is not the last"
    )
    page.mouse.click(5, 400)
    expect(counter(page)).to_have_text(f"word {LAST} of {LAST}")
    expect(page.locator(".player .review .unread")).to_have_count(0)
    assert page.evaluate(TOLD) is False
    page.get_by_role("link", name="About").click()
    visit.settled()
    page.get_by_role("link", name="Read", exact=True).click()
    visit.settled()
    expect(counter(page)).to_have_text(f"word {LAST} of {LAST}")
    assert page.locator(".player.playing").count() == 0, "it has played once"


def test_left_alone_it_ends_with_the_finished_picture(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    expect(counter(page)).to_have_text(f"word {LAST} of {LAST}", timeout=20_000)
    expect(page.locator(".player .play")).to_have_attribute("aria-label", "Play")


def test_less_motion_shows_the_finished_picture_at_once(server: Server, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(server.url)
    expect(counter(page)).to_have_text(f"word {LAST} of {LAST}", timeout=30_000)
    expect(page.locator(".player .calm")).to_be_visible()
    context.close()


def test_what_is_typed_is_read_a_moment_later_and_the_old_verdict_is_not_passed_off_as_its_own(
    server: Server, visit: Visit
) -> None:
    page = visit.open(server.url)
    box = page.get_by_label("Your review")
    box.click()
    box.fill("")
    box.press_sequentially("Truly wonderful and moving, I loved it", delay=15)
    expect(page.locator("html[data-unread]")).to_have_count(1)
    expect(page.get_by_text("What you see here is of the text before.")).to_be_visible()
    expect(page.locator(".player .review")).to_have_text("Truly wonderful and moving, I loved it")
    expect(page.locator("html[data-unread]")).to_have_count(0)
    expect(page.get_by_text("What you see here is of the text before.")).to_be_hidden()
    expect(page.get_by_role("img", name="Clearly positive")).to_be_visible()
    assert box.evaluate("box => document.activeElement === box"), "the visitor may go on typing"


def test_a_word_chosen_on_read_is_the_word_looked_at_inside(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    page.locator(".player .review span", has_text="charming").click()
    expect(page.locator(".player .detail")).to_contain_text("“charming” (word 19)")
    visit.settled()
    page.get_by_role("link", name="Inside").click()
    visit.settled()
    expect(counter(page)).to_contain_text("word 19 of")
    expect(page.locator(".u-context mark")).to_have_text("charming")
    page.locator(".player .review span", has_text="waste").click()
    expect(page.locator(".u-context mark")).to_have_text("waste")
