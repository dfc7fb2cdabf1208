"""Whose process dies or is renewed keeps his text: the browser connects to another one and sends what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.replicas import Replicas
from tests.replicas import replicas as replicas

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser
REVIEW = "The plot is thin, but the acting is superb and I loved the ending."
WITHOUT = "The plot is thin, and I did not love the ending."


@pytest.mark.parametrize("how", ["killed", "renewed"])
def test_the_text_survives_the_process(replicas: Replicas, visit: Visit, how: str, tmp_path: Path) -> None:
    before = replicas.visits()
    page = visit.open(replicas.url)
    box = page.get_by_role("textbox", name="Your review")
    box.fill(REVIEW)
    box.press("ControlOrMeta+Enter")
    visit.settled()
    home = next(n for n, (early, late) in enumerate(zip(before, replicas.visits(), strict=True)) if late > early)
    if how == "killed":
        replicas.servers[home].process.kill()
        replicas.servers[home].process.wait()
    else:
        replicas.servers[home].end()
    try:
        page.wait_for_timeout(1500)  # the connection is lost before anything is looked at
        expect(box).to_have_value(REVIEW)
        visit.settled()
        page.screenshot(path=str(tmp_path / "after.png"))
        expect(page.get_by_test_id("stMain")).to_contain_text("superb")
        box.fill(WITHOUT)
        box.press("ControlOrMeta+Enter")
        visit.settled()
        expect(box).to_have_value(WITHOUT)
        expect(page.get_by_test_id("stMain")).not_to_contain_text("superb")
    finally:
        replicas.servers[home] = replicas.start(replicas.servers[home].port).ready()


def test_a_reload_keeps_the_text_and_a_link_that_is_opened_then_is_right(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    box = page.get_by_role("textbox", name="Your review")
    first = box.input_value()
    box.fill(REVIEW)
    box.press("ControlOrMeta+Enter")
    visit.settled()
    page.reload()
    visit.settled()
    expect(box).to_have_value(REVIEW)
    box.fill(WITHOUT)  # and nobody has read it yet
    page.reload()
    visit.settled()
    expect(box).to_have_value(WITHOUT)
    visit.open(f"{server.url}/?example=negation")
    expect(box).not_to_have_value(REVIEW)
    linked = box.input_value()
    page.reload()
    visit.settled()
    expect(box).to_have_value(linked)
    # The first example is a choice like any other, and another tab knows nothing of this one.
    page.get_by_text("A turn at the end", exact=True).first.click()
    visit.settled()
    expect(box).to_have_value(first)
    other = visit.context.new_page()
    other.goto(server.url)
    expect(other.get_by_role("textbox", name="Your review")).to_have_value(first)
