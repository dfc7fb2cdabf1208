"""A run's saved numbers as the lines of a chart: training and validation by epoch, step or seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.history.history import History

Array = np.ndarray
Quantity = Literal["loss", "accuracy"]
Along = Literal["epoch", "step", "seconds"]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line: ``x`` along the axis, ``y`` in nats or per cent, ``epoch`` it belongs to; all (points,).

    ``best`` is the place of the best epoch, or None where it is not on this line.
    """

    series: Literal["training", "validation"]
    x: Array
    y: Array
    epoch: Array
    best: int | None


def curves_of(history: History, quantity: Quantity, along: Along) -> tuple[Curve, ...]:
    """Training and validation of one run; none where the run lacks what the axis needs, or the quantity.

    By step, training is the finer curve, and validation stands where each epoch ended.
    """
    epoch = history.positions
    ends = ends_of(history, along)
    if ends is None:
        return ()
    factor = 100 if quantity == "accuracy" else 1
    validation = Curve("validation", ends, factor * history.values[f"val_{quantity}"], epoch, history.best)
    if along == "step" and history.steps is not None:
        fine = history.steps
        training = Curve("training", fine.step, factor * getattr(fine, quantity), fine.epoch, None)
    else:
        only = history.best if not np.isfinite(validation.y).any() else None
        training = Curve("training", ends, factor * history.values[quantity], epoch, only)
    return tuple(curve for curve in (training, validation) if np.isfinite(curve.y).any())


def ends_of(history: History, along: Along) -> Array | None:
    """(epochs,) where each epoch ends along the axis; None where this run does not know."""
    if along == "epoch":
        return history.positions
    if along == "seconds":
        return history.elapsed
    return None if history.steps is None else history.steps.epoch_ends(history.epochs)
