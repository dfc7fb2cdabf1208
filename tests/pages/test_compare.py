"""The page Compare over a shelf of tiny networks of every kind: side by side, what if, the smallest change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.session import resources
from components.session.keys import SMALLEST_CHANGE_JOB
from models.compare import edits
from models.compare.readers import Reader, agreement, changes_of_mind, common_words, partings, together
from models.compare.smallest_change import MOST_WORDS
from models.examples import EXAMPLES
from models.text import keys
from tests.screen import html_of as texts
from tests.screen import numbers, opened
from tests.screen import spec as figure
from tests.shelves import TINY
from tests.shelves import tiny_shelf as tiny_shelf

ROOT = Path(__file__).resolve().parents[2]
TRIO = ["simple_rnn", "lstm", "gru"]
SIDE, WHAT_IF, SMALLEST = "side-by-side", "what-if", "smallest-change"
NASTY = (
    "I <b>loved</b> <script>alert(1)</script> this <img src=x onerror=alert(1)> **film** ![x](http://x) "
    '<a href="y">end</a>'
)


@pytest.fixture(autouse=True)
def shelf(tiny_shelf, monkeypatch):
    monkeypatch.setenv("UNROLLED_SHELF", str(tiny_shelf))
    return tiny_shelf


def open_compare(review: str | None = None, section: str = SIDE, **state) -> AppTest:
    typed = {} if review is None else {"review": review, "example": None}
    at = opened("compare", {"section": section} | typed | state)
    assert not at.exception, at.exception
    return at


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def read(name: str, text: str):
    return resources.model(name).trace(text)


def test_the_trio_stands_below_each_other_on_one_axis_and_one_scale():
    at = open_compare()
    text = EXAMPLES[0].text
    spec = figure(at, 0)
    bold = [trace for trace in spec["data"] if trace["type"] == "scatter" and trace.get("opacity", 1) == 1]
    assert [trace["name"] for trace in bold] == [TINY[name].title for name in TRIO]
    assert [trace["line"]["dash"] for trace in bold] == ["dot", "solid", "dash"]
    assert len({trace["line"]["color"] for trace in bold}) == 3
    assert len({trace["marker"]["symbol"] for trace in bold}) == 3
    for name, trace in zip(TRIO, bold, strict=True):
        np.testing.assert_allclose(numbers(trace["y"]), read(name, text).running_probabilities, atol=6e-5)
    layout = spec["layout"]
    assert len({tuple(layout[axis]["range"]) for axis in ("yaxis", "yaxis2", "yaxis3")}) == 1
    axes = [layout[axis] for axis in ("xaxis", "xaxis2", "xaxis3")]
    assert len({json.dumps([axis["range"], axis["categoryarray"]]) for axis in axes}) == 1
    assert [axis.get("showticklabels") for axis in axes] == [False, False, True]
    assert axes[2]["labelalias"]["40"] == "waste"


def test_credit_bars_are_the_contributions_on_one_scale():
    at = open_compare()
    bars = [trace for trace in figure(at, 1)["data"] if trace["type"] == "bar"]
    for name, trace in zip(TRIO, bars, strict=True):
        np.testing.assert_allclose(numbers(trace["y"]), read(name, EXAMPLES[0].text).contributions, atol=6e-4)
    layout = figure(at, 1)["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"] == layout["yaxis3"]["range"]


def test_states_come_on_demand():
    at = open_compare(compare_states=True)
    heat = [trace for trace in figure(at, 0)["data"] if trace["type"] == "heatmap"]
    assert len(heat) == 3
    assert len(heat[0]["y"]) == 7
    layout = figure(at, 0)["layout"]  # their hover texts name the word
    assert all(layout[axis]["labelalias"]["40"] == "waste" for axis in ("xaxis", "xaxis2", "xaxis6"))


def test_a_network_that_reads_from_both_ends_has_a_verdict_but_no_line():
    at = open_compare(compare_models=["lstm", "best_bigru"])
    scatter = [trace for trace in figure(at, 0)["data"] if trace["type"] == "scatter"]
    assert {trace["name"] for trace in scatter} == {"LSTM"}
    assert len([trace for trace in figure(at, 1)["data"] if trace["type"] == "bar"]) == 2
    assert "from both ends" in texts(at)
    at = open_compare(compare_models=["best_bigru", "stacked_bigru"])
    assert len(at.get("plotly_chart")) == 1
    at = open_compare(compare_models=["best_bigru", "stacked_bigru"], compare_states=True)
    assert len([trace for trace in figure(at, 0)["data"] if trace["type"] == "heatmap"]) == 4


def fake(title: str, running: list[float]) -> Reader:
    """A reader with a running prediction of our own, over the words of a real one."""
    from dataclasses import replace

    model = resources.model("lstm")
    trace = model.trace(" ".join(["word"] * len(running)))
    p = np.array(running)
    card = replace(model.card, name=title, title=title)
    return Reader(card, replace(trace, running_logits=np.log(p / (1 - p)), probability=running[-1]))


def test_where_they_part():
    a, b, c = fake("A", [0.6, 0.6, 0.7, 0.8, 0.9]), fake("B", [0.4, 0.6, 0.7, 0.2, 0.1]), fake("C", [0.6] * 5)
    words = common_words([a, b, c])
    found = partings([a, b, c], words)
    assert [(p.names, p.timestep, p.until, p.apart) for p in found] == [
        ("A and B", 3, None, True),
        ("C and B", 3, None, True),
        ("A and C", 4, None, False),
    ]
    merged = together(found)
    assert [(p.names, p.timestep, p.ends_apart) for p in merged] == [("A and C (above) and B (below)", 3, True)]
    assert changes_of_mind(b.running) == 2
    assert agreement(a, [a, b, c], words) == pytest.approx((2 / 5 + 1) / 2)
    longest = partings(
        [fake("A", [0.9] * 6), fake("B", [0.1, 0.9, 0.1, 0.2, 0.9, 0.9])],
        words[:0] + common_words([fake("x", [0.5] * 6)]),
    )
    assert (longest[0].timestep, longest[0].until) == (2, 4)


def test_the_parting_is_marked_and_said():
    at = open_compare(compare_models=["simple_rnn", "lstm"])
    readers = [Reader(resources.card(n), read(n, EXAMPLES[0].text)) for n in ("simple_rnn", "lstm")]
    words = common_words(readers)
    parting = together(partings(readers, words))[0]
    lines = [s for s in figure(at, 0)["layout"]["shapes"] if s["yref"] == "paper" and s["type"] == "line"]
    assert [line["x0"] for line in lines] == [parting.timestep]
    assert f"“{words[parting.timestep].text}” (word {parting.timestep + 1})" in texts(at)


@pytest.mark.parametrize("section", [SIDE, WHAT_IF])
@pytest.mark.parametrize("words", [1, 2, 200, 1_500])
def test_every_model_at_every_length(section, words):
    base = keys(EXAMPLES[-1].text)
    review = " ".join((base * 8)[:words])
    for chosen in (["simple_rnn", "lstm", "gru", "stacked_lstm"], ["best_bigru", "stacked_bigru", "gru_all"]):
        at = open_compare(review, section, compare_models=chosen)
        assert not at.error
        assert len(at.get("plotly_chart")) >= 1


@pytest.mark.parametrize("section", [SIDE, WHAT_IF, SMALLEST])
@pytest.mark.parametrize("review", ["", "   \n", "?! ...", "🙂🙂", "\0\0"])
def test_nothing_to_read(review, section):
    at = open_compare(review, section)
    assert len(at.info) == 1
    assert not at.get("plotly_chart")


@pytest.mark.parametrize("section", [SIDE, WHAT_IF, SMALLEST])
@pytest.mark.parametrize("review", [NASTY, "这部电影很好", "a" * 5_000, "good\0film", "film " * 20_000], ids=len)
def test_bad_input_is_read_or_refused_kindly(review, section):
    at = open_compare(review, section)
    assert at.session_state["review"] == review
    assert not at.error
    everything = texts(at) + "".join(chart.proto.spec for chart in at.get("plotly_chart"))
    assert "<script>alert" not in everything
    assert "<img src=x" not in everything


def test_too_few_and_too_many_models():
    at = open_compare(compare_models=[])
    assert any("No model is chosen" in info.value for info in at.info)
    assert not at.get("plotly_chart")
    at.pills(key="compare_models").set_value(["lstm"]).run()
    assert any("two to four" in info.value for info in at.info)
    at.pills(key="compare_models").set_value(list(TINY)[:5]).run()
    assert any("At most four" in info.value for info in at.info)
    assert not at.exception


def test_a_damaged_model_is_named_and_the_others_go_on(tiny_shelf, tmp_path, monkeypatch):
    shelf = tmp_path / "shelf"
    shutil.copytree(tiny_shelf, shelf)
    (shelf / "gru" / "model.keras").write_bytes(b"no network")
    monkeypatch.setenv("UNROLLED_SHELF", str(shelf))
    for section in (SIDE, WHAT_IF):
        at = open_compare(section=section)
        assert any("gru" in warning.value for warning in at.warning)
        assert at.get("plotly_chart")
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path / "none"))
    at = open_compare()
    assert at.error


def test_what_if_begins_unedited_at_the_most_decisive_word_and_keeps_the_original():
    at = open_compare(section=WHAT_IF)
    text = EXAMPLES[0].text
    assert at.session_state["edited"] == text
    assert "No word is different" in texts(at)
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
    assert f"{without[best]:.3f}" in texts(at)
    click(at, "edit-undo")
    assert at.session_state["edited"] == text
    assert "No word is different" in texts(at)


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
    spec = figure(at, 0)
    names = [(trace["name"], trace["line"]["color"]) for trace in spec["data"]]
    assert [name for name, _ in names] == ["original", "edited"] * 2
    labels = spec["layout"]["xaxis"]["labelalias"]
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
    np.testing.assert_allclose(numbers(spec["data"][0]["y"]), [*old[:8], old[7], old[8]], atol=6e-5)
    np.testing.assert_allclose(numbers(spec["data"][1]["y"]), [*new[:4], new[3], *new[4:]], atol=6e-5)
    shown = texts(at)
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
    spec = figure(at, -1)
    shuffled = [trace for trace in spec["data"] if trace.get("name") == "shuffled"]
    assert [len(numbers(trace["x"])) for trace in shuffled] == [20] * 3
    assert "of 20 orders" in texts(at)


def test_state_paths_end_where_the_states_end():
    at = open_compare(section=WHAT_IF, **{"edit-paths": True})
    click(at, "edit-remove")
    assert len(at.get("plotly_chart")) == 1 + 3
    path = figure(at, 1)["data"]
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
    at.session_state[SMALLEST_CHANGE_JOB].wait(60)
    at.run()
    assert not at.exception
    job = at.session_state[SMALLEST_CHANGE_JOB]
    assert list(job.results) == ["lstm", "gru"]
    found = {name: flip for name, flip in job.results.items() if flip.outcome == "found"}
    assert found
    spec = figure(at, 0)
    for trace, (name, flip) in zip(spec["data"], found.items(), strict=True):
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
    job = at.session_state[SMALLEST_CHANGE_JOB]
    at.text_area(key="review").set_value("Another good film.").run()
    assert SMALLEST_CHANGE_JOB not in at.session_state
    job.wait(20)
    assert not job.running


def test_a_long_review_is_refused_kindly_by_the_search():
    at = open_compare("film " * (MOST_WORDS + 1), SMALLEST)
    assert any(str(MOST_WORDS) in info.value for info in at.info)
    assert not [button for button in at.button if button.key == "flip-start"]
