"""For everyone: an automatic check (axe-core) of every page in both themes, and what it cannot see."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from components.ui.theme import DARK, LIGHT, contrast
from tests.browser.conftest import Visit
from tests.browser.steps import ALL_PAGES

if TYPE_CHECKING:
    from tests.conftest import Server

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# A promise and not a condition to wait for, which the page's own policy lets nobody evaluate again and again.
STILL = """() => new Promise(done => {
    const fades = one => one.playState === 'running' && one.effect.getTiming().iterations <= 9;
    const look = () => document.getAnimations().some(fades) ? setTimeout(look, 50) : done();
    look();
})"""


def amiss(page: Page) -> list[tuple[str, str, list[Any]]]:
    """What axe-core calls more than minor: the rule, what it wants, and the elements that break it."""
    page.evaluate(STILL)  # what fades in is pale for a moment
    page.evaluate(AXE)  # not as a script element, which the page's own policy refuses
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        (rule["id"], rule["help"], [(node["target"], node["html"][:200]) for node in rule["nodes"][:5]])
        for rule in found
        if rule["impact"] in ("moderate", "serious", "critical")
    ]


def in_dark(visit: Visit) -> None:
    """The system turns dark, and the page follows by itself: Streamlit's own part, and what we colour."""
    visit.page.emulate_media(color_scheme="dark")
    expect(visit.page.locator("html")).to_have_css("--paper", DARK.paper)
    visit.settled()


@pytest.mark.parametrize("title", ALL_PAGES)
def test_an_automatic_check_finds_nothing_in_either_theme(server: Server, visit: Visit, title: str) -> None:
    page = visit.open(f"{server.url}/{ALL_PAGES[title]}")
    found = {"light": amiss(page)}
    in_dark(visit)
    found["dark"] = amiss(page)
    assert found == {"light": [], "dark": []}


# What stands under a chart's toolbar: the parts of its plots that the pointer can meet.
COVERED = """() => [...document.querySelectorAll('.js-plotly-plot')].filter(chart => {
    const bar = chart.querySelector('.modebar')?.getBoundingClientRect();
    return bar && [...chart.querySelectorAll('rect.nsewdrag')].map(plot => plot.getBoundingClientRect()).some(plot =>
        bar.left < plot.right && bar.right > plot.left && bar.top < plot.bottom && bar.bottom > plot.top + 1);
}).length"""


@pytest.mark.parametrize("path", ["evaluation", "batch", "inside"])
def test_a_toolbar_never_stands_on_the_data_of_its_chart(server: Server, visit: Visit, path: str) -> None:
    page = visit.open(f"{server.url}/{path}")
    expect(page.locator(".js-plotly-plot .modebar").first).to_be_attached()
    assert page.evaluate(COVERED) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_focus_is_seen_on_what_can_be_reached(
    server: Server, browser: Browser, theme: Literal["light", "dark"]
) -> None:
    visit = Visit(browser, 1440, 900, theme)
    palette = DARK if theme == "dark" else LIGHT
    try:
        page = visit.open(server.url)
        seen: dict[str, str] = {}
        for _ in range(40):
            page.keyboard.press("Tab")
            name, style, width, colour = page.evaluate(FOCUSED)
            if name == "BODY":
                break
            seen[name] = "" if style != "none" and width >= 2 and contrast(hexed(colour), palette.paper) >= 3 else name
        assert len(seen) > 12
        assert list(filter(None, seen.values())) == []
        assert "checked" in " ".join(seen), "a group of choices is entered at the one that is checked"
    finally:
        visit.context.close()


# The element with the focus, inside components too: a name, and its outline or that of the box around it.
FOCUSED = """() => {
    let at = document.activeElement;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const checked = at.ariaChecked === 'true' ? ' checked' : '';
    const name = at === document.body ? 'BODY' : at.outerHTML.slice(0, 60) + checked;
    const look = [at, at.parentElement].map(one => getComputedStyle(one)).find(one => one.outlineStyle !== 'none');
    const { outlineStyle, outlineWidth, outlineColor } = look ?? getComputedStyle(at);
    return [name, outlineStyle, parseFloat(outlineWidth), outlineColor];
}"""


def hexed(colour: str) -> str:
    """``rgb(31, 29, 26)`` as ``#1f1d1a``."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
