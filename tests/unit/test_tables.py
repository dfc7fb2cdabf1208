"""Reading other people's files: nothing lost, nothing swallowed, whatever the encoding, separator or damage."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.table_readers import DAMAGES, made
from models.scoring.decoding import TableError
from models.scoring.export import csv_bytes
from models.scoring.tables import Broken, NotText
from tests.tables import rows, table

PLAIN = "id,review\n1,Café good – naïve\n2,bad\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "|").encode(),
    ],
)
def test_every_usual_encoding_line_end_and_separator_gives_the_same_rows(data):
    found = table(data)
    assert found.columns == ("id", "review")
    assert list(found.rows()) == [["1", "Café good – naïve"], ["2", "bad"]]


def test_a_file_of_two_encodings_is_read_line_by_line_and_said():
    found = table("review\nÉtait bon\n".encode() + "Était bon\n".encode("latin-1"))
    assert list(found.rows()) == [["Était bon"], ["Était bon"]]
    assert found.notes == ("1 line not in UTF-8, read as Windows-1252 (Latin-1).",)


def test_every_byte_is_kept_as_some_character():
    found = rows(b"review\n" + bytes(range(128, 256)) + b"\n")[0][0]
    assert len(found) == 128
    assert "�" not in found


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"   \r\n\n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"PK\x03\x04" + bytes(200), "zip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "picture"),
        (b"%PDF-1.7 \n", "PDF"),
        (b"\x1f\x8b\x08" + bytes(50), "gzip"),
        (b"\x80\x04\x95 a pickle", "pickle"),
        (bytes(range(32)) * 50, "not a text file"),
    ],
)
def test_what_is_no_text_is_refused_in_plain_words(data, says):
    with pytest.raises(TableError, match=says):
        table(data)


@pytest.mark.parametrize("word", ["None", "null", "NA", "nan", "N/A", "", "#N/A", "True", "1e5"])
def test_words_that_other_readers_take_for_missing_are_texts(word):
    assert rows(f"id,review\n1,{word}\n2,fine film\n")[0] == ["1", word]


def test_a_forgotten_quotation_mark_costs_one_line_and_nothing_of_it():
    data = 'id,review,label\n1,"unbalanced and more\n2,"a ""good"" one, truly",pos\n3,plain,neg\n'
    found = table(data)
    assert list(found.rows()) == [
        ["1", '"unbalanced and more'],
        ["2", 'a "good" one, truly', "pos"],
        ["3", "plain", "neg"],
    ]
    assert found.notes[0].startswith("1 line with quotation marks that do not match")


def test_a_mark_that_never_ends_does_not_swallow_the_file():
    data = 'review,label\n"opened,neg\n' + "good film,pos\n" * 30_000
    found = rows(data)
    assert len(found) == 30_001
    assert found[0] == ['"opened', "neg"]
    assert found[-1] == ["good film", "pos"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_comes_and_costs_no_other(damage):
    for seed in range(20):
        data, _, whole, hit = made(damage, random.Random(seed))
        found = rows(data)
        assert [row for row in found if row in whole] == whole, seed
        assert len(found) == 20 and hit in {row[0] for row in found}, seed


def test_line_ends_inside_quotes_stay():
    assert rows('review,label\n"two\nlines",pos\n') == [["two\nlines", "pos"]]


def test_unquoted_commas_go_back_into_the_text_and_short_rows_are_filled():
    found = table("id,review,label\n1,slow, dull, bad,neg\n2,short\n3,fine,pos\n")
    assert [found.fitted(row, 1) for row in found.rows()] == [
        ["1", "slow, dull, bad", "neg"],
        ["2", "short", ""],
        ["3", "fine", "pos"],
    ]
    assert any(note.startswith("2 rows with more or fewer cells") for note in found.notes)


def test_one_column_of_running_text_is_no_table():
    found = table("I liked it, really, a lot.\nDull.\nSlow, but good.\n", "reviews.csv")
    read = [found.fitted(row, 0) for row in found.rows()]
    assert read == [["I liked it, really, a lot."], ["Dull."], ["Slow, but good."]]


def test_blank_lines_keep_their_place_in_text_and_fall_away_at_its_end():
    assert rows("good\n\nbad\n\n\n", "a.txt") == [["good"], [""], ["bad"]]


def test_a_heading_can_be_forced_either_way():
    assert rows("review\ngood\n", header=False) == [["review"], ["good"]]
    assert rows("good film,1\nbad film,0\n", header=False)[0] == ["good film", "1"]
    assert table("good film,1\nbad film,0\n").header is False


def test_columns_of_the_same_name_stay_two():
    found = table("text,text\na b c,d\n")
    assert found.columns == ("text", "text")
    assert "same name" in found.notes[-1]


def test_a_cell_of_a_million_characters_is_read_and_a_longer_line_refused():
    assert len(rows("id,review\n1," + "x" * 1_000_000 + "\n")[0][1]) == 1_000_000
    with pytest.raises(TableError, match="million characters"):
        rows("id,review\n1,ok\n2," + "x" * 16_000_001)


def test_zeros_and_control_characters_are_text_when_they_are_few():
    assert rows("id,review\n1,go\x00od \x07film of the year and more words\n")[0][1].startswith("go\x00od \x07film")


def test_json_lines_keep_every_key_and_mark_what_is_not_text():
    data = "\n".join(
        [
            '{"id": 1, "review": "good", "tags": ["a", "b"]}',
            '{"review": 7, "late": "x"}',
            "not json at all",
            '{"id": null, "review": "\\ud800 bad"}',
            '{"review": ' + "[" * 100_000,
        ]
    )
    found = table(data, "a.jsonl")
    assert found.columns == ("id", "review", "tags", "late", "unreadable line")
    read = list(found.rows())
    assert read[0] == ["1", "good", '["a", "b"]', "", ""]
    assert isinstance(read[1][1], NotText)
    assert isinstance(read[2][1], Broken)
    assert read[2][4] == "not json at all"
    assert read[3] == ["", "� bad", "", "", ""]
    assert isinstance(read[4][1], Broken)


def test_json_that_holds_no_rows_is_refused():
    with pytest.raises(TableError, match="list of numbers"):
        table("[1, 2]", "a.json")
    with pytest.raises(TableError, match="Not one line"):
        table("nothing\nhere\n", "a.jsonl")


def test_the_content_tells_the_format_where_the_name_does_not():
    assert table('{"review": "good"}\n', "a.csv").format == "jsonl"
    assert table("id\treview\n1\tgood\n", "a").format == "tsv"
    assert table("id,review\n1,good\n2,bad\n", "a").format == "csv"
    assert table("A good film, all in all.\nDull\n", "a").format == "text"


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from('\n\t",\x00'), max_size=30)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_was_written_as_csv_is_read_back(cells):
    cells = [["x", *row[1:-1], "y"] for row in cells]
    data = csv_bytes([["a", "b", "c"], *cells], protect=False)
    assert rows(data, header=True) == cells


@given(st.binary(max_size=400))
def test_no_bytes_can_do_more_than_be_refused(data):
    try:
        found = table(data, "a.csv")
        for row in found.rows():
            assert len(found.fitted(row, 0)) == len(found.columns)
    except TableError:
        pass


def test_rows_can_be_read_again():
    found = table("id,review\n1,a\n2,b\n")
    assert list(found.rows()) == list(found.rows())


def test_json_values_come_back_as_json():
    assert json.loads(rows('{"review": {"a": [1]}}', "a.jsonl")[0][0]) == {"a": [1]}
