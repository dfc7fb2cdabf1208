"""What visitors do, in a real browser against a real server."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    PAGES,
    REVIEW,
    assert_fits,
    choose_last_model,
    go_to,
    models,
    review_box,
    write_review,
)

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

STRANGER = "stranger.example"
HOSTILE = (
    f'A fine film <img src="https://{STRANGER}/one.png" onerror="window.broken=1"> '
    f"<script>window.broken=2</script> **very** ![seen](https://{STRANGER}/two.png) good "
    f"[link](https://{STRANGER}/three) <a href='https://{STRANGER}/four'>here</a> "
    "<svg onload=window.broken=3></svg> :material/waves: $x^2$ the end."
)
# Every element that would load or link to the stranger; a text box or a label may name it.
REACHING = f"""() => [...document.querySelectorAll('*')].filter(element =>
    ['src', 'srcset', 'href', 'xlink:href', 'action', 'data', 'poster', 'style', 'onerror', 'onload'].some(name =>
        /{STRANGER}|broken/.test(element.getAttribute(name) || ''))).map(element => element.outerHTML.slice(0, 200))"""

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("title", PAGES)
def test_a_link_opens_its_page_on_a_server_that_nobody_has_visited_and_no_request_leaves_the_machine(
    fresh_server: Callable[[], Server], visit: Visit, title: str
) -> None:
    page = visit.open(f"{fresh_server().url}/{PAGES[title]}")
    expect(page.get_by_test_id("stTopNavLink").filter(has_text=title)).to_have_attribute("aria-current", "page")
    expect(page.locator("h1")).to_have_count(1)
    for other in PAGES:
        expect(page.get_by_test_id("stTopNavLink").filter(has_text=other)).to_have_count(1)
    assert visit.strangers() == []


@pytest.mark.parametrize("visit", [(390, 844, "light"), (1440, 900, "light")], indirect=True)
def test_the_first_screen_says_what_this_is_and_what_was_decided(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    expect(page.get_by_text("Unrolled: a recurrent network reads one word at a time")).to_be_in_viewport(ratio=1)
    expect(review_box(page)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img", name="Rather negative: P(positive) is 0.")).to_be_in_viewport(ratio=1)
    assert_fits(visit)


def test_html_and_markdown_in_a_review_stay_text(server: Server, visit: Visit) -> None:
    visit.open(server.url)
    write_review(visit, HOSTILE)
    for title in ("Read", "Inside", "Training", "Read"):
        go_to(visit, title)
        visit.page.wait_for_timeout(500)
        assert visit.page.evaluate(REACHING) == []
        assert visit.page.evaluate("window.broken") is None
    expect(review_box(visit.page)).to_have_value(HOSTILE)
    assert visit.strangers() == []


def test_the_text_and_the_model_survive_a_change_of_model_and_page(server: Server, visit: Visit) -> None:
    visit.open(server.url)
    write_review(visit, REVIEW)
    expect(review_box(visit.page)).to_have_value(REVIEW)
    chosen = choose_last_model(visit)
    expect(review_box(visit.page)).to_have_value(REVIEW)
    for title in ("Inside", "Training", "Read"):
        go_to(visit, title)
    expect(review_box(visit.page)).to_have_value(REVIEW)
    assert models(visit.page).and_(visit.page.locator('[aria-checked="true"]')).inner_text() == chosen
    assert visit.strangers() == []


def test_a_text_without_a_word_gets_a_kind_answer_and_a_very_long_one_is_read(server: Server, visit: Visit) -> None:
    visit.open(server.url)
    for text in ("", "   ", "😀 … !!!"):
        write_review(visit, text)
        expect(visit.page.get_by_text("Nothing to read")).to_be_visible()
    write_review(visit, "This wonderful film goes on and on. " * 400)
    expect(visit.page.get_by_text("Nothing to read")).to_have_count(0)
    expect(visit.page.get_by_role("img", name=re.compile("P\\(positive\\) is"))).to_be_visible()
    assert_fits(visit)


def test_the_first_page_has_its_own_name_too(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/read?model=gru")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(models(page).filter(has_text="GRU").first).to_have_attribute("aria-checked", "true")
    assert "model=gru" in page.url


def test_an_edited_review_is_compared_with_the_original(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/compare")
    write_review(visit, REVIEW)
    page.get_by_role("radio", name="What if").click()
    visit.settled()
    box = page.get_by_role("textbox", name="Or edit it yourself")
    expect(box).to_have_value(REVIEW)
    page.locator(".pick button", has_text="superb").click()
    visit.settled()
    page.get_by_role("button", name="Remove it").click()
    visit.settled()
    expect(box).to_have_value(REVIEW.replace(" superb", ""))
    page.get_by_role("button", name="Back to the original").click()
    visit.settled()
    expect(box).to_have_value(REVIEW)
    page.get_by_role("button", name="10 neutral words in front").click()
    visit.settled()
    assert box.input_value().endswith(REVIEW)
    page.get_by_role("button", name="Use this text on Read").click()
    visit.settled()
    expect(page.get_by_test_id("stTopNavLink").filter(has_text="Read")).to_have_attribute("aria-current", "page")
    expect(review_box(page)).to_have_value(re.compile(re.escape(REVIEW) + "$"))
    assert visit.strangers() == []


def test_a_class_guesses_before_it_sees_the_numbers(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/lessons?lesson=order&step=1")
    expect(page.get_by_text("What a word count cannot see")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)
    page.get_by_role("radiogroup").get_by_text("Just show it").click()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(1)
    page.keyboard.press("Alt+n")
    expect(page.get_by_text("Take one word out")).to_be_visible()
    assert page.url.endswith("/lessons?lesson=order&step=2")
    page.get_by_role("textbox", name="The sentence").fill("Dull? Not for a minute.")
    page.get_by_role("textbox", name="The sentence").press("ControlOrMeta+Enter")
    visit.settled()
    page.reload()
    expect(page.get_by_text("Take one word out")).to_be_visible()
