"""A file on the page Batch: every row kept and scored, and whatever else it holds answered kindly."""

from __future__ import annotations

import pytest

from components.batch import job as batches
from components.session import work
from models.catalog import load_model
from models.examples import EXAMPLES
from models.jobs.gate import Busy, Gate, gate
from models.scoring.scoring import UNSCORED
from tests.batches import TRIO, downloaded, finish, pasted, table, uploaded
from tests.screen import html_of

pytestmark = pytest.mark.usefixtures("tiny")


def test_a_file_keeps_its_columns_and_formulas_are_disarmed(tiny_shelf):
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
    predicted = load_model("lstm", tiny_shelf).predict(["=1+1 good film"])[0]
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


def test_many_columns_take_no_memory_for_cells_that_are_not_there():
    columns = ",".join(f"c{place}" for place in range(900))
    at = uploaded(f"review,{columns}\n".encode() + b"a fine film\n" * 1_000)
    batch = at.session_state["_batches"]["file"]
    assert sum(map(len, batch.rows)) == 1_000
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
