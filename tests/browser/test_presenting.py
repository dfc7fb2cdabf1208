"""Every step of every lesson on a projector, at three sizes: nothing is cut off, nothing scrolls, all can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from components.lessons.board import Lesson
from components.lessons.plans import LESSONS
from tests.served import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SMALL, *LARGE = SIZES = ((1280, 720), (1920, 1080), (3840, 2160))
HERE = Path(__file__).parent
# What stands beyond the screen or its box, and the smallest letters of the sentence and of the axes; then of all.
MEASURE = HERE.joinpath("presenting.js").read_text(encoding="utf-8").partition("\n")[2]
LETTERS = HERE.joinpath("presenting_letters.js").read_text(encoding="utf-8").split("\n", 2)[2]
LESSON = ".st-key-lesson-text, .st-key-lesson-stage, .st-key-lesson-choice, .st-key-leave-presenter"
SETTLED = HERE.joinpath("presenting_settled.js").read_text(encoding="utf-8").partition("\n")[2]


@pytest.fixture(scope="module")
def presented(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Page]]:
    """One page for all lessons: its scripts and fonts are fetched once."""
    with served(tmp_path_factory.mktemp("presenting")) as server:
        context = browser.new_context()
        context.set_default_timeout(60_000)
        yield server, context.new_page()
        context.close()


def open_step(server: Served, page: Page, lesson: str, step: int = 1) -> None:
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    page.goto(f"{server.url}/lessons?lesson={lesson}&step={step}&present=1")
    page.wait_for_selector(".st-key-go-arrow_forward")


def amiss(page: Page, size: tuple[int, int]) -> dict[str, Any] | None:
    """What is still wrong with the step at a size of the screen after a second; None where nothing is."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for look in range(3):
        page.wait_for_timeout(500 if look else 0)  # the view looks itself twice a second whether anything has grown
        page.evaluate(SETTLED)
        found: dict[str, Any] = page.evaluate(MEASURE)
        found |= {"letters": page.evaluate(LETTERS, [LESSON, False])}
        fits = not (found["beyond"] or found["letters"]["beyond"] or found["scrolls"] or found["hidden"])
        if fits and found["sentence"] >= 1 / 25 and min(found["axis"], found["letters"]["smallest"][1]) >= 1 / 45:
            return None
    return found


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_step_fits_every_screen(presented: tuple[Served, Page], lesson: Lesson) -> None:
    server, page = presented
    open_step(server, page, lesson.name)
    wrong = []
    for number, step in enumerate(lesson.steps, 1):
        expect(page.locator(".lesson-title")).to_have_text(step.title)
        wrong.append((number, "asked", SMALL, amiss(page, SMALL)))
        answer = page.get_by_text("Just show it", exact=True)
        if answer.count():
            answer.click()
            expect(page.get_by_text("The numbers appear here as soon as")).to_have_count(0)
            wrong.append((number, "answered", SMALL, amiss(page, SMALL)))
        wrong += [(number, "answered", size, amiss(page, size)) for size in LARGE]
        page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
        if number < len(lesson.steps):
            page.keyboard.press("PageDown")
    assert [one for one in wrong if one[-1]] == []


def test_a_chart_grows_with_the_screen(presented: tuple[Served, Page]) -> None:
    server, page = presented
    open_step(server, page, "memory", 5)
    shares = []
    for width, height in SIZES:
        assert amiss(page, (width, height)) is None
        box = page.locator(".st-key-lesson-stage .main-svg").first.bounding_box()
        assert box is not None
        shares.append((box["width"] / width, box["height"] / height))
    assert min(height for _, height in shares) > 0.45
    assert max(shares) == pytest.approx(min(shares), abs=0.02)


def test_a_clicker_turns_the_steps_and_f5_does_nothing(presented: tuple[Served, Page]) -> None:
    server, page = presented
    open_step(server, page, "order")
    titles = page.locator(".lesson-title")
    first, second = (step.title for step in next(one for one in LESSONS if one.name == "order").steps)
    page.evaluate("window.stayed = true")
    page.evaluate(SETTLED)
    for key, title in (("PageDown", second), ("PageUp", first), ("ArrowRight", second), ("ArrowLeft", first)):
        page.keyboard.press(key)
        expect(titles).to_have_text(title)
        page.evaluate(SETTLED)
    prevented = "new Promise((done) => addEventListener('keydown', (key) => done(key.defaultPrevented), {once: true}))"
    page.evaluate(f"window.kept = {prevented}; null")
    page.keyboard.press("F5")
    assert page.evaluate("window.kept") is True and page.evaluate("window.stayed") is True


def test_sentences_from_phones_leave_the_text_readable(presented: tuple[Served, Page]) -> None:
    server, page = presented
    open_step(server, page, "order")
    page.get_by_role("button", name="Open a class").click()
    page.locator(".st-key-class-open button").click()
    there = f"{server.url}/class/{page.locator('.lesson-code').inner_text().strip()}"
    page.keyboard.press("Escape")
    phone = page.request.post(f"{there}/join", data={}).json()["phone"]
    for number in range(5):
        page.request.post(f"{there}/sentence", data={"phone": phone, "text": f"Film {number} was never dull. " * 6})
    page.get_by_text("Just show it", exact=True).click()
    folded = page.get_by_text("5 sentences from students")
    expect(folded).to_be_visible()
    zoom = "Number(document.querySelector('.st-key-lesson-text').style.zoom) || 1"
    found = amiss(page, SMALL)
    assert found is None or not (found["letters"]["beyond"] or found["scrolls"])
    assert page.evaluate(zoom) > 0.8, "what is folded takes no room"
    folded.click()
    expect(page.get_by_role("button", name="Put away")).to_have_count(5)
    found = amiss(page, SMALL)
    assert found is None or not (found["scrolls"] or found["hidden"])
    assert page.evaluate(zoom) > 0.6, "what is open scrolls"
    # The pointer rests on what folds while that moves: the view stands still all the same.
    page.get_by_text("The sentence", exact=True).first.click()
    page.evaluate(SETTLED)


@pytest.mark.parametrize(
    ("path", "part"), [("letters?word=Mississippi&", ".st-key-letters_board"), ("inside?", ".st-key-player-stage")]
)
def test_the_board_and_the_player_can_be_read_from_the_last_row(
    presented: tuple[Served, Page], path: str, part: str
) -> None:
    server, page = presented
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    page.goto(f"{server.url}/{path}present=1")
    page.wait_for_selector(f"{part} .staged")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found = page.evaluate(LETTERS, [part, True])
        assert found["count"] > 30 and found["beyond"] == []
        assert found["smallest"][1] >= 1 / 45, found["smallest"]
