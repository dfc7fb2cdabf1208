"""The page Batch: never blank, the models' own numbers, what is pasted is kept, and what is chosen opens on Read."""

from __future__ import annotations

import numpy as np
import pytest

from models.catalog import load_model
from models.examples import EXAMPLES
from models.scoring.scoring import UNSCORED
from tests.batches import TRIO, pasted, table
from tests.screen import html_of, labelled, numbers, opened, spec

pytestmark = pytest.mark.usefixtures("tiny")

HOSTILE = "<script>alert(1)</script><img src=x> ![x](http://a.example/p.png) [l](http://a.example) **b** a good film"


def test_it_opens_on_our_own_examples_already_scored(tiny_shelf):
    at = opened("batch")
    shown = table(at)
    assert list(shown["row"]) == list(range(1, len(EXAMPLES) + 1))
    for name in TRIO:
        predicted = load_model(name, tiny_shelf).predict([example.text for example in EXAMPLES])
        np.testing.assert_allclose(shown[f"p_{name}"], predicted, atol=1e-6)
    assert set(shown["label"]) == {"positive", "negative", ""}
    titles = html_of(at)
    assert "How P(positive) is spread" in titles
    assert "Where the models disagree" in " ".join([titles, *(text.value for text in at.markdown)])
    assert "Against the labels of the file" in titles


def test_the_histogram_counts_every_scored_review():
    at = opened("batch")
    bars = [trace for trace in spec(at)["data"] if trace["type"] == "bar"]
    assert len(bars) == 3
    for bar in bars:
        counts = numbers(bar["y"])
        assert sum(counts) == len(EXAMPLES)
        assert len(counts) == 20


def test_pasted_lines_are_scored_kept_and_explained(tiny_shelf):
    at = pasted(f"A wonderful film.\n\n?!\n{HOSTILE}\nNone\n")
    assert not at.exception
    shown = table(at)
    assert list(shown["review"]) == ["A wonderful film.", "?!", HOSTILE, "None"]
    assert list(shown["verdict"])[1] == UNSCORED
    assert list(shown["note"])[1] == "there is no word in it"
    predicted = load_model("gru", tiny_shelf).predict(["A wonderful film.", HOSTILE, "None"])
    np.testing.assert_allclose(shown["p_gru"][[0, 2, 3]], predicted, atol=1e-6)
    rendered = [element.value for element in [*at.markdown, *at.caption, *at.warning, *at.info]]
    assert not any("a.example" in text for text in rendered)
    assert "<script>" not in html_of(at)
    assert "<img" not in html_of(at)


def test_pasted_text_that_looks_like_another_file_is_text():
    at = pasted("%PDF is a fine format\nPK and zip too\nid,review\n")
    assert list(table(at)["review"]) == ["%PDF is a fine format", "PK and zip too", "id,review"]


def test_filters_by_verdict_and_text():
    at = pasted("A wonderful film.\n?!\nAn awful film.\n")
    at.segmented_control(key="batch_verdict").set_value(UNSCORED).run()
    assert list(table(at)["row"]) == [2]
    at.segmented_control(key="batch_verdict").set_value("all").run()
    at.text_input(key="batch_contains").set_value("AWFUL").run()
    assert list(table(at)["row"]) == [3]
    at.text_input(key="batch_contains").set_value("nowhere").run()
    assert not at.exception
    assert "No review is like that" in html_of(at)


def test_a_chosen_row_opens_on_read_with_its_text():
    at = pasted(f"A wonderful film.\n{HOSTILE}\n")
    key = next(frame.key for frame in at.dataframe if (frame.key or "").startswith("batch_table"))
    selection = {"selection": {"rows": [1], "columns": [], "cells": []}}
    at.session_state[key] = selection
    at.run()
    assert "Row 2" in html_of(at)
    at.session_state[key] = selection  # a browser would still send it
    at.button(key="batch_open").click().run()
    assert not at.exception
    # AppTest does not follow st.switch_page to another page of the router: go there as the browser would.
    at.switch_page("pages/read.py").run()
    assert at.text_area(key="review").value == HOSTILE
    at.switch_page("pages/batch.py").run()
    assert at.text_area(key="batch_lines").value.startswith("A wonderful film.")
    assert len(table(at)) == 2


def test_clearing_forgets_everything():
    at = pasted("A secret film.\n")
    labelled(at, "Clear").click().run()
    assert not at.exception
    assert "paste" not in at.session_state["_batches"]
    assert "secret" not in str([at.session_state[key] for key in at.session_state])


def test_no_model_chosen_and_an_empty_shelf_are_answered(tmp_path, monkeypatch):
    at = opened("batch")
    at.pills(key="batch_models").set_value([]).run()
    assert not at.exception
    assert any("Choose at least one model" in info.value for info in at.info)
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = opened("batch")
    assert any("no model on the shelf" in error.value for error in at.error)


def test_a_label_in_each_pasted_line_is_seen_said_and_can_be_given_back():
    at = pasted("A wonderful film.\t1\nAn awful film.\t0\n")
    assert not at.exception
    assert list(table(at)["review"]) == ["A wonderful film.", "An awful film."]
    assert list(table(at)["label"]) == ["positive", "negative"]
    assert "not read as words" in html_of(at)
    batch = at.session_state["_batches"]["paste"]
    at.selectbox(key=f"batch_form_{batch.number}").set_value("whole").run()
    assert not at.exception
    assert list(table(at)["review"]) == ["A wonderful film. 1", "An awful film. 0"]


def test_a_language_that_the_models_never_read_is_said_before_any_figure_and_marked():
    lines = "C'est un film que je ne recommande pas.\tneg\nLes acteurs sont formidables et la fin est belle.\tpos\n"
    at = pasted(lines)
    assert not at.exception
    assert [warning for warning in at.warning if "English film reviews" in warning.value]
    assert all("English" in note for note in table(at)["note"])
    assert "best" not in html_of(at)
    english = pasted("A wonderful film.\tpos\nAn awful film.\tneg\n")
    assert not english.warning
