"""Exports of experiment trackers and of TensorBoard: one row a value (long), or one column a run and metric (wide)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from models.history.run import MOST_RUNS, Columns, HistoryError, Run, number, numbers

_METRIC = ("metric", "key", "tag", "metric_name", "variable", "name")
_RUN = ("run", "run_name", "run_id", "run_uuid", "experiment", "run name", "run id", "id", "model")
_STEP = ("epoch", "step", "steps", "_step", "global_step", "iteration")
_VALUE = ("value", "metric_value")
_WIDE = re.compile(r"(.+?) - (.+)")
_EXTREMES = ("__min", "__max")


def pivoted(rows: Sequence[tuple[str, float, float]], prefix: str = "") -> Columns:
    """Columns by metric, one row a step, of ``(metric, step, value)``; a later value of the same step counts."""
    steps = sorted({step for _, step, _ in rows})
    places = {step: place for place, step in enumerate(steps)}
    one_by_one = steps == [*range(int(steps[0]), int(steps[0]) + len(steps))]
    has_epochs = any(metric.strip().lower() == "epoch" for metric, _, _ in rows)
    columns: Columns = {"epoch" if one_by_one and not has_epochs else "step": list(steps)}
    for metric, step, value in rows:
        column = columns.setdefault(prefix + metric.strip().lower(), [None] * len(steps))
        column[places[step]] = value
    return columns


def split(columns: Columns, name: str = "") -> list[Run] | None:
    """The runs of an export; None where the table is none.

    Args:
        columns: as the file has them, by lower-case name.
        name: of the file; TensorBoard names there what it exports.

    Raises:
        HistoryError: if it is an export that does not say of what.
    """
    if set(columns) == {"wall time", "step", "value"}:
        return [_tensorboard(columns, name)]
    metric, value, step, run = (_first(columns, names) for names in (_METRIC, _VALUE, _STEP, _RUN))
    if metric and value and step:
        return _long(columns, metric, value, step, run if run != metric else None)
    return _wide(columns)


def _tensorboard(columns: Columns, name: str) -> Run:
    """The CSV of one curve: its file is called ``run-train-tag-epoch_loss.csv``."""
    plain = name.lower()
    found = "loss" if "loss" in plain else "accuracy" if re.search("acc", plain) else ""
    if not found:
        raise HistoryError(
            "TensorBoard's CSV does not say which curve it holds: keep the name it gave the file "
            "(run-…-tag-epoch_loss.csv)."
        )
    side = "val_" if re.search("val|test|eval|dev", plain) else ""
    rows = [
        (found, number(step), number(value)) for step, value in zip(columns["step"], columns["value"], strict=False)
    ]
    rows = [row for row in rows if row[1] == row[1]]
    if not rows:
        raise HistoryError("It has a heading but not one epoch.")
    return Run(pivoted(rows, side), partial=True)


def _long(columns: Columns, metric: str, value: str, step: str, run: str | None) -> list[Run]:
    runs: dict[str, list[tuple[str, float, float]]] = {}
    names = columns[run] if run else [""] * len(columns[metric])
    for called, what, at, cell in zip(names, columns[metric], columns[step], columns[value], strict=False):
        place = number(at)
        if place == place and what is not None:
            runs.setdefault(str(called or ""), []).append((str(what), place, number(cell)))
    if not runs:
        raise HistoryError("It has a heading but not one epoch.")
    return [Run(pivoted(rows), name=called) for called, rows in list(runs.items())[:MOST_RUNS]]


def _wide(columns: Columns) -> list[Run] | None:
    """Columns called ``run - metric``, beside one of steps."""
    runs: dict[str, Columns] = {}
    for name, cells in columns.items():
        match = _WIDE.fullmatch(name)
        if match and not name.endswith(_EXTREMES) and not match[2].strip().startswith("_"):
            runs.setdefault(match[1].strip(), {})[match[2].strip()] = cells
    if not runs:
        return None
    step = _first(columns, _STEP)
    found = []
    for called, own in list(runs.items())[:MOST_RUNS]:
        values = {metric: numbers(cells) for metric, cells in own.items()}
        known = np.asarray(np.isfinite(list(values.values())).any(0))
        steps = numbers(columns[step]) if step else np.arange(len(known))
        kept = np.flatnonzero(known & np.isfinite(steps)).tolist()
        rows = [(metric, float(steps[row]), float(cells[row])) for metric, cells in values.items() for row in kept]
        if rows:
            found.append(Run(pivoted(rows), name=called))
    return found or None


def _first(columns: Columns, names: Sequence[str]) -> str | None:
    return next((name for name in names if name in columns), None)
