"""JSON in the forms people have it in."""

from __future__ import annotations

import io
import json

import pytest

from models.scoring import json_forms
from models.scoring.decoding import TableError
from models.scoring.tables import Table

ROWS = [{"review": "a joy", "label": 1}, {"review": "a bore", "label": 0}]
SPLIT = {"columns": ["review", "label"], "index": [0, 1], "data": [["a joy", 1], ["a bore", 0]]}
ORIENTED = {"review": {"0": "a joy", "1": "a bore"}, "label": {"0": 1, "1": 0}}


def read(text: str, name: str = "a.json") -> tuple[tuple[str, ...], list[list[str]]]:
    table = Table(io.BytesIO(text.encode()), name)
    return table.columns, list(table.rows())


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        json.dumps(ORIENTED),
        json.dumps(ORIENTED, indent=1),
        json.dumps({"data": ROWS}),
        json.dumps({"data": ROWS}, indent=4),
        json.dumps(SPLIT),
        json.dumps({"0": ROWS[0], "1": ROWS[1]}),
        json.dumps({"review": ["a joy", "a bore"], "label": [1, 0]}),
        json.dumps([["review", "label"], ["a joy", 1], ["a bore", 0]]),
        "[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]\n",
        "[" + ",\n".join(map(json.dumps, ROWS)) + "]",
        "\n".join(json.dumps(row, indent=1) for row in ROWS),
        "\ufeff" + "\n".join(map(json.dumps, ROWS)),
        "\n".join(json.dumps(row) + "," for row in ROWS),
    ],
)
def test_every_usual_form_gives_the_same_rows(text):
    assert read(text) == (("review", "label"), [["a joy", "1"], ["a bore", "0"]])
    assert read(text, "a.jsonl") == read(text)


def test_lists_of_lists_and_of_strings():
    assert read('[["a joy", 1], ["a bore", 0]]') == (("column 1", "column 2"), [["a joy", "1"], ["a bore", "0"]])
    assert read('["a joy", 1]\n["a bore", 0]\n')[1] == [["a joy", "1"], ["a bore", "0"]]
    assert read('["a joy",\n "a bore"]') == (("text",), [["a joy"], ["a bore"]])


@pytest.mark.parametrize("text", ['[{"review": "a"},\n{"review": ', "[1, 2, 3]", "[]", '{"a": [', "[" * 50_000])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(TableError):
        list(Table(io.BytesIO(text.encode()), "a.json").rows())


def test_one_value_of_any_size_is_refused(monkeypatch):
    monkeypatch.setattr(json_forms, "MOST_CHARACTERS", 50)
    with pytest.raises(TableError, match="one JSON object a line"):
        read(json.dumps(ROWS * 3))


@pytest.mark.parametrize("text", ["[SPOILER] a joy\nfine\n", "{sigh} a bore\nfine\n", "[1] a joy\n[2] a bore\n"])
def test_text_that_begins_with_a_bracket_is_text(text):
    assert len(read(text, "a.txt")[1]) == 2
    assert read(text, "a")[0] == ("text",)


def test_a_separator_that_excel_names_in_the_first_line():
    assert read("sep=;\nid;review\n1;a, b\n", "a.csv") == (("id", "review"), [["1", "a, b"]])
    assert read('"sep=\t"\nid\treview\n1\ta\n', "a.csv") == (("id", "review"), [["1", "a"]])


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + bytes(26) + b"metadata.json" + bytes(200), b"\x89HDF\r\n\x1a\n" + bytes(200)]
)
def test_a_keras_model_is_told_where_it_belongs(data):
    with pytest.raises(TableError, match="Your network"):
        Table(io.BytesIO(data), "my.keras")


def test_reading_stops_when_its_time_is_up():
    table = Table(io.BytesIO(b"good\n" + b"\n" * 200_000 + b"bad\n"), "a.txt", seconds=1e-6)
    assert len(list(table.rows())) < 200_000
    assert table.cut
    assert any("was stopped" in note for note in table.notes)
