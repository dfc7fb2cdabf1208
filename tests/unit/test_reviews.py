"""A file's reviews as they come from a worker, and the ends of what a file may cost."""

from __future__ import annotations

import json
import pickle

import pytest

from models.history.run import HistoryError
from models.scoring.decoding import TableError
from models.scoring.reviews import read
from models.scoring.tables import Broken, NotText


def found(data: bytes, name: str = "a.csv", rows: int = 100, cells: int = 10_000):
    return read(data, name, None, None, None, 4, rows, cells)


def test_what_a_worker_sends_is_what_it_has_read():
    data = "\n".join([json.dumps({"review": f"film {i}", "n": i}) for i in range(60)] + ["{broken"])
    here = found(data.encode(), "a.jsonl")
    there = pickle.loads(pickle.dumps(here))
    assert (there.name, there.table, there.rows, there.total) == (here.name, here.table, here.rows, 61)
    assert type(there.rows[0][1]) is NotText and type(there.rows[-1][-1]) is Broken
    assert "1 line that cannot be read as JSON." in there.table.notes


@pytest.mark.parametrize("error", [TableError("No.", "a"), HistoryError("No.", "b", "print()")])
def test_an_error_keeps_its_parts_on_the_way(error):
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


def test_rows_beyond_the_cells_that_are_held_are_counted_and_no_more():
    wide = found(b"a,b,c,d\n" + b"1,2,3,fine\n" * 50, cells=100)
    assert len(wide.rows) == 25 and wide.total == 50


def test_a_line_of_nothing_but_separators_does_not_become_a_cell_each():
    rows = found(b"review,label\ngood,1\n" + b"," * 100_000 + b"\nbad,0\n").rows
    assert len(rows) == 3
    assert len(rows[1]) < 3_000
    assert ",".join(rows[1]) == "," * 100_000
