"""A real Chromium, the one that the machine has. Where there is none the browser tests are skipped and say so;
with REQUIRE_BROWSER=1 they fail instead."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Whatever a page asks for, nothing can be fetched from anywhere but this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session, with a new, empty profile."""
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if executable is None:
        missing = f"no Chromium on the PATH ({', '.join(CHROMIUMS)})"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


class Visit:
    """One visitor: a browser context of its own, and the address of everything it asked for."""

    def __init__(self, browser: Browser, width: int, height: int, theme: Literal["light", "dark"]) -> None:
        self.width, self.theme = width, theme
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme
        )
        self.context.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.page: Page = self.context.new_page()
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))

    def open(self, url: str) -> Page:
        """Go to an address and wait until the page is complete."""
        self.page.goto(url)
        return self.settled()

    def resize(self, width: int, height: int) -> Page:
        """Make the window another size and wait until the page has followed."""
        self.width = width
        self.page.set_viewport_size({"width": width, "height": height})
        return self.settled()

    def settled(self) -> Page:
        """Wait until the script has run, nothing is stale, and the page has its header."""
        expect(self.page.locator("h1")).to_be_visible()
        app = self.page.get_by_test_id("stApp")
        for _ in range(3):  # a finished run may be followed by another one at once
            expect(app).to_have_attribute("data-test-script-state", "notRunning")
            self.page.wait_for_timeout(150)
        expect(self.page.locator('[data-stale="true"]')).to_have_count(0)
        assert self.page.get_by_test_id("stException").all_inner_texts() == []
        return self.page

    def becomes(self, expression: str, wanted: object) -> None:
        """Wait until an expression of JavaScript is what is wanted; no page may wait for it itself."""
        for _ in range(PATIENCE // 100):
            if self.page.evaluate(expression) == wanted:
                return
            self.page.wait_for_timeout(100)
        assert self.page.evaluate(expression) == wanted

    def strangers(self) -> list[str]:
        """Everything this visitor's browser asked of any host but the server's."""
        local = [url for url in self.requests if urlsplit(url).scheme in ("data", "blob", "about")]
        return [url for url in self.requests if url not in local and urlsplit(url).hostname != "127.0.0.1"]


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visitor at a laptop; ``@pytest.mark.parametrize("visit", [(390, 844, "dark")], indirect=True)`` for another."""
    visitor = Visit(browser, *getattr(request, "param", (1440, 900, "light")))
    yield visitor
    visitor.context.close()
