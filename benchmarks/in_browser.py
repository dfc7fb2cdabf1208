"""What a browser meets: how soon the first page is complete, and how soon a typed letter is on the screen.

    python -m benchmarks.in_browser [--rounds 6] [--letters 80] [--write]

Chromium opens this app and a bare Streamlit page with a ready figure in turns, each time with an empty cache; a page is
complete when its script has run and its pictures are drawn. Then somebody types into the review box of a page with its
charts on the screen, in a browser that is slowed down four times: counted is the time from the key to the frame that
shows it. The bare page beside it says what of that is Streamlit's own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from playwright.sync_api import Browser, Page

from benchmarks.browser import chromium
from benchmarks.report import Row, put, quantile, table
from benchmarks.served import ROOT, served

TABLE = ROOT / "docs" / "performance.md"
SLOWED = 4
TEXT = "a film like this one is what i had hoped for and then not at all "
_SETTLED = """drawn => {
  const app = document.querySelector('[data-testid=stApp]');
  if (app?.dataset.testScriptState !== 'notRunning' || !document.querySelector('h1')) return false;
  const inside = root => [...root.querySelectorAll('*')].flatMap(
    e => e.shadowRoot ? [e, ...inside(e.shadowRoot)] : [e]);
  return inside(document).some(e => e.matches(drawn) && e.getBoundingClientRect().width > 0);
}"""
# From the key to the next frame that is on the screen.
_LISTEN = """() => {
  window.taken = [];
  const channel = new MessageChannel(), waiting = [];
  channel.port1.onmessage = () => window.taken.push(performance.now() - waiting.shift());
  document.querySelector('textarea').addEventListener('keydown', event => {
    waiting.push(event.timeStamp);
    requestAnimationFrame(() => channel.port2.postMessage(0));
  }, {capture: true});
}"""


def opened(browser: Browser, url: str, drawn: str) -> float:
    """Seconds until a new visitor with an empty cache sees the whole page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_function(_SETTLED, arg=drawn, polling="raf", timeout=60_000)
        return time.perf_counter() - began
    finally:
        context.close()


def typed(page: Page, letters: int) -> list[float]:
    """Milliseconds from each key to the frame that shows its letter, in a browser that is slowed down."""
    box = page.locator("textarea").first
    box.click()
    box.fill("")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(1500)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.evaluate(_LISTEN)
    for place in range(letters):
        page.keyboard.type(TEXT[place % len(TEXT)])
        page.wait_for_timeout(120)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    page.wait_for_timeout(200)
    found: list[float] = page.evaluate("window.taken")
    return found


def first_page(browser: Browser, app: str, bare: str, rounds: int) -> list[Row]:
    """The first page against the bare one."""
    ours, theirs = [], []
    for turn in range(rounds + 1):
        found = opened(browser, app, "canvas.score"), opened(browser, bare, ".js-plotly-plot .main-svg")
        if turn:  # the first visitor of all warms both servers
            ours.append(found[0])
            theirs.append(found[1])
    ratio = statistics.median(ours) / statistics.median(theirs)
    shown = f"{1e3 * statistics.median(ours):.0f} ms, bare page {1e3 * statistics.median(theirs):.0f} ms: {ratio:.2f} ×"
    return [("first page complete, empty cache", shown, "≤ 1.2 ×", ratio <= 1.2)]


def typing(browser: Browser, app: str, bare: str, letters: int) -> list[Row]:
    """A letter typed on Read with its chart open, beside the same on the bare page."""
    met: list[list[float]] = []
    for url, drawn in ((app, "canvas.score"), (bare, ".js-plotly-plot .main-svg")):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(url)
        page.wait_for_function(_SETTLED, arg=drawn, timeout=60_000)
        if url == app:
            page.get_by_text("As a chart").click()
            page.wait_for_selector(".js-plotly-plot .main-svg")
            page.wait_for_timeout(1000)
        met.append(typed(page, letters))
        context.close()
    ours, theirs = (f"p50 {quantile(one, 0.5):.0f} ms, p95 {quantile(one, 0.95):.0f} ms" for one in met)
    what = f"a letter on the screen, processor {SLOWED} × slower"
    return [(what, f"{ours}; bare page {theirs}", "p95 < 50 ms", quantile(met[0], 0.95) < 50)]


def main() -> int:
    """Measure and print the table; 0 if every target is met, 2 where there is no Chromium."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6, help="how often each page is opened")
    parser.add_argument("--letters", type=int, default=80, help="how many letters are typed on each page")
    parser.add_argument("--only", choices=("open", "type"), help="one part")
    parser.add_argument("--write", action="store_true", help=f"into {TABLE.relative_to(ROOT)}")
    given = parser.parse_args()
    rows: list[Row] = []
    with chromium() as browser, served("serve.py") as app, served("benchmarks/bare_page.py") as bare:
        if given.only != "type":
            rows += first_page(browser, app.url, bare.url, given.rounds)
        if given.only != "open":
            rows += typing(browser, app.url, bare.url, given.letters)
    print(table(rows))
    if given.write:
        put(TABLE, "in the browser", table(rows))
    return 0 if all(good for *_, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
