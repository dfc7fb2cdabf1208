"""Training histories that visitors bring: every usual form is read, and every wrong one refused with a reason."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.training import curves_text
from components.training.charts.curves import curves, points
from components.ui.theme import LIGHT
from models import histories
from models.history import files
from models.history.run import HistoryError

CSV_LOGGER = b"epoch,accuracy,loss,val_accuracy,val_loss\n0,0.7,0.6,0.72,0.5\n1,0.8,0.4,0.78,0.45\n2,0.9,0.2,0.77,0.6\n"


def same(data: bytes) -> None:
    values = files.runs(data)[0].values
    assert values["loss"].tolist() == [0.6, 0.4, 0.2]
    assert values["accuracy"] == pytest.approx([0.7, 0.8, 0.9])
    assert values["val_loss"].tolist() == [0.5, 0.45, 0.6]


def test_every_usual_way_to_write_a_history():
    text = CSV_LOGGER.decode()
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        same(text.encode(encoding))
    same(text.replace("\n", "\r\n").encode())
    same(text.replace(",", "\t").encode())
    same(text.replace(",", ";").replace(".", ",").encode())
    same(text.upper().replace("ACCURACY", "ACC").encode())
    columns = {"loss": [0.6, 0.4, 0.2], "binary_accuracy": [70, 80, 90], "val_loss": [0.5, 0.45, 0.6]}
    same(json.dumps(columns).encode())
    same(json.dumps({"history": columns, "epoch": [0, 1, 2]}).encode())
    same(json.dumps({name: dict(enumerate(column)) for name, column in columns.items()}).encode())
    same(
        json.dumps([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]).encode(
            "utf-16"
        )
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"),
        (b"epoch,acc\n0,0.5\n", "no column named loss"),
        (b"epoch,loss\n", "not one epoch"),
        (b"epoch,loss\n0,high\n1,\n2,nan\n", "not one number"),
        (b"loss\n" + b"1\n" * 2_001, "more than 2,000 epochs"),
        (b"loss\n" + b"1\n" * 300_000, "rows"),
        (b"loss," * 300, "columns"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b'{"loss": [1, 2', "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[1, 2, 3]", "not an object"),
        (b'{"val_loss": [1]}', "no column named loss"),
        (b'{"loss": 3}', "no column"),
        (b'{"loss": [[1], {}, null, true]}', "not one number"),
    ],
)
def test_wrong_files_are_refused_with_a_reason(data, reason):
    with pytest.raises(HistoryError) as caught:
        histories.visitors_runs(data)
    assert reason in caught.value.reason


def test_what_the_file_says_is_never_in_the_reason():
    with pytest.raises(HistoryError) as caught:
        histories.visitors_runs(b"![x](http://a.example/p.png),<b>epoch\n1,2\n")
    assert "a.example" not in caught.value.reason
    assert "a.example" in caught.value.detail


def test_what_can_be_mended_is_noted():
    (history,) = histories.visitors_runs(b"epoch,loss,loss,accuracy\n0,0.5,9,50\n1,NaN,9,60\n2,oops,9,70\n3,0.2\n")
    assert np.isnan(history.values["loss"][1:3]).all()
    assert history.values["loss"][[0, 3]].tolist() == [0.5, 0.2]
    assert history.values["accuracy"][:3] == pytest.approx([0.5, 0.6, 0.7])
    assert history.best is None
    notes = " ".join(history.notes)
    assert "more than once" in notes
    assert "2 of 4 cells of loss" in notes
    assert "per cent" in notes
    figure = curves([history], "loss", "epoch", LIGHT)
    assert not figure.layout.annotations


@pytest.mark.parametrize("absurd", [b"1e999", b"-1e300", b"9" * 4_000])
def test_absurd_numbers_are_left_out(absurd):
    found = files.runs(b'{"loss": [' + absurd + b", 1, 2]}")[0]
    assert np.isnan(found.values["loss"][0])
    assert found.values["loss"][1:].tolist() == [1, 2]
    assert found.notes


def check_any(data: bytes) -> None:
    """Either a history whose figures can be drawn, or a HistoryError."""
    with contextlib.suppress(HistoryError):
        draw_all(histories.visitors_runs(data)[0])


def draw_all(history: histories.History) -> None:
    for quantity, along in (("loss", "epoch"), ("accuracy", "seconds")):
        curves([history], quantity, along, LIGHT, gap=True).to_json()
        points([history], quantity, along)
    curves_text.about_loss([history])
    curves_text.about_accuracy([history], {})
    curves_text.about_gap([history])


CELLS = st.sampled_from(["loss", "val_loss", "acc", "seconds", "1", "0.5", "-3", "1e300", "nan", "inf", '"', "", "x"])


KEYS = st.sampled_from(["loss", "val_loss", "accuracy", "history", "seconds", "x"])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


patiently = settings(deadline=None, max_examples=60)


@patiently
@given(st.binary(max_size=300))
@example(CSV_LOGGER)
@example(b"\xff\xfe")
@example(b"\xfe\xff\x00")
@example(b'loss\n"\n')
def test_no_bytes_raise_anything_but_our_own_error(data):
    check_any(data)


@patiently
@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.sampled_from([",", ";", "\t"]))
def test_no_table_raises_anything_but_our_own_error(rows, separator):
    check_any("\n".join([f"loss{separator}val_loss", *(separator.join(row) for row in rows)]).encode())
    check_any("\n".join(separator.join(row) for row in rows).encode())


@patiently
@given(JSON)
def test_no_json_raises_anything_but_our_own_error(content):
    check_any(json.dumps(content).encode())
    check_any(json.dumps({"loss": content, "val_loss": content}).encode())
