"""The Batch page: never blank, the models' own numbers, every row kept, other people's files answered kindly."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.batch import job as batches
from components.batch.job import Batch, read
from components.session import work
from models.catalog import load_model
from models.examples import EXAMPLES
from models.jobs.gate import Busy, Gate, gate
from models.scoring.scoring import PARTED, UNSCORED, verdicts
from tests.screen import html_of, opened
from tests.shelves import tiny_shelf as tiny_shelf

ROOT = Path(__file__).resolve().parents[2]
TRIO = ("simple_rnn", "lstm", "gru")
HOSTILE = "<script>alert(1)</script><img src=x> ![x](http://a.example/p.png) [l](http://a.example) **b** a good film"


@pytest.fixture(autouse=True)
def shelf(tiny_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UNROLLED_SHELF", str(tiny_shelf))
    return tiny_shelf


def pasted(text: str) -> AppTest:
    at = opened("batch")
    at.segmented_control(key="batch_source").set_value("paste").run()
    return at.text_area(key="batch_lines").set_value(text).run()


def uploaded(data: bytes, name: str = "reviews.csv") -> AppTest:
    at = opened("batch")
    at.segmented_control(key="batch_source").set_value("file").run()
    return at.file_uploader[0].set_value((name, data, "text/csv")).run()


def table(at: AppTest):
    return next(frame.value for frame in at.dataframe if (frame.key or "").startswith("batch_table"))


def figures(at: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]


def downloaded(batch: Batch, names=TRIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(batch.csv(names).decode("utf-8-sig"), newline="")))


def test_it_opens_on_our_own_examples_already_scored(shelf):
    at = opened("batch")
    assert not at.exception
    shown = table(at)
    assert list(shown["row"]) == list(range(1, len(EXAMPLES) + 1))
    for name in TRIO:
        predicted = load_model(name, shelf).predict([example.text for example in EXAMPLES])
        np.testing.assert_allclose(shown[f"p_{name}"], predicted, atol=1e-6)
    assert set(shown["label"]) == {"positive", "negative", ""}
    titles = html_of(at)
    assert "How P(positive) is spread" in titles
    assert "Where the models disagree" in " ".join([titles, *(text.value for text in at.markdown)])
    assert "Against the labels of the file" in titles


def test_the_histogram_counts_every_scored_review():
    at = opened("batch")
    bars = [trace for trace in figures(at)[0]["data"] if trace["type"] == "bar"]
    assert len(bars) == 3
    for bar in bars:
        counts = bar["y"]
        if isinstance(counts, dict):
            import base64

            counts = np.frombuffer(base64.b64decode(counts["bdata"]), np.dtype(counts["dtype"]))
        assert sum(counts) == len(EXAMPLES)
        assert len(counts) == 20


def test_pasted_lines_are_scored_kept_and_explained(shelf):
    at = pasted(f"A wonderful film.\n\n?!\n{HOSTILE}\nNone\n")
    assert not at.exception
    shown = table(at)
    assert list(shown["review"]) == ["A wonderful film.", "?!", HOSTILE, "None"]
    assert list(shown["verdict"])[1] == UNSCORED
    assert list(shown["note"])[1] == "there is no word in it"
    predicted = load_model("gru", shelf).predict(["A wonderful film.", HOSTILE, "None"])
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


def test_a_file_keeps_its_columns_and_formulas_are_disarmed(shelf):
    data = (
        "id,review,review,stars\n"
        '7,=1+1 good film,-1.5,9\n8,,"a, b",2\n9,"two\nlines, bad film",@x,\n10,dull, slow film,c,1\n'
    )
    at = uploaded(data.encode("utf-16"))
    assert not at.exception
    batch = at.session_state["_batches"]["file"]
    rows = downloaded(batch)
    assert rows[0][:4] == ["id", "review", "review", "stars"]
    added = [f"p_positive_{name}" for name in TRIO] + ["verdict", "tokens"]
    assert rows[0][4:] == [*added, *(f"unknown_share_{name}" for name in TRIO), "note"]
    assert [row[:4] for row in rows[1:]] == [
        ["7", "'=1+1 good film", "-1.5", "9"],
        ["8", "", "a, b", "2"],
        ["9", "two\nlines, bad film", "'@x", ""],
        ["10", "dull, slow film", "c", "1"],
    ]
    assert rows[2][4:8] == ["", "", "", UNSCORED]
    assert rows[2][-1] == "the cell is empty"
    predicted = load_model("lstm", shelf).predict(["=1+1 good film"])[0]
    assert float(rows[1][5]) == pytest.approx(float(predicted), abs=1e-6)
    # Stars of 9 and 1 count; the empty one and the row without a text do not.
    assert "3 of 4 rows have one" in html_of(at)


def test_the_columns_can_be_changed():
    at = uploaded(b"title,comment,year\nGood film,A long and awful story indeed,1999\nBad film,Fine work of art,2001\n")
    batch = at.session_state["_batches"]["file"]
    assert batch.text == 1
    assert batch.label is None
    at.selectbox(key=f"batch_text_{batch.number}").set_value(0).run()
    assert not at.exception
    assert list(table(at)["review"]) == ["Good film", "Bad film"]


def test_a_first_row_that_is_no_heading_can_be_given_back():
    at = uploaded(b"fine film,good\nawful film,bad\n")
    batch = at.session_state["_batches"]["file"]
    assert len(batch) == 1
    at.toggle(key=f"batch_header_{batch.number}").set_value(False).run()
    assert not at.exception
    assert list(table(at)["review"]) == ["fine film", "awful film"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04" + bytes(300), b"\x89PNG\r\n" + bytes(300), b"id,review\n", bytes(range(256)) * 9, b"[1]", b"{"],
)
def test_files_that_hold_no_reviews_are_refused_kindly(data):
    name = "x.jsonl" if data[:1] in (b"[", b"{") else "![x](http://a.example/p.png).csv"
    at = uploaded(data, name)
    assert not at.exception
    assert [warning.value for warning in at.warning]
    assert "file" not in at.session_state["_batches"]
    at.segmented_control(key="batch_source").set_value("examples").run()
    assert len(table(at)) == len(EXAMPLES)


def test_a_file_without_text_says_so_and_lets_choose():
    at = uploaded(b"a,b\n1,2\n3,4\n")
    assert not at.exception
    batch = at.session_state["_batches"]["file"]
    assert not batch.has_text
    assert any("No column seems to hold text" in warning.value for warning in at.warning)


def test_of_a_million_characters_in_one_cell_as_many_are_read_as_of_a_typed_text():
    at = uploaded(b"id,review\n1," + b"good film " * 100_000 + b"\n2,bad\n")
    assert not at.exception
    assert "1 review of more than 100,000 characters" in html_of(at)
    at.button(key="batch_start").click().run()
    batch = at.session_state["_batches"]["file"]
    finish(batch)
    assert batch.tokens[0] == 20_000
    assert batch.scores(["gru"]).notes[0] == (
        "only the first 100,000 of 1,000,000 characters were read; only the first 300 of 20,000 words were read"
    )


def test_more_rows_than_the_app_scores_are_said(monkeypatch):
    monkeypatch.setattr(batches, "MOST_REVIEWS", 5)
    at = uploaded(b"id,review\n" + b"".join(b"%d,good film\n" % i for i in range(12)))
    assert not at.exception
    assert any("12 rows" in warning.value and "models.score" in warning.value for warning in at.warning)
    assert len(table(at)) == 5


def finish(batch: Batch, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while batch.running and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not batch.running


def large(rows: int = 700) -> Batch:
    texts = [EXAMPLES[i % len(EXAMPLES)].text for i in range(rows)]
    return Batch(read("\n".join(texts).replace("\n\n", " ").encode(), "a.txt", "text"))


def test_scoring_in_the_background_gives_what_predict_gives(shelf):
    batch = large()
    models = {name: load_model(name, shelf) for name in ("gru", "lstm")}
    batch.start(models)
    finish(batch)
    assert not batch.error
    assert batch.share(["gru", "lstm"]) == 1
    for name, model in models.items():
        np.testing.assert_allclose(batch.probabilities[name], model.predict(batch.cells), atol=1e-6)


def test_a_cancelled_run_keeps_what_it_has_and_goes_on(shelf):
    batch = large()
    models = {"gru": load_model("gru", shelf)}
    batch.step(models)
    assert batch.done == {"gru": batches.CHUNK}
    batch.cancel()
    scores = batch.scores(["gru"])
    assert np.isnan(scores.probabilities["gru"][batches.CHUNK :]).all()
    assert scores.notes[-1] == "not scored yet"
    assert len(downloaded(batch, ["gru"])) == len(batch) + 1
    batch.start(models)
    finish(batch)
    assert batch.missing(["gru"]) == []


def test_a_run_stops_when_its_session_is_gone(shelf):
    batch, here = large(20_000), [True]
    batch.cells = [cell * 3 for cell in batch.cells]
    batch.start({"gru": load_model("gru", shelf)}, lambda work: gate().submit(work, "a", lambda: here[0]))
    deadline = time.monotonic() + 30
    while not batch.done and time.monotonic() < deadline:
        time.sleep(0.02)
    here[0] = False
    assert batch.job.wait(2)
    assert 0 < batch.done["gru"] < len(batch)
    assert not batch.running


def test_a_run_that_finds_no_room_is_told_so(monkeypatch):
    def full(work):
        raise Busy

    monkeypatch.setattr("components.session.work.submit", full)
    data = b"review\n" + b"".join(b'"A good film, number %d."\n' % i for i in range(400))
    at = uploaded(data)
    at.button(key="batch_start").click().run()
    assert not at.exception
    assert [info.proto.title for info in at.info] == ["Busy"]
    assert at.button(key="batch_start").label == "Score 400 reviews with 3 models"


def test_a_large_file_is_scored_on_request_with_progress():
    data = b"review\n" + b"".join(b'"A good film, number %d."\n' % i for i in range(400))
    at = uploaded(data)
    assert not at.exception
    start = at.button(key="batch_start")
    assert start.label == "Score 400 reviews with 3 models"
    start.click().run()
    assert not at.exception
    batch = at.session_state["_batches"]["file"]
    finish(batch)
    at.run()
    assert not at.exception
    assert len(table(at)) == 400


def test_an_error_in_the_background_is_said_without_the_text(shelf, tmp_path):
    shutil.copytree(shelf / "gru", tmp_path / "gru")
    model = load_model("gru", tmp_path)
    (tmp_path / "gru" / "model.keras").write_bytes(b"secret text of a visitor")
    batch = large()
    batch.start({"gru": model})
    finish(batch)
    assert batch.error == "ArtifactError"


def test_clearing_forgets_everything():
    at = pasted("A secret film.\n")
    next(button for button in at.button if button.label == "Clear").click().run()
    assert not at.exception
    assert "paste" not in at.session_state["_batches"]
    assert "secret" not in str([at.session_state[key] for key in at.session_state])


def test_verdicts_agree_with_the_probabilities(shelf):
    batch = large(60)
    batch.run({name: load_model(name, shelf) for name in TRIO})
    scores = batch.scores(TRIO)
    probabilities = np.stack(list(scores.probabilities.values()))
    parted = (probabilities >= 0.5).any(0) & ~(probabilities >= 0.5).all(0)
    np.testing.assert_array_equal(verdicts(scores) == PARTED, parted)


def test_no_model_chosen_and_an_empty_shelf_are_answered(tmp_path, monkeypatch):
    at = opened("batch")
    at.pills(key="batch_models").set_value([]).run()
    assert not at.exception
    assert any("Choose at least one model" in info.value for info in at.info)
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = opened("batch")
    assert not at.exception
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


def test_the_scale_of_the_labels_is_said_and_can_be_changed():
    at = uploaded(b"review,label\nfine film,2\nso so film,1\nawful film,0\n")
    assert "0 = negative; 1 = neutral; 2 = positive" in html_of(at)
    assert "1 row is neutral and left out of the score" in html_of(at)
    assert list(table(at)["label"]) == ["positive", "", "negative"]
    batch = at.session_state["_batches"]["file"]
    at.selectbox(key=f"batch_scale_{batch.number}_1").set_value("stars 5").run()
    assert not at.exception
    assert list(table(at)["label"]) == ["negative", "negative", "negative"]


def test_pasted_lines_are_those_of_the_same_file():
    text = "one film\x85still one\nsecond\u2028still second\n"
    at = pasted(text)
    assert len(table(at)) == 2
    assert len(table(uploaded(text.encode(), "a.txt"))) == 2


def test_a_language_that_the_models_never_read_is_said_before_any_figure_and_marked():
    lines = "C'est un film que je ne recommande pas.\tneg\nLes acteurs sont formidables et la fin est belle.\tpos\n"
    at = pasted(lines)
    assert not at.exception
    assert [warning for warning in at.warning if "English film reviews" in warning.value]
    assert all("English" in note for note in table(at)["note"])
    assert "best" not in html_of(at)
    english = pasted("A wonderful film.\tpos\nAn awful film.\tneg\n")
    assert not english.warning


def test_many_columns_take_no_memory_for_cells_that_are_not_there():
    columns = ",".join(f"c{place}" for place in range(900))
    at = uploaded(f"review,{columns}\n".encode() + b"a fine film\n" * 3_000)
    batch = at.session_state["_batches"]["file"]
    assert sum(map(len, batch.rows)) == 3_000
    assert len(downloaded(batch)[1]) == 901 + len(TRIO) * 2 + 3


def test_a_file_that_is_not_small_is_read_in_a_worker_and_waits_where_there_is_no_room(monkeypatch):
    monkeypatch.setattr(work, "SMALL", 10)
    room, here = gate(), []
    monkeypatch.setattr(work, "gate", lambda: Gate(1, -1, 1))
    at = uploaded(b"id,review,label\n1,good film,1\n2,bad film,0\n")
    assert [info.proto.title for info in at.info] == ["Busy"]
    monkeypatch.setattr("models.scoring.reviews.Table", lambda *_: here.append("read in this process"))
    monkeypatch.setattr(work, "gate", lambda: room)
    at.button(key="batch_read_again").click().run()
    assert not at.exception
    assert table(at)["review"].tolist() == ["good film", "bad film"]
    at.selectbox(key=f"batch_text_{at.session_state['_batches']['file'].number}").select(2).run()
    at = at.file_uploader[0].set_value(("other.csv", b"\x00\x01\x02" * 100, "text/csv")).run()
    assert any("This is not a text file." in warning.value for warning in at.warning)
    assert here == []
