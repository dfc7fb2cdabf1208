"""The player in a real browser: its numbers are the trace's, it plays without the server, and text stays text."""

from __future__ import annotations

import math
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from models.catalog import load_model
from models.sentiment import Trace
from tests.shelves import tiny_shelf as tiny_shelf

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser

REVIEW = "I did not hate this film, and it was not boring: the acting is superb and the story isn't clever."
HOSTILE = (
    'A <b>fine</b> film <img src=x onerror="window.broken=1"> <script>window.broken=2</script> &amp; good '
    "<svg onload=window.broken=3></svg> <a href='https://stranger.example'>here</a> ![a](https://stranger.example/b)"
)
APP = """
import streamlit as st
st.set_page_config(layout="wide")
from components.ui.player import player
from components.session import resources
from components.ui import theme
model = resources.model(st.query_params.get("model", "lstm"))
review = st.query_params["review"] * int(st.query_params.get("times", "1"))
if st.button("Another review"):
    review = "Bad."
st.button("Unrelated")
st.title("Player")
player(model.trace(review), model.card, theme.palette(), review=review)
"""


@pytest.fixture(scope="module")
def stage(tiny_shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Serves a page that holds nothing but the player; makes its addresses."""
    folder = tmp_path_factory.mktemp("stage")
    (folder / "stage.py").write_text(APP, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "stage.py"), "--server.port", str(port)]
    environment = {**os.environ, "UNROLLED_SHELF": str(tiny_shelf), "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                    break
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.1)
        yield lambda model, review=REVIEW, times=1: f"{url}/?model={model}&times={times}&review={quote(review)}"
    finally:
        process.terminate()
        process.wait(10)
    assert "Traceback" not in (folder / "log").read_text()


def opened(visit: Visit, url: str) -> Page:
    page = visit.open(url)
    expect(page.locator(".player .cell svg")).to_be_visible()
    return page


def scrub(page: Page, step: int) -> None:
    page.locator(".scrub").fill(str(step))


def shown(page: Page, name: str) -> str:
    return page.locator(f'.cell [data-value="{name}"]').text_content() or ""


def signed(value: float) -> str:
    text = f"{value:+.3f}".replace("-", "−")
    return text if any(c in "123456789" for c in text) else text[1:]


def assert_shows(page: Page, trace: Trace, family: str, word: int, unit: int, backward: bool = False) -> None:
    """All digits on the screen are the trace's at this word."""
    layer = trace.layers[-1]
    before = word + 1 if backward else word - 1
    inside = 0 <= before < len(trace.tokens)
    expect(page.locator(".counter")).to_have_text(f"word {word + 1} of {len(trace.tokens)}")
    assert page.locator(".review .current").text_content() == trace.tokens[word].text
    assert page.locator(".review .unread").count() == (word if backward else len(trace.tokens) - 1 - word)
    running = trace.running_probabilities
    if running is not None:
        expect(page.locator(".probability")).to_have_text(f"{running[word]:.3f}")
        expect(page.locator(".side")).to_contain_text("positive" if running[word] >= 0.5 else "negative")
    assert shown(page, "h") == signed(layer.hidden_states[word, unit])
    if family == "LSTM":
        assert layer.cell_states is not None
        assert shown(page, "c") == signed(layer.cell_states[word, unit])
        assert shown(page, "c0") == signed(layer.cell_states[before, unit] if inside else 0)
    else:
        assert shown(page, "h0") == signed(layer.hidden_states[before, unit] if inside else 0)
    letters = {"input": "i", "forget": "f", "output": "o", "update": "z", "reset": "r"}
    for name, letter in letters.items():
        if name in layer.gates:
            assert shown(page, letter) == f"{layer.gates[name][word, unit]:.3f}"
    if "candidate" in layer.gates:
        assert shown(page, "g") == signed(layer.gates["candidate"][word, unit])


@pytest.mark.parametrize(("model", "family"), [("lstm", "LSTM"), ("gru", "GRU"), ("simple_rnn", "SimpleRNN")])
def test_steps_and_scrubs_show_the_traces_digits(
    stage: Callable[..., str], tiny_shelf: Path, visit: Visit, model: str, family: str
) -> None:
    trace = load_model(model, tiny_shelf).trace(REVIEW)
    last = len(trace.tokens) - 1
    page = opened(visit, stage(model))
    heaviest = [int(unit) for unit in abs(trace.readout).argsort()[::-1]]
    assert_shows(page, trace, family, last, heaviest[0])
    scrub(page, 4)
    assert_shows(page, trace, family, 3, heaviest[0])
    page.get_by_role("button", name="One word forward").click()
    assert_shows(page, trace, family, 4, heaviest[0])
    page.locator(".stage").focus()
    for key, word in (("ArrowLeft", 3), ("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1), ("End", last)):
        page.keyboard.press(key)
        assert_shows(page, trace, family, word, heaviest[0])
    page.locator("select.unit").select_option(index=1)
    scrub(page, 3)
    assert_shows(page, trace, family, 2, heaviest[1])
    page.locator(".review span").nth(6).click()
    assert_shows(page, trace, family, 6, heaviest[1])
    expect(page.locator(".spoken")).to_contain_text(f"Word 7 of {last + 1}: {trace.tokens[6].text}, P(positive)")
    assert visit.errors == []


def test_printed_equations_come_out_by_hand(stage: Callable[..., str], visit: Visit) -> None:
    page = opened(visit, stage("lstm"))
    for step in range(1, 12):
        scrub(page, step)
        for line in page.locator(".equations > span").all_inner_texts():
            *_, calculation, result = line.replace("−", "-").replace("·", "*").split("=")
            value = eval(calculation, {"tanh": math.tanh})
            assert f"{value:.3f}".replace("-0.000", "0.000") == result.strip(), line


def test_both_readers_of_a_bidirectional_network(stage: Callable[..., str], tiny_shelf: Path, visit: Visit) -> None:
    trace = load_model("best_bigru", tiny_shelf).trace(REVIEW)
    page = opened(visit, stage("best_bigru"))
    expect(page.locator(".now")).to_be_hidden()
    expect(page.locator(".notes")).to_contain_text(f"P(positive) is {trace.probability:.3f} once all words are read")
    page.get_by_label("Which reader").select_option(label="backward reader")
    scrub(page, 3)
    units = trace.layers[-1].hidden_states.shape[1]
    heaviest = int(abs(trace.readout[units:]).argmax())
    assert_shows(page, trace, "GRU", len(trace.tokens) - 3, heaviest, backward=True)


def test_playing_says_nothing_to_the_server(stage: Callable[..., str], browser: Browser) -> None:
    context: BrowserContext = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    messages: list[str] = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda _: messages.append("sent")))
    page.on("websocket", lambda ws: ws.on("framereceived", lambda _: messages.append("received")))
    page.goto(stage("lstm", REVIEW + " ", 6))
    expect(page.locator(".player .cell svg")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1_500)
    assert "received" in messages
    messages.clear()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_label("Speed, in words a second").select_option("30")
    frames = """() => { window.seen = new Set(); const text = document.querySelector('[data-testid^=stBidi]');
        const root = (text.shadowRoot || [...text.querySelectorAll('*')].find(e => e.shadowRoot).shadowRoot);
        new MutationObserver(() => window.seen.add(root.querySelector('.counter').textContent))
            .observe(root.querySelector('.counter'), {childList: true, characterData: true, subtree: true}); }"""
    page.evaluate(frames)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.wait_for_timeout(1_500)
    page.locator(".stage").focus()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    seen = page.evaluate("[...window.seen]")
    assert len(seen) >= 5, seen
    stopped = page.locator(".counter").text_content()
    page.wait_for_timeout(400)
    assert page.locator(".counter").text_content() == stopped
    page.keyboard.press("ArrowRight")
    scrub(page, 50)
    assert messages == [] and requests == []
    context.close()


def test_it_stops_at_the_end_and_begins_again(stage: Callable[..., str], visit: Visit) -> None:
    page = opened(visit, stage("gru", "Not good, not bad."))
    page.get_by_label("Speed, in words a second").select_option("10")
    play = page.locator(".play")
    play.click()
    expect(page.locator(".counter")).to_have_text("word 4 of 4")
    expect(play).to_have_attribute("aria-label", "Play")


def test_the_position_survives_reruns_and_a_new_review_begins_anew(stage: Callable[..., str], visit: Visit) -> None:
    page = opened(visit, stage("lstm"))
    scrub(page, 5)
    page.locator("select.unit").select_option(index=2)
    page.get_by_role("button", name="Unrelated").click()
    visit.settled()
    expect(page.locator(".counter")).to_contain_text("word 5 of")
    expect(page.locator("select.unit")).to_have_value("2")
    page.get_by_role("button", name="Another review").click()
    visit.settled()
    expect(page.locator(".counter")).to_have_text("word 1 of 1")
    expect(page.locator(".play")).to_be_hidden()


def test_markup_in_a_review_stays_text(stage: Callable[..., str], visit: Visit) -> None:
    page = opened(visit, stage("gru", HOSTILE))
    box = page.locator(".review")
    assert box.text_content() == HOSTILE
    assert page.evaluate("window.broken") is None
    made: dict[str, int] = box.evaluate(
        "box => [...box.querySelectorAll('*')].reduce((n, e) => ({...n, [e.tagName]: (n[e.tagName] || 0) + 1}), {})"
    )
    assert set(made) <= {"SPAN", "I"}, made
    inside: Locator = page.locator(".player :is(img, script, a, iframe, object)")
    assert inside.count() == 0
    assert visit.strangers() == []


@pytest.mark.parametrize(
    ("review", "times"), [("Bad", 1), ("zzyzx qwrtp 看看", 1), ("good " + "a" * 5_000, 1), (REVIEW + " ", 80)]
)
@pytest.mark.parametrize("visit", [(390, 844, "dark"), (1920, 1080, "light")], indirect=True)
def test_any_length_fits_any_screen(stage: Callable[..., str], visit: Visit, review: str, times: int) -> None:
    page = opened(visit, stage("lstm", review, times))
    first = page.get_by_role("button", name="First word", exact=True)
    if review == "Bad":
        expect(first).to_be_hidden()
    else:
        first.click()
        page.get_by_role("button", name="Last word", exact=True).click()
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth") <= visit.width + 1
    box = page.locator(".review").bounding_box()
    word = page.locator(".review .current").bounding_box()
    assert box and word and box["y"] - 1 <= word["y"] <= box["y"] + box["height"]
    assert visit.errors == []


def test_less_motion_means_steps_only(stage: Callable[..., str], browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(stage("gru"))
    expect(page.locator(".calm")).to_be_visible(timeout=30_000)
    expect(page.locator(".play")).to_be_hidden()
    page.locator(".stage").focus()
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    expect(page.locator(".counter")).to_contain_text("word 2 of")
    page.wait_for_timeout(800)
    expect(page.locator(".counter")).to_contain_text("word 2 of")
    context.close()
