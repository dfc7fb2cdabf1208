"""Every step of every lesson on a projector, at three sizes: nothing is cut off, nothing scrolls, all can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from components.lessons.board import Lesson
from components.lessons.plans import LESSONS
from tests.browser.conftest import Visit
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Charts keep the height that fits 720 lines: on larger screens they leave room, and their letters are too small there.
_UNFINISHED = pytest.mark.xfail(reason="charts do not grow with the screen yet", strict=False)
SIZES = (
    pytest.param((1280, 720), id="720"),
    pytest.param((1920, 1080), id="1080", marks=_UNFINISHED),
    pytest.param((3840, 2160), id="2160", marks=_UNFINISHED),
)
# What stands beyond the screen or beyond its box, and the smallest letters of the sentence and of the axes.
MEASURE = Path(__file__).with_name("presenting.js").read_text(encoding="utf-8").partition("\n")[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    process = Served(
        tmp_path_factory.mktemp("presenting"), "--server.address=127.0.0.1", "--server.headless=true"
    ).ready()
    yield process
    process.process.terminate()
    process.process.wait(30)


def settled(page: Page) -> None:
    for _ in range(3):
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_timeout(200)
    page.wait_for_timeout(1_800)


def measured(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


# Of these one step each is taller than 720 lines: the gradient's sentences, the three networks' rows.
_TOO_TALL = ("long", "memory")
_TALL = pytest.mark.xfail(reason="one step is taller than 720 lines", strict=False)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "lesson",
    [pytest.param(lesson, id=lesson.name, marks=_TALL if lesson.name in _TOO_TALL else ()) for lesson in LESSONS],
)
def test_every_step_fits_the_screen(served: Served, browser: Browser, lesson: Lesson, size: tuple[int, int]) -> None:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{served.url}/lessons?lesson={lesson.name}&step=1&present=1")
    page.wait_for_selector(".st-key-go-arrow_forward")
    wrong = []
    for place, step in enumerate(lesson.steps):
        settled(page)
        expect(page.locator(".lesson-title")).to_have_text(step.title)
        for answered in (False, True):
            if answered:
                just = page.get_by_text("Just show it")
                if not just.count():
                    continue
                just.first.click()
            settled(page)
            found = measured(page)
            if found["beyond"] or found["scrolls"] or found["sentence"] < 1 / 25 or found["axis"] < 1 / 45:
                wrong.append((place + 1, answered, found))
        if place + 1 < len(lesson.steps):
            page.keyboard.press("PageDown")
            expect(page.locator(".lesson-title")).to_have_text(lesson.steps[place + 1].title)
    context.close()
    assert wrong == []


def test_a_clicker_turns_the_steps_and_f5_does_nothing(served: Served, visit: Visit) -> None:
    page = visit.page
    page.goto(f"{served.url}/lessons?lesson=order&step=1&present=1")
    page.wait_for_selector(".st-key-go-arrow_forward")
    settled(page)
    titles = page.locator(".lesson-title")
    first, second = titles.inner_text(), "Take one word out"
    page.evaluate("window.stayed = true")
    for key, title in (("PageDown", second), ("PageUp", first), ("ArrowRight", second), ("ArrowLeft", first)):
        page.keyboard.press(key)
        expect(titles).to_have_text(title)
    page.keyboard.press("F5")
    page.wait_for_timeout(1_000)
    assert page.evaluate("window.stayed") is True
