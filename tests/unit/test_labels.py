"""Labels as people write them: the scale found and said, neutral left out, labels inside lines seen."""

from __future__ import annotations

import io

import pytest

from models.scoring import inline
from models.scoring.columns import pick_label
from models.scoring.labels import SCALES, read_labels
from models.scoring.tables import Table

Y, N, E = True, False, None


@pytest.mark.parametrize(
    ("name", "cells", "expected", "scale"),
    [
        ("label", ["0", "1", "2"], [N, E, Y], "0/1/2"),
        ("label", ["0", "1", "2", "3", "4"], [N, N, E, Y, Y], "0-4"),
        ("target", ["0", "4", "4"], [N, Y, Y], "0-4"),
        ("sentiment", ["1", "2", "3"], [N, E, Y], "1/2/3"),
        ("sentiment", ["-1", "0", "1"], [N, E, Y], "sign"),
        ("polarity", ["-0.8", "0.35", "0"], [N, Y, E], "sign"),
        ("stars", ["1", "2", "2"], [N, N, N], "stars 5"),
        ("stars", ["1", "3", "5"], [N, E, Y], "stars 5"),
        ("rating", ["0.5", "2.5", "4.0"], [N, E, Y], "stars 5"),
        ("rating", ["1", "5", "6", "10"], [N, E, E, Y], "stars 10"),
        ("Liked", ["1", "0"], [Y, N], "0/1"),
        ("label", ["1.0", "0.0"], [Y, N], "0/1"),
        ("label", ["LABEL_0", "LABEL_1"], [N, Y], "0/1"),
        ("label", ["__label__2", "__label__1"], [Y, N], "1/2"),
        ("x", ["like", "Dislike"], [Y, N], "words"),
        ("x", ["yes", "no", "No"], [Y, N, N], "words"),
        ("x", ["up", "down"], [Y, N], "words"),
        ("x", ["fresh", "rotten"], [Y, N], "words"),
        ("x", ["very positive", "somewhat negative", "neutral"], [Y, N, E], "words"),
        ("x", ["positif", "négatif", "neutre"], [Y, N, E], "words"),
        ("x", ["positivo", "negativo"], [Y, N], "words"),
        ("x", ["положительный", "отрицательный"], [Y, N], "words"),
        ("x", ["好评", "差评", "中评"], [Y, N, E], "words"),
        ("x", ["👍", "👎"], [Y, N], "words"),
        ("x", ["4 out of 5", "1 out of 5"], [Y, N], "stars 5"),
        ("x", ["85/100", "20/100", "55/100"], [Y, N, E], "stars 100"),
    ],
)
def test_a_scale_is_found_from_values_and_name(name, cells, expected, scale):
    found = read_labels(cells, name)
    assert list(found.positive) == expected
    assert found.scale == scale
    assert found.neutral == expected.count(None)
    assert SCALES[scale].title in found.reading


def test_the_mapping_names_every_value_and_what_is_left_out():
    found = read_labels(["0", "1", "2", "1", "3", "4", "2", "?", "oops"], "label")
    assert "0, 1 = negative; 2 = neutral; 3, 4 = positive" in found.reading
    assert "2 rows are neutral and left out of the score" in found.reading
    assert "1 label cannot be read" in found.reading
    assert (found.known, found.neutral, found.unread) == (5, 2, 1)


def test_a_scale_can_be_chosen():
    assert list(read_labels(["0", "1"], "label", "1/0").positive) == [Y, N]
    assert list(read_labels(["1", "2"], "stars", "1/2").positive) == [N, Y]
    assert list(read_labels(["0", "1", "2"], "", "stars 5").positive) == [N, N, N]
    assert read_labels(["0", "1"], "", "words") is None


SAMPLE = 6


def columns_of(**columns: list[str]) -> tuple[list[str], list[list[str]]]:
    return list(columns), [list(row) for row in zip(*columns.values(), strict=True)]


@pytest.mark.parametrize(
    "name",
    ["Liked", "airline_sentiment", "is_positive", "polarity", "target", "class", "score", "isFresh", "Your Rating"],
)
def test_label_headings_that_hold_a_known_word_are_found(name):
    values = ["positive", "negative"] if name == "airline_sentiment" else ["1", "0"]
    columns, rows = columns_of(**{"id": list("908172"), "text": ["a film"] * SAMPLE, name: values * 3})
    assert pick_label(columns, rows, 1) == 2


def test_values_that_can_only_be_verdicts_need_no_heading_we_know():
    columns, rows = columns_of(foo=["pos", "neg"] * 3, text=["a film"] * SAMPLE)
    assert pick_label(columns, rows, 1) == 0
    columns, rows = columns_of(foo=["yes", "no"] * 3, text=["a film"] * SAMPLE)
    assert pick_label(columns, rows, 1) is None


def test_a_table_without_a_heading_has_labels_where_one_column_is_of_a_usual_scale():
    rows = [["4", "1467810369", "Mon Apr 06", "a film"], ["0", "1467810672", "Mon Apr 07", "b film"]] * 3
    columns = [f"column {place}" for place in range(1, 5)]
    assert pick_label(columns, rows, 3) == 0
    assert pick_label(columns, [["1", *row[1:]] for row in rows], 3) is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("label_id", ["0", "1"] * 3),
        ("HelpfulnessNumerator", ["0", "1"] * 3),
        ("helpful_votes", ["1", "0"] * 3),
        ("sentiment_confidence", ["1", "0"] * 3),
        ("rating_date", ["1", "2"] * 3),
        ("Unnamed: 0", ["0", "1", "2", "3", "4", "5"]),
        ("score_count", ["1", "0"] * 3),
    ],
)
def test_ids_dates_and_votes_are_never_labels(name, values):
    columns, rows = columns_of(**{name: values, "text": ["a film"] * SAMPLE})
    assert pick_label(columns, rows, 1) is None


def lines_table(text: str, name: str = "a.txt", **options) -> Table:
    return Table(io.BytesIO(text.encode()), name, **options)


@pytest.mark.parametrize(
    ("text", "front", "rows"),
    [
        ("A lovely film.\t1\n", False, [["A lovely film.", "1"]]),
        ("0\tdull and slow\n1\tgood\n", True, [["0", "dull and slow"], ["1", "good"]]),
        ("text\tlabel\nA lovely film.\t1\n", False, [["A lovely film.", "1"]]),
        ("__label__2 Great: a joy\n__label__1 dull", True, [["__label__2", "Great: a joy"], ["__label__1", "dull"]]),
        ("good || positive\nbad || negative", False, [["good", "positive"], ["bad", "negative"]]),
        ("good@@@1\nbad@@@0", False, [["good", "1"], ["bad", "0"]]),
        ("1 a joy\n0 dull\n1 fine\n0 poor", True, [["1", "a joy"], ["0", "dull"], ["1", "fine"], ["0", "poor"]]),
        ("a joy, 1\ndull, 0\nso, so, 0\nok, 1", False, [["a joy", "1"], ["dull", "0"], ["so, so", "0"], ["ok", "1"]]),
        ("A joy.\t1\nnone here\nbad\t0\nfine\t1\npoor\t0\n", False,
         [["A joy.", "1"], ["none here", ""], ["bad", "0"], ["fine", "1"], ["poor", "0"]]),
    ],
)  # fmt: skip
def test_a_label_inside_a_line_is_no_word(text, front, rows):
    found = lines_table(text)
    assert found.columns == (("label", "text") if front else ("text", "label"))
    assert list(found.rows()) == rows
    assert "not read as words" in found.notes[0]
    whole = lines_table(text, form=inline.WHOLE)
    assert whole.columns == ("text",)
    assert len(list(whole.rows())) == len(text.strip().splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "A wonderful film.\nAn awful film.\n",
        "Dull, but good\nGood, not bad\nSo, so\nFine, yes\n",
        "3 men and a baby is fun\n2 hours of my life\n1 more, please\n10 out of 10\n",
        "I give it 8\na nice film 7\nwhat a mess 2\nfine 6\n",
        "Not good: bad\nThis is: good\nIt is: bad\nFilm: good\n",
        "One tab\there it is\n",
    ],
)
def test_running_text_is_left_alone(text):
    found = lines_table(text)
    assert found.columns == ("text",)
    assert [row[0] for row in found.rows()] == text.splitlines()


def test_another_form_can_be_asked_for():
    found = lines_table("fine film 8\ndull 2\n", form="back blank")
    assert list(found.rows()) == [["fine film", "8"], ["dull", "2"]]


def test_text_with_several_tabs_a_line_is_a_table():
    found = lines_table("7\tpos\tgood film\n8\tneg\tbad film\n9\tpos\tfine\n")
    assert found.format == "tsv"
    assert pick_label(found.columns, list(found.rows()), 2) == 1
