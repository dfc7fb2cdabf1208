"""The blackboard network in a real browser: its arithmetic is NumPy's, every sum comes out, edits propagate exactly."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from models.letters import network
from models.letters.network import PARTS, Reading, Weights
from models.letters.training import Run, Settings, spell
from models.letters.word import word_of

if TYPE_CHECKING:
    from tests.browser.conftest import Visit
    from tests.conftest import Server

pytestmark = pytest.mark.browser
WORD = "hello"
NUMBERS = """board => Object.fromEntries([...board.querySelectorAll('[data-name]')].map(
    cell => [cell.dataset.name, [cell.textContent.replace('−', '-'), cell.className]]))"""


def taught(cell: str, updates: int | None = None, word: str = WORD) -> Run:
    run = spell(Settings(cell), word_of(word))
    if updates is None:
        run.to_the_end()
    else:
        run.update(updates)
    return run


def opened(visit: Visit, server: Server, query: str) -> Page:
    page = visit.open(f"{server.url}/letters?{query}")
    expect(page.locator(".board .net [data-name]").first).to_be_visible()
    return page


def shown(page: Page) -> dict[str, tuple[str, set[str]]]:
    found = page.locator(".board").evaluate(NUMBERS)
    return {name: (text, set(marks.split())) for name, (text, marks) in found.items()}


def values(cell: str, weights: Weights, reading: Reading, targets: tuple[int, ...]) -> dict[str, float]:
    """Every number that the board shows, by its name there."""
    units = weights.units
    found = {f"w:{i}": value for i, value in enumerate(weights.flat())}
    for t, letter in enumerate(reading.letters, 1):
        found |= {f"x:{t}:{k}": float(k == letter) for k in range(weights.W_xh.shape[1])}
        found |= {f"y:{t}:{k}": value for k, value in enumerate(reading.logits[t - 1])}
        found |= {f"p:{t}:{k}": value for k, value in enumerate(reading.probabilities[t - 1])}
        found[f"L:{t}"] = -math.log(reading.probabilities[t - 1, targets[t - 1]])
        if cell != "SimpleRNN":
            for n, part in enumerate(PARTS[cell]):
                row = reading.parts[t - 1, n * units : (n + 1) * units]
                found |= {f"{part}:{t}:{k}": value for k, value in enumerate(row)}
    for t in range(len(reading.letters) + 1):
        found |= {f"h:{t}:{k}": value for k, value in enumerate(reading.states[t])}
        if cell == "LSTM":
            found |= {f"c:{t}:{k}": value for k, value in enumerate(reading.cells[t])}
    return found


def assert_shows(page: Page, cell: str, weights: Weights, word: str = WORD) -> dict[str, float]:
    asked = word_of(word)
    expected = values(cell, weights, network.forward(cell, weights, asked.read), asked.following)
    found = shown(page)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        digits = f"{value:.0f}" if name.startswith("x") else f"{value:.2f}"
        assert found[name][0] == digits.replace("-0.00", "0.00"), (name, value)
    return expected


@pytest.mark.parametrize("cell", network.CELLS)
def test_it_learns_at_the_press_of_a_button_and_every_number_is_numpys(server: Server, visit: Visit, cell: str) -> None:
    page = opened(visit, server, f"cell={cell}")
    assert_shows(page, cell, taught(cell, 0).weights)
    page.get_by_role("button", name="To the end").click()
    expect(page.get_by_text("the state remembers what came before")).to_be_visible()
    run = taught(cell)
    expect(page.locator(".board .update")).to_have_text(str(run.updates))
    assert_shows(page, cell, run.weights)
    assert float(shown(page)["p:4:3"][0]) > 0.95
    assert visit.errors == []


@pytest.mark.parametrize("cell", network.CELLS)
def test_every_sum_written_out_comes_out_at_the_digits_shown(server: Server, visit: Visit, cell: str) -> None:
    page = opened(visit, server, f"cell={cell}&updates=60")
    sums = {"exp": math.exp, "tanh": math.tanh, "ln": math.log, "σ": lambda a: 1 / (1 + math.exp(-a))}
    written = 0
    for name, (text, _) in shown(page).items():
        if name[0] in "wx" or re.match(r"[hc]:0", name):
            continue
        lines = page.locator(".board").evaluate(
            """(board, name) => { board.querySelector(`[data-name="${name}"]`).click();
            return [...board.querySelectorAll('.lines div')].map(line => {
                const [, sum, result] = [...line.childNodes].map(node => node.textContent);
                return [sum, result]; }); }""",
            name,
        )
        assert lines, name
        for calculation, result in lines:
            expression = calculation.rsplit(" =", 1)[0].replace("−", "-").replace("·", "*")
            places = len(result.partition(".")[2])
            value = eval(expression, dict(sums))
            assert f"{value:.{places}f}".replace("-0.00", "0.00") == result.replace("−", "-"), (name, calculation)
            written += 1
        assert lines[-1][1].replace("−", "-") == text, "the last line gives the number itself"
    assert written > 40


def test_an_edit_propagates_exactly_is_marked_and_can_be_undone(server: Server, visit: Visit) -> None:
    sent: list[object] = []
    visit.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page = opened(visit, server, "updates=45")
    assert sent
    page.wait_for_timeout(1_000)
    sent.clear()
    weights = taught("SimpleRNN", 45).weights
    before = assert_shows(page, "SimpleRNN", weights)
    index = weights.W_xh.size + 1  # W_hh, to unit 1 from unit 2
    page.locator(f'.board [data-name="w:{index}"]').click()
    expect(page.locator(".board .title")).to_contain_text("W_hh, unit 1, from unit 2")
    used = {name for name, (_, marks) in shown(page).items() if "source" in marks}
    assert used == {"h:2:0", "h:3:0", "h:4:0"}, "where the weight is used; the first old state is zero, and left out"
    page.locator(".board .exact").fill("2.5")
    flat = weights.flat()
    flat[index] = 2.5
    after = assert_shows(page, "SimpleRNN", weights.filled(flat))
    for name, (_, marks) in shown(page).items():
        moved = after[name] - before[name]
        assert ("up" in marks, "down" in marks) == (moved > 1e-12, moved < -1e-12), name
        assert ("edited" in marks) == (name == f"w:{index}")
    assert {name for name in after if after[name] != before[name]} >= {"h:2:0", "y:2:1", "p:4:3", "L:4"}
    expect(page.locator(".board .status")).to_contain_text("1 weight is not as learnt")
    page.locator(".board .exact").press("Escape")
    page.keyboard.press("ControlOrMeta+z")
    assert_shows(page, "SimpleRNN", weights)
    page.locator(".board .exact").fill("-1")
    page.locator(".board .exact").press("Tab")
    page.get_by_role("button", name="Back to what was learnt").click()
    assert_shows(page, "SimpleRNN", weights)
    assert sent == [], "no click asks the server"
    assert visit.errors == []


def test_learning_goes_on_from_weights_set_by_hand(server: Server, visit: Visit) -> None:
    page = opened(visit, server, "updates=45")
    page.locator('.board [data-name="w:0"]').click()
    page.locator(".board .exact").fill("4")
    page.get_by_role("button", name="Learn on from these weights").click()
    visit.settled()
    run = taught("SimpleRNN", 45)
    run.set_weights([4.0, *run.weights.flat()[1:]])
    assert_shows(page, "SimpleRNN", run.weights)
    page.get_by_role("button", name="Ten updates").click()
    run.update(10)
    expect(page.locator(".board .update")).to_have_text("55")
    assert_shows(page, "SimpleRNN", run.weights)


def test_looking_back_and_moving_by_keyboard(server: Server, visit: Visit) -> None:
    page = opened(visit, server, "updates=45")
    page.locator(".board .scrub").fill("0")
    expect(page.locator(".board .update")).to_have_text("0")
    assert_shows(page, "SimpleRNN", taught("SimpleRNN", 0).weights)
    page.locator('.board [data-name="h:4:0"]').focus()
    for key, title in (("ArrowLeft", "h₃"), ("ArrowDown", "unit 2"), ("ArrowUp", "unit 1"), ("ArrowUp", "x₃")):
        page.keyboard.press(key)
        expect(page.locator(".board .title")).to_contain_text(title)
    page.locator('.board [data-name="w:0"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".board .exact")).to_be_focused()


def test_it_leads_to_insides_arithmetic_in_sight(server: Server, visit: Visit) -> None:
    page = opened(visit, server, "cell=LSTM")
    page.get_by_role("button", name="see its arithmetic").click()
    expect(page.get_by_role("heading", name="Inside the network")).to_be_visible()
    expect(page.get_by_text("The equation with this word’s numbers")).to_be_in_viewport()


HOSTILE = "<img src=x onerror=1>é😀"


@pytest.mark.parametrize("visit", [(390, 844, "dark")], indirect=True)
def test_on_a_phone_the_matrices_scroll_in_their_box_and_typed_letters_stay_text(server: Server, visit: Visit) -> None:
    page = opened(visit, server, "units=8&cell=LSTM")
    box = page.get_by_role("textbox", name="A word or a short phrase")
    box.fill(HOSTILE)
    box.press("Enter")
    visit.settled()
    expect(page.locator('.board [data-name="x:1:0"]')).to_be_visible()
    assert page.locator(".board img").count() == 0
    letters = page.locator(".board .net .letter").evaluate_all("all => all.map(one => one.firstChild.textContent)")
    assert letters[1:] == [letter if letter != " " else "␣" for letter in word_of(HOSTILE).characters[:-1]]
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    assert page.locator(".board .scroller").evaluate("box => box.scrollWidth > box.clientWidth")
    assert np.isfinite(float(shown(page)["L:1"][0]))
