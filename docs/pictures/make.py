"""Make the pictures of the documentation: serves the app, opens it in Chromium and photographs it.

    .venv/bin/python -m docs.pictures.make

Needs a Chromium or Chrome on the PATH. Writes the PNG files and ``player.gif`` beside this file.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from benchmarks.browser import chromium
from benchmarks.served import served

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = 1280, 800
# name: address, and how far down the page the picture begins (a selector that is scrolled to; "" for the top)
PICTURES = {
    "read": ("?model=lstm", ""),
    "inside": ("inside?model=lstm", ".st-key-gates-section"),
    "compare": ("compare?section=what-if", ""),
    "letters": ("letters", ""),
}
MILLISECONDS = 220  # a frame


def settle(page: Page) -> None:
    """Wait until the page is complete."""
    page.locator("h1").wait_for(timeout=60_000)
    page.locator('[data-test-script-state="notRunning"]').first.wait_for(timeout=60_000)
    page.wait_for_timeout(1_500)


def photograph(page: Page, url: str) -> None:
    """One still picture a page."""
    for name, (address, selector) in PICTURES.items():
        page.goto(f"{url}/{address}")
        settle(page)
        if selector:
            page.locator(selector).scroll_into_view_if_needed()
            page.evaluate("(s) => document.querySelector(s).scrollIntoView({block: 'start'})", selector)
            page.wait_for_timeout(1_000)
        shot = Image.open(io.BytesIO(page.screenshot()))
        shot.quantize(256, Image.Quantize.MAXCOVERAGE).save(HERE / f"{name}.png", optimize=True)


def film(page: Page, url: str) -> None:
    """The player of Read while the network reads, a frame a word, as a GIF."""
    page.set_viewport_size({"width": WIDTH, "height": 1_100})
    page.goto(f"{url}/?model=lstm")
    settle(page)
    player = page.locator(".player").first
    player.get_by_role("button", name="First word", exact=True).click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(1_200)
    words = int(player.locator(".scrub").get_attribute("max") or 1)
    box = player.bounding_box()
    assert box is not None
    frames = []
    for _ in range(words):
        shot = page.screenshot(clip={"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]})
        frames.append(Image.open(io.BytesIO(shot)).convert("RGB"))
        player.get_by_role("button", name="One word forward").evaluate("button => button.click()")
        page.wait_for_timeout(60)
    palette = frames[-1].quantize(128, Image.Quantize.MAXCOVERAGE)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    pauses = [MILLISECONDS] * (len(drawn) - 1) + [2_500]
    drawn[0].save(HERE / "player.gif", save_all=True, append_images=drawn[1:], duration=pauses, loop=0, optimize=True)


def main() -> None:
    """Make them all."""
    with chromium() as browser, served("serve.py") as app:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        photograph(page, app.url)
        film(page, app.url)


if __name__ == "__main__":
    main()
