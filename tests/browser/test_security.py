"""The headers in a real browser: nothing on any page needs more than they allow, and a stranger's frame stays empty."""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

PAGES = ("", "inside", "compare", "training", "evaluation", "batch", "lessons", "about")
LISTEN = """window.refused = [];
document.addEventListener('securitypolicyviolation',
    event => window.refused.push(event.violatedDirective + ' ' + event.blockedURI));
"""

pytestmark = pytest.mark.browser


def test_the_policy_holds_and_nothing_needs_more(server: Server, visit: Visit) -> None:
    visit.context.add_init_script(LISTEN)
    for name in PAGES:
        page = visit.open(f"{server.url}/{name}?example=negation")
        page.wait_for_timeout(500)
        for chart in page.get_by_test_id("stPlotlyChart").all()[:2]:
            expect(chart.locator(".main-svg").first).to_be_visible()
        if name == "inside":
            page.get_by_role("button", name=re.compile("^Play")).first.click()
            page.wait_for_timeout(600)
        assert page.evaluate("window.refused") == [], name
    assert visit.errors == []


def test_a_script_that_gets_into_the_page_does_not_run(server: Server, visit: Visit) -> None:
    visit.context.add_init_script(LISTEN)
    page = visit.open(server.url)
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = 1';
            document.body.append(script);
            new Image().src = 'https://stranger.example/seen.png';
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    refused = " ".join(page.evaluate("window.refused"))
    assert "script-src" in refused
    assert "img-src" in refused


def test_a_stranger_s_frame_stays_empty(server: Server, visit: Visit) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{server.url}"></iframe>'.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        Thread(target=stranger.serve_forever, daemon=True).start()
        visit.page.goto(f"http://127.0.0.1:{stranger.server_port}/")
        visit.page.wait_for_timeout(1500)
        assert visit.page.frame_locator("iframe").get_by_test_id("stApp").count() == 0
        stranger.shutdown()
