"""What if and the smallest change on the page Compare: edits, undone and kept, and the search."""

from __future__ import annotations

import numpy as np
import pytest

from components.session import resources
from components.session.keys import SMALLEST_CHANGE_JOB
from models.compare import edits
from models.compare.smallest_change import MOST_WORDS
from models.examples import EXAMPLES
from models.text import keys
from tests.compare_page import SMALLEST, WHAT_IF, open_compare, read
from tests.screen import click, html_of, numbers, opened, spec

pytestmark = pytest.mark.usefixtures("tiny")


def test_what_if_begins_unedited_at_the_most_decisive_word_and_keeps_the_original():
    at = open_compare(section=WHAT_IF)
    text = EXAMPLES[0].text
    assert at.session_state["edited"] == text
    assert "No word is different" in html_of(at)
    model = resources.model("simple_rnn")
    tokens = model.vocabulary.tokenize(text)
    p = model.trace(text).probability
    without = [
        model.trace(edits.apply(text, tokens, [edits.remove(token, i)])).probability for i, token in enumerate(tokens)
    ]
    best = int(np.argmin(without) if p >= 0.5 else np.argmax(without))
    assert at.session_state["edit_word"] == best
    click(at, "edit-remove")
    assert at.session_state["edited"] == edits.apply(text, tokens, [edits.remove(tokens[best], best)])
    assert at.session_state["review"] == text
    assert f"{without[best]:.3f}" in html_of(at)
    click(at, "edit-undo")
    assert at.session_state["edited"] == text
    assert "No word is different" in html_of(at)


def test_every_click_edits_and_undo_takes_back():
    at = open_compare(section=WHAT_IF)
    original = at.session_state["review"]
    at.selectbox(key="edit_word").select_index(13).run()  # beautiful
    for key in ("edit-negate", "edit-remove", "edit-opposite-0", "edit-neighbour-3", "edit-decisive", "edit-shuffle"):
        click(at, key)
        assert at.session_state["edited"] != original, key
        assert at.session_state["review"] == original
        assert len(at.get("plotly_chart")) == 1
        click(at, "edit-undo")
        assert at.session_state["edited"] == original
    click(at, "edit-negate")
    assert "was ready to love this film. The photography is not beautiful, the two" in at.session_state["edited"]
    click(at, "edit-filler-50")
    assert len(keys(at.session_state["edited"])) == 48 + 1 + 50
    click(at, "edit-reset")
    assert at.session_state["edited"] == original


def test_the_overlay_holds_both_readings_on_aligned_words():
    at = open_compare("I love this film and the ending is good", WHAT_IF, compare_models=["lstm", "gru"])
    at.text_area(key="edited").set_value("I hate this film the ending is really good").run()
    drawn = spec(at, 0)
    names = [(trace["name"], trace["line"]["color"]) for trace in drawn["data"]]
    assert [name for name, _ in names] == ["original", "edited"] * 2
    labels = drawn["layout"]["xaxis"]["labelalias"]
    assert list(labels.values()) == [
        "I",
        "love → hate",
        "this",
        "film",
        "− and",
        "the",
        "ending",
        "is",
        "+ really",
        "good",
    ]
    old, new = (
        read("lstm", text).running_probabilities for text in (at.session_state["review"], at.session_state["edited"])
    )
    np.testing.assert_allclose(numbers(drawn["data"][0]["y"]), [*old[:8], old[7], old[8]], atol=6e-5)
    np.testing.assert_allclose(numbers(drawn["data"][1]["y"]), [*new[:4], new[3], *new[4:]], atol=6e-5)
    shown = html_of(at)
    assert "<del" in shown
    assert "<ins" in shown
    assert 'title="replaced">hate' in shown
    assert "1 replaced, 1 removed, 1 added" in shown


def test_an_emptied_edit_is_answered_kindly_and_undone():
    at = open_compare(section=WHAT_IF)
    at.text_area(key="edited").set_value("").run()
    assert not at.exception
    assert len(at.info) == 1
    click(at, "edit-undo")
    assert at.session_state["edited"]
    assert at.get("plotly_chart")


def test_word_order_asks_about_twenty_orders():
    at = open_compare(section=WHAT_IF, **{"edit-order": True})
    drawn = spec(at, -1)
    shuffled = [trace for trace in drawn["data"] if trace.get("name") == "shuffled"]
    assert [len(numbers(trace["x"])) for trace in shuffled] == [20] * 3
    assert "of 20 orders" in html_of(at)


def test_state_paths_end_where_the_states_end():
    at = open_compare(section=WHAT_IF, **{"edit-paths": True})
    click(at, "edit-remove")
    assert len(at.get("plotly_chart")) == 1 + 3
    path = spec(at, 1)["data"]
    assert [len(numbers(trace["x"])) for trace in path] == [48, 47]


def test_an_edit_becomes_the_review_and_the_first_text_can_come_back():
    at = open_compare(section=WHAT_IF)
    click(at, "edit-remove")
    first, edit = at.session_state["review"], at.session_state["edited"]
    click(at, "edit-use")
    assert at.session_state["review"] == edit != first
    at.switch_page("pages/compare.py").run()
    at.session_state["section"] = WHAT_IF
    at.run()
    click(at, "edit-origin")
    assert at.session_state["review"] == first


def test_edits_are_still_there_after_a_visit_to_another_page():
    at = open_compare(section=WHAT_IF)
    click(at, "edit-shuffle")
    edit = at.session_state["edited"]
    at.switch_page("pages/read.py").run()
    at.switch_page("pages/compare.py").run()
    assert at.session_state["section"] == WHAT_IF
    assert at.text_area(key="edited").value == edit
    click(at, "edit-undo")
    assert at.session_state["edited"] != edit


def test_a_link_opens_its_section():
    at = opened("compare", section=SMALLEST)
    assert any(button.key == "flip-start" for button in at.button)
    at.session_state["section"] = "nonsense"
    at.run()
    assert not at.exception


def test_the_smallest_change_is_found_and_opens_in_what_if():
    at = open_compare(section=SMALLEST, compare_models=["lstm", "gru"])
    click(at, "flip-start")
    at.session_state[SMALLEST_CHANGE_JOB].job.wait(60)
    at.run()
    assert not at.exception
    job = at.session_state[SMALLEST_CHANGE_JOB]
    assert list(job.results) == ["lstm", "gru"]
    found = {name: flip for name, flip in job.results.items() if flip.outcome == "found"}
    assert found
    drawn = spec(at, 0)
    for trace, (name, flip) in zip(drawn["data"], found.items(), strict=True):
        np.testing.assert_allclose(numbers(trace["y"]), [flip.before, *flip.path], atol=6e-5)
        assert (read(name, flip.text).probability >= 0.5) != (flip.before >= 0.5)
    name, flip = next(iter(found.items()))
    click(at, f"flip-open-{name}")
    assert at.session_state["section"] == WHAT_IF
    assert at.session_state["edited"] == flip.text
    assert at.session_state["review"] == EXAMPLES[0].text


def test_another_review_cancels_the_search():
    at = open_compare(section=SMALLEST)
    click(at, "flip-start")
    job = at.session_state[SMALLEST_CHANGE_JOB].job
    at.text_area(key="review").set_value("Another good film.").run()
    assert SMALLEST_CHANGE_JOB not in at.session_state
    job.wait(20)
    assert not job.running


def test_a_long_review_is_refused_kindly_by_the_search():
    at = open_compare("film " * (MOST_WORDS + 1), SMALLEST)
    assert any(str(MOST_WORDS) in info.value for info in at.info)
    assert not [button for button in at.button if button.key == "flip-start"]
