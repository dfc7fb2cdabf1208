"""A teacher and five phones go through a lesson in real browsers; one phone loses its connection on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from components.lessons.check import QUESTIONS
from components.lessons.plans import BY_NAME
from tests.browser.conftest import Visit
from tests.served import Served

pytestmark = pytest.mark.browser
LESSON = BY_NAME["order"]
SENT = "It was <b>never</b> boring."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    process = Served(tmp_path_factory.mktemp("class"), "--server.address=127.0.0.1", "--server.headless=true").ready()
    yield process
    process.process.terminate()
    process.process.wait(30)


@pytest.fixture
def phones(browser: Browser) -> Iterator[list[tuple[BrowserContext, Page]]]:
    contexts = [browser.new_context(viewport={"width": 390, "height": 844}) for _ in range(5)]
    for context in contexts:
        context.set_default_timeout(30_000)
    yield [(context, context.new_page()) for context in contexts]
    for context in contexts:
        context.close()


def test_a_class_of_five_through_a_whole_lesson(
    served: Served, visit: Visit, phones: list[tuple[BrowserContext, Page]]
) -> None:
    teacher = visit.open(f"{served.url}/lessons?lesson={LESSON.name}&step=1")
    teacher.get_by_role("button", name="Open a class").click()
    teacher.locator(".st-key-class-open button").click()
    code = teacher.locator(".lesson-code").inner_text().strip()
    assert "localhost" not in teacher.get_by_test_id("stPopoverBody").inner_text().lower()
    teacher.keyboard.press("Escape")

    pages = [page for _, page in phones]
    for page in pages[:4]:
        page.goto(f"{served.url}/class/{code}")
    pages[4].goto(f"{served.url}/class")
    pages[4].get_by_label("The code on the screen").fill(code.lower())
    pages[4].get_by_role("button", name="Join").click()
    for page in pages:
        expect(page.locator("#title")).to_have_text(LESSON.steps[0].title)
        expect(page.locator("#sentence")).to_have_text(LESSON.sentence)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing is cut off on a phone"

    # Four guess; the fifth loses its connection first.
    for page, answer in zip(pages[:4], ("Yes", "Yes", "No", "Yes"), strict=True):
        page.get_by_role("button", name=answer, exact=True).click()
        expect(page.locator("#outcome")).to_contain_text("Your guess is in")
    expect(teacher.get_by_text("4 of 5 phones have guessed.")).to_be_visible()
    phones[4][0].set_offline(True)
    pages[0].get_by_role("button", name="No", exact=True).click()  # changes its mind: still one guess
    expect(pages[0].locator("[aria-pressed=true]")).to_have_text("No")
    expect(teacher.get_by_text("4 of 5 phones have guessed.")).to_be_visible()
    phones[4][0].set_offline(False)
    pages[4].get_by_role("button", name="Yes", exact=True).click()
    expect(teacher.get_by_text("5 of 5 phones have guessed.")).to_be_visible()
    for page in pages:
        assert page.locator("#answers b").count() == 0, "nobody sees how others guessed before the vote is closed"
    teacher.get_by_role("button", name="Close the vote").click()
    expect(teacher.locator(".lesson-vote b")).to_have_text(["3", "2"])
    for page in pages:
        expect(page.locator("#answers b")).to_have_text(["3", "2"])
        expect(page.locator("#answers .right")).to_have_count(1)
        expect(page.locator("#outcome")).to_contain_text("It is: ")

    # A student's sentence is the teacher's alone until it is shown.
    pages[1].get_by_label("A sentence for the teacher").fill(SENT)
    pages[1].get_by_role("button", name="Send").click()
    expect(pages[1].locator("#sent")).to_contain_text("Sent.")
    teacher.get_by_text("1 sentence from students").click()
    expect(teacher.get_by_text(SENT)).to_be_visible()
    assert all(SENT not in page.inner_text("body") for page in pages)
    teacher.get_by_role("button", name="Show it").click()
    for page in pages:
        expect(page.locator("#sentence")).to_have_text(SENT)
    # A teacher whose page is loaded again has the class, its votes and the sentence still.
    pages[0].get_by_role("button", name="Yes", exact=True).click()
    expect(teacher.get_by_text("1 of 5 phones has guessed.")).to_be_visible()
    visit.settled()
    teacher.reload()
    expect(teacher.get_by_role("button", name=f"Class {code}")).to_be_visible()
    expect(teacher.get_by_role("textbox", name="The sentence")).to_have_value(SENT)
    expect(teacher.get_by_text("1 of 5 phones has guessed.")).to_be_visible()
    for page in pages:
        expect(page.locator("#sentence")).to_have_text(SENT)
    with phones[3][0].expect_page() as opened:
        pages[3].get_by_role("link", name="Look around").click()
    around = opened.value
    expect(around.locator(".lesson-title")).to_have_text(LESSON.steps[0].title)
    expect(around.get_by_role("textbox", name="The sentence")).to_have_value(SENT)
    around.close()

    # While a phone is away the class goes on; it comes back to where the class is.
    phones[2][0].set_offline(True)
    teacher.get_by_role("button", name="Next").click()
    for page in (pages[0], pages[1], pages[3], pages[4]):
        expect(page.locator("#title")).to_have_text(LESSON.steps[1].title)
    phones[2][0].set_offline(False)
    expect(pages[2].locator("#title")).to_have_text(LESSON.steps[1].title)

    # The five questions, answered on the phones.
    teacher.get_by_role("button", name=f"Class {code}").click()
    teacher.get_by_role("button", name="Five questions on the phones, before").click()
    teacher.keyboard.press("Escape")
    pages[0].locator("#check [name=q2]").first.check()
    pages[0].reload()
    expect(pages[0].locator("#check [name=q2]").first).to_be_checked()
    expect(pages[0].locator("#check input:checked")).to_have_count(1)
    for page in pages[:2]:
        for number, asked in enumerate(QUESTIONS):
            page.locator(f"#check [name=q{number}]").nth(asked.right).check()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name="Done").click()
        expect(page.locator("#scores")).to_have_text("Your five questions, right: before the lessons 5 of 5.")
    expect(teacher.get_by_text("2 of 5 phones answered the five questions.")).to_be_visible()
    expect(pages[4].locator("#check-title")).to_be_visible()
    teacher.get_by_role("button", name="Close the five questions").click()
    expect(teacher.get_by_text("before the lessons 5.0 of 5 (2 phones)")).to_be_visible()
    for page in pages:
        expect(page.locator("#title")).to_have_text(LESSON.steps[1].title)

    teacher.get_by_role("button", name=f"Class {code}").click()
    expect(teacher.get_by_role("button", name="Five questions on the phones, after")).to_be_visible()
    teacher.get_by_role("button", name="End the class now").click()
    for page in pages:
        expect(page.get_by_role("alert")).to_have_text("The class has ended.")
    pages[0].reload()
    expect(pages[0].get_by_role("alert")).to_contain_text("no class with this code")
    teacher.reload()
    expect(teacher.get_by_role("button", name="Open a class")).to_be_visible()


def test_another_sites_page_cannot_vote(served: Served, visit: Visit) -> None:
    answer = visit.context.request.post(
        f"{served.url}/class/ABCD/guess", headers={"Origin": "https://stranger.example"}, data={"phone": "x"}
    )
    assert answer.status == 403
    assert visit.context.request.post(f"{served.url}/class/ABCD/guess", data="x" * 100_000).status == 404
    assert Path(served.log).read_text().count("stranger") == 0
