"""Make the pictures of the documentation: serves the app, opens it in Chromium and photographs it.

    .venv/bin/python docs/pictures/make.py

Needs a Chromium or Chrome on the PATH. Writes the PNG files and ``player.gif`` beside this file.
"""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WIDTH, HEIGHT = 1280, 800
# name: address, and how far down the page the picture begins (a selector that is scrolled to; "" for the top)
PICTURES = {
    "read": ("?model=lstm", ""),
    "inside": ("inside?model=lstm", ".st-key-gates-section"),
    "compare": ("compare?section=what-if", ""),
    "letters": ("letters", ""),
}
MILLISECONDS = 220  # a frame


@contextmanager
def served() -> Iterator[str]:
    """The app on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(20)


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


def main() -> int:
    """Make them all."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.stderr.write("no Chromium on the PATH\n")
        return 2
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        photograph(page, url)
        film(page, url)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
