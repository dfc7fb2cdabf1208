"""What goes into a spreadsheet: nothing is executed there, and no column is taken."""

from __future__ import annotations

import csv
import io

import pytest

from models.scoring.export import added_columns, csv_bytes, live, safe


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        " =1",
        "\uff1d1",
        "=cmd|' /C calc'!A0",
        "- nice",
        "\u200b=1+1",
        "\u3000=1",
        "\x0b=1",
        "\u2060@x",
        "\xad+x",
        "\ufe0f-x",
        "\u200e=1",
        "\x7f=1",
        "\u2028=1",
    ],
)
def test_formulas_are_disarmed(cell):
    assert live(cell)
    assert safe(cell) == "'" + cell
    assert next(csv.reader(io.StringIO(csv_bytes([[cell]]).decode(), newline="")))[0] == "'" + cell


@pytest.mark.parametrize("cell", ["", "-1.5", "+3", "1e-5", "-1,234.5", "-12 %", "good = bad", "a-b", "7/10"])
def test_numbers_and_texts_are_left_alone(cell):
    assert safe(cell) == cell


def test_added_columns_never_take_a_name_that_is_there():
    assert added_columns(["gru"], ["verdict", "note", "note_2"]) == [
        "p_positive_gru", "verdict_2", "tokens", "unknown_share_gru", "note_3",
    ]  # fmt: skip
