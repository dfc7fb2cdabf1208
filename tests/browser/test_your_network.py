"""A brought network in a real browser: dropped in, set up, read with, taken to Compare and Batch, forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import small_networks
from tests.conftest import Server

pytestmark = pytest.mark.browser


def test_the_whole_journey(server: Server, browser: Browser, tmp_path: Path) -> None:
    network, words = tmp_path / "mails.keras", tmp_path / "word_index.json"
    network.write_bytes(small_networks.KINDS["LSTM that reads padding behind"][0])
    words.write_text(json.dumps(small_networks.WORDS))
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{server.url}/your_network")
    files = page.locator("input[type=file]")
    files.first.set_input_files(network)
    expect(page.get_by_text("which word has which id").first).to_be_visible(timeout=30_000)
    files.nth(1).set_input_files(words)
    page.get_by_label("0 means").fill("ham")
    page.get_by_label("1 means").fill("spam")
    page.keyboard.press("Tab")
    expect(page.get_by_text("P(spam)").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Read with it").click()
    forget = page.get_by_role("button", name="Forget this network")
    expect(forget).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("P(spam)").first).to_be_visible(timeout=40_000)
    assert "yours_" not in page.url
    for title in ("Inside", "Compare", "Batch"):
        page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
        expect(page.get_by_text("mails").first).to_be_visible(timeout=40_000)
    page.get_by_test_id("stTopNavLink").filter(has_text="Your network").click()
    forget.click()
    expect(forget).to_have_count(0, timeout=30_000)
