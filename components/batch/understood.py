"""How a file was understood, each of it open to change: heading, columns, labels in lines, scale of labels."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.batch.job import Batch
from components.ui.messages import plain
from models.scoring import inline
from models.scoring.labels import SCALES, read_labels

_MOST_TRIED = 2_000


def controls(batch: Batch, source: str, replace: Callable[[Batch], None], read: Callable[..., None]) -> None:
    """Let the visitor change what was found out.

    Args:
        replace: puts another batch in the place of this one.
        read: reads the same bytes again, with a heading or a form of the lines given.
    """
    if source == "examples":
        return
    table = batch.reviews.table
    if table.format in ("csv", "tsv"):
        named = st.toggle("The first line names the columns", table.header, key=f"batch_header_{batch.number}")
        if named != table.header:
            read(header=named)
            st.rerun()
    elif table.format == "text" and (source == "file" or table.form or table.asked):
        _form(batch, read)
    if len(table.columns) > 1:
        _columns(batch, replace)
    _scale(batch)


def label_key(batch: Batch) -> str:
    """The key of the choice of its column of labels."""
    return f"batch_label_{batch.number}"


def _form(batch: Batch, read: Callable[..., None]) -> None:
    """Where the labels stand in lines of text."""
    table, every = batch.reviews.table, inline.forms()
    found = table.form.name if table.form else inline.WHOLE
    asked = st.selectbox(
        "In each line",
        [inline.WHOLE, *every],
        [inline.WHOLE, *every].index(found),
        format_func=lambda name: every[name].title if name in every else "the review and nothing else",
        key=f"batch_form_{batch.number}",
        help="A label that stands in the line would be read as a word of the review.",
        filter_mode=None,
    )
    if asked != found:
        read(form=asked)
        st.rerun()


def _columns(batch: Batch, replace: Callable[[Batch], None]) -> None:
    table = batch.reviews.table

    def name(place: int | None) -> str:
        if place is None:
            return "none"
        found = table.columns[place].strip()[:40]
        alone = found and table.columns.count(table.columns[place]) == 1
        return found if alone else f"{found or 'no name'} (column {place + 1})"

    places = list(range(len(table.columns)))
    with st.container(horizontal=True):
        text = st.selectbox(
            "Reviews are in", places, batch.text, format_func=name, key=f"batch_text_{batch.number}", filter_mode=None
        )
        labels: list[int | None] = [None, *places]
        label = st.selectbox(
            "Labels are in",
            labels,
            labels.index(batch.label),
            format_func=name,
            key=label_key(batch),
            help="0/1, pos/neg, positive/negative, stars and the like; of your own network its two words. With "
            "labels, accuracy, confusion and ROC are shown.",
            filter_mode=None,
        )
    if label != batch.label:
        batch.label, batch.scale = label, ""
    if text != batch.text:
        fresh = Batch(batch.reviews, text)
        fresh.label = None if label == text else label
        replace(fresh)
        st.rerun()
    if batch.label is not None and batch.labels is None:
        plain("The values of that label column cannot be read as labels.", muted=True)


def _scale(batch: Batch) -> None:
    """How labels are read, in one line, and another choice."""
    labels = batch.labels
    if labels is None or batch.label is None:
        return
    cells = batch.column(batch.label)[:_MOST_TRIED]
    fitting = [scale for scale in SCALES if scale == labels.scale or read_labels(cells, scale=scale) is not None]
    chosen = st.selectbox(
        "Labels mean",
        fitting,
        fitting.index(labels.scale),
        format_func=lambda scale: SCALES[scale].title,
        key=f"batch_scale_{batch.number}_{batch.label}",
        help="Found from the values and the name of their column. Neutral ones are left out of the score.",
        filter_mode=None,
    )
    batch.scale = chosen
