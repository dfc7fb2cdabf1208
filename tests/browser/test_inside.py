"""Inside in a real browser: a click in a chart moves the one cursor and the unit, and the list of panels jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

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

    panel = page.locator(".st-key-habits-section details")
    expect(panel).to_have_js_property("open", False)
    page.get_by_role("navigation", name="Panels of this page").get_by_role("button", name="Gate habits").click()
    expect(panel).to_have_js_property("open", True)
    expect(panel).to_be_in_viewport()
    expect(page.locator(".st-key-habits-forget .js-plotly-plot")).to_be_attached()
