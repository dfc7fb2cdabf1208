"""Compare in a real browser: another review draws all below the header, which the browser keeps like any page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from components.ui.theme import DARK
from tests.browser.steps import REVIEW, review_box, write_review

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser
INTRODUCTION = b"where do they part ways"


def test_another_review_is_answered_without_the_header_and_kept_by_the_browser(server: Server, visit: Visit) -> None:
    received: list[bytes] = []
    heard = lambda data: received.append(data if isinstance(data, bytes) else data.encode())  # noqa: E731
    visit.page.on("websocket", lambda socket: socket.on("framereceived", heard))
    page = visit.open(f"{server.url}/compare")
    assert any(INTRODUCTION in data for data in received)
    before = page.locator(".st-key-verdicts-heading").inner_text()
    received.clear()
    write_review(visit, REVIEW)
    expect(page.locator(".st-key-verdicts-heading")).not_to_have_text(before)
    assert received and not any(INTRODUCTION in data for data in received)

    page.reload()
    visit.settled()
    expect(review_box(page)).to_have_value(REVIEW)
    page.emulate_media(color_scheme="dark")
    visit.becomes("getComputedStyle(document.documentElement).getPropertyValue('--paper')", DARK.paper)
    visit.becomes("document.querySelector('.js-plotly-plot')?.layout.font.color", DARK.ink)
