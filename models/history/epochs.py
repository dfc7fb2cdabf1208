"""Rows of a history at their true epochs.

A run may have been taken up again, its epochs may count on or start again, there may be rows every few steps, and
validation need not be in every row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.history.run import Array
from models.wording import agreeing, counted

Row = dict[str, float]  # numbers that are there, by quantity


@dataclass(slots=True)
class Placed:
    """Rows in the order in which they are drawn.

    Attributes:
        at: the epoch of each, counted from 1 at the end of the first; parts of an epoch are fractions.
        rows: what is known there.
        resumes: places of the rows after which training was taken up again.
        notes: what was left out or moved; our own words.
    """

    at: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    resumes: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def place(epochs: Array | None, rows: Sequence[Row], breaks: Sequence[int]) -> Placed:
    """Put rows where they belong.

    Args:
        epochs: (rows,) what the file's column of epochs says, NaN where it says nothing; None: it has none.
        rows: what is known in each.
        breaks: rows in front of which a heading stood again.
    """
    if epochs is None or not _sound(epochs):
        placed = Placed([float(row + 1) for row in range(len(rows))], list(rows))
        placed.resumes = [row - 1 for row in breaks if 0 < row < len(rows)]
        if epochs is not None:
            placed.notes.append("Its column of epochs does not count epochs, so rows are taken for epochs.")
        elif placed.resumes:
            placed.notes.append("A heading stands in it again: training was taken up there, which is marked.")
        return placed
    if not breaks and _several_rows_an_epoch(epochs, rows):
        return _within(epochs, rows)
    whole = bool((epochs[np.isfinite(epochs)] % 1 == 0).all())
    first = float(np.nanmin(epochs))
    return _one_after_another(epochs, rows, set(breaks), 1.0 if whole and first == 0 else 0.0)


def _sound(epochs: Array) -> bool:
    known = epochs[np.isfinite(epochs)]
    return bool(known.size) and known.min() >= 0 and known.max() <= 1_000_000


def _several_rows_an_epoch(epochs: Array, rows: Sequence[Row]) -> bool:
    """Whether whole epochs stand in several rows each, one after the other, every row with a loss: a row of steps."""
    known = epochs[np.isfinite(epochs)]
    if len(known) < len(epochs) or (known % 1 != 0).any() or (np.diff(known) < 0).any():
        return False
    with_loss = np.array(["loss" in row for row in rows])
    _, counts = np.unique(known[with_loss], return_counts=True)
    return len(counts) > 0 and float(np.median(counts)) >= 2


def _within(epochs: Array, rows: Sequence[Row]) -> Placed:
    """Rows spread evenly over the epoch that they are of: the last of each stands at its end."""
    placed = Placed()
    first = epochs.min()
    shift = 1.0 if first == 0 else 0.0
    for epoch in np.unique(epochs):
        here = np.flatnonzero(epochs == epoch)
        for count, row in enumerate(here.tolist(), 1):
            placed.at.append(float(epoch) + shift - 1 + count / len(here))
            placed.rows.append(rows[row])
    placed.notes.append("Several rows are of one epoch: they are spread over it, the last of them at its end.")
    return placed


def _one_after_another(epochs: Array, rows: Sequence[Row], breaks: set[int], shift: float) -> Placed:
    placed = Placed()
    offset, first, lost, unnumbered, again = shift, math.nan, 0, 0, False
    for row, values in enumerate(rows):
        if not math.isfinite(epochs[row]):
            unnumbered += bool(values)
            continue
        at = float(epochs[row]) + offset
        first = at if first != first else first
        last = placed.at[-1] if placed.at else -math.inf
        same = at == last and not (placed.rows[-1].keys() & values.keys())
        if same:
            placed.rows[-1] = placed.rows[-1] | values
            continue
        if at <= last and at <= first and len(placed.at) > 1:
            # It counts from its beginning again: nothing says from where, so it is drawn behind what there is.
            step = placed.at[1] - placed.at[0]
            offset += last - at + (step if 0 < step < 1 else 1.0)
            at = float(epochs[row]) + offset
            again = True
            placed.resumes.append(len(placed.at) - 1)
        elif at <= last:
            kept = sum(earlier < at for earlier in placed.at)
            lost += len(placed.at) - kept
            placed.at, placed.rows = placed.at[:kept], placed.rows[:kept]
            placed.resumes = [place for place in placed.resumes if place < kept]
            placed.resumes.append(kept - 1)
        elif row in breaks and placed.at:
            placed.resumes.append(len(placed.at) - 1)
        placed.at.append(at)
        placed.rows.append(values)
    placed.resumes = sorted({place for place in placed.resumes if place >= 0})
    if placed.resumes:
        placed.notes.append("Training was taken up again, which is marked.")
    if lost:
        twice = f"{counted(lost, 'epoch')} {agreeing(lost, 'stands', 'stand')} there twice"
        placed.notes.append(f"{twice}: the later one counts, the earlier is left out.")
    if again:
        placed.notes.append("Its epochs start again; nothing says from which, so they are drawn one after the other.")
    if unnumbered:
        rows_without = f"{counted(unnumbered, 'row')} without an epoch"
        placed.notes.append(f"{rows_without} {agreeing(unnumbered, 'is', 'are')} left out.")
    if any(at % 1 for at in placed.at):
        placed.notes.append("Rows that stand within an epoch are drawn there.")
    return placed
