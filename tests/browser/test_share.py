"""A link that somebody else opens, and a file without a server, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit
from tests.browser.steps import choose_last_model, go_to, models, review_box, write_review

if TYPE_CHECKING:
    from tests.conftest import Server

TEXT = (
    'Slow at first, <img src="https://stranger.example/p.png" onerror="window.broken=1"> then <b>wonderful</b> – ça va.'
)
pytestmark = pytest.mark.browser


def share(visit: Visit, *, own: bool) -> str:
    """Open the dialog and take the link from it."""
    visit.page.get_by_role("button", name="Share", exact=True).click()
    dialog = visit.page.get_by_role("dialog")
    if not own and dialog.get_by_text("Left out").count():
        dialog.get_by_text("Left out").click()
    expect(dialog.get_by_test_id("stCode")).to_contain_text("text=" if own else "model=")
    return dialog.get_by_test_id("stCode").inner_text().replace("\n", "")


def test_shared_links_restore_page_model_and_text_on_a_fresh_server(
    server: Server, fresh_server: Callable[[], Server], visit: Visit, browser: Browser
) -> None:
    visit.open(server.url)
    write_review(visit, TEXT)
    model = choose_last_model(visit)
    second = fresh_server()
    for title in ("Read", "Inside", "Compare"):
        if title != "Read":
            go_to(visit, title)
        own = visit.page.get_by_text("The plot")  # nothing of the text is in the address before it is shared
        expect(own).to_have_count(0)
        assert "text=" not in visit.page.url
        link = share(visit, own=True)
        visit.page.keyboard.press("Escape")
        stranger = Visit(browser, 1440, 900, "light")
        try:
            opened_by(stranger, link.replace(server.url, second.url), title, model)
        finally:
            stranger.context.close()
    for log in (server.log, second.log):
        assert "wonderful" not in log.read_text() and "text=" not in log.read_text()


def opened_by(stranger: Visit, link: str, title: str, model: str) -> None:
    """Somebody else opens a link: page, text and model are there, and nothing of it runs or stays in the address."""
    stranger.open(link)
    expect(stranger.page.get_by_test_id("stTopNavLink").filter(has_text=title)).to_have_attribute(
        "aria-current", "page"
    )
    if title == "Inside":
        stranger.page.get_by_text("Change the review").click()
    expect(review_box(stranger.page)).to_have_value(TEXT)
    if title != "Compare":
        expect(models(stranger.page).filter(has_text=model)).to_have_attribute("aria-checked", "true")
    assert stranger.page.evaluate("window.broken") is None
    assert stranger.strangers() == [] and stranger.errors == []
    write_review(stranger, "A good film, and mine.")
    assert "text=" not in stranger.page.url


def test_a_damaged_link_is_answered_kindly(server: Server, visit: Visit) -> None:
    visit.open(f"{server.url}/?text=%3Cscript%3Ewindow.broken=1%3C/script%3E")
    expect(visit.page.get_by_text("The link's text cannot be read")).to_be_visible()
    assert visit.page.evaluate("window.broken") is None and "text=" not in visit.page.url


@pytest.mark.parametrize("visit", [(1440, 900, "dark")], indirect=True)
def test_the_saved_reading_opens_without_a_server_or_a_network(
    server: Server, visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    visit.open(server.url)
    write_review(visit, TEXT)
    verdict = visit.page.get_by_text(re.compile(r"P\(positive\) = 0\.\d{3}")).first.inner_text()
    visit.page.get_by_role("button", name="Share", exact=True).click()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save this reading").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.suffix == ".html" and file.stat().st_size < 500_000

    offline = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    try:
        page = offline.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        number = re.search(r"0\.\d{3}", verdict)
        assert number and number[0] in page.locator("body").inner_text()
        assert '<img src="https://stranger.example/p.png"' in page.locator(".review").inner_text()
        assert page.locator("img, script, a, iframe").count() == 0
        assert page.locator("svg polyline").count() == 1 and page.locator("svg g path").count() > 5
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("window.broken") is None and asked == [file.as_uri()]
    finally:
        offline.close()


@pytest.mark.parametrize("visit", [(1920, 1080, "light"), (390, 844, "dark")], indirect=True)
def test_the_presenter_view_goes_along_and_can_be_left(server: Server, visit: Visit) -> None:
    visit.open(f"{server.url}/?present=1")
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    expect(review_box(visit.page)).to_be_hidden()
    assert visit.page.evaluate(size) > 16
    expect(visit.page.get_by_role("button", name="CSV")).to_be_hidden()
    assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visit.open(f"{server.url}/compare?present=1")
    visit.page.get_by_role("button", name="Leave presenter view").click()
    visit.settled()
    assert visit.page.evaluate(size) == 16
    assert "present" not in visit.page.url
    expect(review_box(visit.page)).to_be_visible()


@pytest.mark.parametrize("path", ["", "inside", "compare", "training"])
def test_it_can_be_embedded(server: Server, visit: Visit, path: str) -> None:
    host = f'<iframe src="{server.url}/{path}?embed=true" width="900" height="800"></iframe>'
    visit.page.route(f"{server.url}/host.html", lambda route: route.fulfill(body=host, content_type="text/html"))
    visit.page.goto(f"{server.url}/host.html")
    frame = visit.page.frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    picture = frame.locator(".player .counter") if path in ("", "inside") else frame.get_by_test_id("stPlotlyChart")
    expect(picture.first).to_be_visible()
    inner = next(frame for frame in visit.page.frames if "embed=true" in frame.url)
    assert inner.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert visit.strangers() == []
