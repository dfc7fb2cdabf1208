"""Batches of reviews: brought to the page, scored, and as they come back."""

from __future__ import annotations

import csv
import io

from streamlit.testing.v1 import AppTest

from components.batch.job import Batch
from tests.screen import opened
from tests.waiting import until

TRIO = ("simple_rnn", "lstm", "gru")


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


def downloaded(batch: Batch, names=TRIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(batch.csv(names).decode("utf-8-sig"), newline="")))


def finish(batch: Batch) -> None:
    """Wait until all that is asked for is scored."""
    until(lambda: not batch.running, 60)
