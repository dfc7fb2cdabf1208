"""Inside in a real browser: a click in a chart moves cursor and unit, the list jumps, a chart becomes a file."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from components.ui.theme import DARK

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser


def test_a_cell_of_the_heatmap_chooses_word_and_unit_and_the_list_opens_a_panel(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/inside")
    word, unit = page.locator(".u-context mark"), page.get_by_role("combobox", name="Look at one unit")
    expect(word).to_have_text("waste")
    unit_before = unit.input_value()
    chart = page.locator(".st-key-hidden .js-plotly-plot .nsewdrag").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] * 0.3, "y": box["height"] * 0.6})
    expect(word).not_to_have_text("waste")
    expect(unit).not_to_have_value(unit_before)
    visit.settled()
    moved = word.inner_text()
    expect(page.locator(".st-key-equation-heading")).to_contain_text(f"“{moved}”")
    expect(page.locator(".u-contents")).to_contain_text(f"What is left of “{moved}” at the end")

    page.locator(".unrolled-review [data-word='0']").click()
    expect(word).to_have_text("For")

    panel = page.locator(".st-key-habits-section details")
    expect(panel).to_have_js_property("open", False)
    page.get_by_role("navigation", name="Panels of this page").get_by_role("button", name="Gate habits").click()
    expect(panel).to_have_js_property("open", True)
    expect(panel).to_be_in_viewport()
    expect(page.locator(".st-key-habits-forget .js-plotly-plot")).to_be_attached()


# Of every chart over words: the words whose label is bold, and whether the frame stands over its label.
FRAMED = """() => [...document.querySelectorAll('.js-plotly-plot')].map((chart) => {
    const place = chart.layout.shapes.findIndex(({ name }) => name === 'cursor');
    const frame = chart.querySelector(`.shapelayer [data-index="${place}"]`).getBoundingClientRect();
    const bold = [...chart.querySelectorAll('.xaxislayer-above text')]
        .filter((text) => getComputedStyle(text.querySelector('tspan') ?? text).fontWeight >= 600);
    const middle = (box) => (box.left + box.right) / 2;
    return bold.map((text) => [text.textContent, Math.abs(middle(text.getBoundingClientRect()) - middle(frame)) < 3]);
})"""


def test_the_cursor_moves_through_everything_that_stands_on_the_page(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/inside")
    expect(page.locator(".st-key-unit .xaxislayer-above text").first).to_be_attached()
    waste = [[["waste", True]]] * 3
    visit.becomes(FRAMED, waste)
    page.keyboard.press("Alt+n")
    expect(page.locator(".u-context mark")).to_have_text("I")
    expect(page.locator(".u-follows .here")).to_have_text("I")
    visit.becomes(FRAMED, [[["I", True]]] * 3)
    expect(page.locator(".st-key-player-stage .counter")).to_have_text(re.compile("^word 41 "))
    expect(page.locator(".st-key-equation-heading")).to_contain_text("At “I” unit")
    visit.resize(1100, 900)
    visit.becomes(FRAMED, [[["I", True]]] * 3)  # Plotly has drawn them again
    page.locator(".st-key-unit-section").scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    expect(page.locator(".u-context")).to_be_in_viewport()
    expect(page.locator("h1")).not_to_be_in_viewport()
    page.get_by_role("button", name="The same arithmetic on a blackboard").click()
    expect(page.locator("h1")).to_have_text("From “hello” to a sentence")


def test_a_chart_becomes_a_file_in_the_browser_with_caption_and_citation(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/inside")
    asked = len(visit.requests)
    page.get_by_role("button", name="Download a picture of: Hidden states: all 128 units at every word").click()
    dialog = page.get_by_role("dialog", name="Download this picture")
    dialog.get_by_label("Caption").fill("For slide 3 <b>")
    dialog.get_by_label("Dark").check()
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="SVG").click()
    assert saved.value.suggested_filename == "unrolled-hidden.svg"
    picture = ET.fromstring(saved.value.path().read_text(encoding="utf-8"))
    texts = " ".join(picture.itertext())
    assert "Hidden states: all 128 units at every word" in texts
    assert "For slide 3 <b>" in texts
    assert "The Unrolled authors" in texts
    assert next(iter(picture)).get("fill") == DARK.paper
    inks = {found for text in picture.iter("{http://www.w3.org/2000/svg}text") if (found := text.get("fill"))}
    assert DARK.ink in inks
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="PNG").click()
    assert saved.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    # Streamlit may still be fetching scripts and fonts of its own.
    sent = [url for url in visit.requests[asked:] if not url.startswith(("data:", "blob:")) and "/static/" not in url]
    assert sent == [], "the picture is made without the server"
