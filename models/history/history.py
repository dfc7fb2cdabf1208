"""What one training left behind, as the page draws it: its numbers by epoch, and by step where they were kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The finer curve within epochs; all arrays (rows,): ``step`` and ``epoch`` from 1, loss in nats, accuracy 0…1."""

    step: Array
    epoch: Array
    loss: Array
    accuracy: Array

    def epoch_ends(self, epochs: int) -> Array:
        """(epochs,) the step at which each epoch ended; rows lie a fixed number of steps apart within an epoch."""
        first = [int(self.step[self.epoch == e][0]) if (self.epoch == e).any() else 0 for e in range(1, epochs + 1)]
        if epochs > 1 and all(first) and first[1] > first[0]:
            return np.arange(1, epochs + 1) * (first[1] - first[0])
        return np.array([self.step[self.epoch <= e].max(initial=0) for e in range(1, epochs + 1)])


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What one training run left behind.

    Attributes:
        at: (rows,) the epoch of each row, the end of the first epoch being 1; rising. One row an epoch, unless the
            file has others.
        values: (rows,) each, by ``QUANTITIES``; loss in nats, accuracy 0…1, NaN where not known.
        seconds: (rows,) each epoch's duration, or None.
        resumes: rows after which a visitor's training was taken up again.
        notes: what was odd in the file but could be mended, and what was left out; may quote it: plain text only.
        called: what a visitor's file calls the run: plain text only.
        name: unique among the runs drawn together.
        title: what the legend says; never a visitor's words.
        family: "SimpleRNN", "LSTM" or "GRU"; "" for a visitor's own.
        rank: how many models of the same family stand before it, which decides its shade and marker.
        steps: the finer curve, or None.
        resumed: ``(after, from)``: training was stopped after one epoch and taken up again from the checkpoint of an
            earlier one, both counted from 1; None where it was not.
    """

    at: Array
    values: dict[str, Array]
    seconds: Array | None
    resumes: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    called: str = ""
    name: str = ""
    title: str = ""
    family: str = ""
    rank: int = 0
    steps: Steps | None = None
    resumed: tuple[int, int] | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.at)

    @property
    def epochs(self) -> int:
        """How many epochs were run, the last one perhaps in part."""
        return int(np.ceil(self.at[-1])) if self.rows else 0

    @property
    def positions(self) -> Array:
        """``at``, as whole numbers where all of them are."""
        return self.at.astype(int) if (self.at % 1 == 0).all() else self.at

    def epoch_of(self, row: int) -> str:
        """The epoch of a row as the page writes it: ``3``, ``2.5``."""
        return f"{float(self.positions[row]):.4g}"

    @property
    def best(self) -> int | None:
        """Row of the epoch with the lowest validation loss; None where there was no validation."""
        losses = self.values["val_loss"]
        return int(np.nanargmin(losses)) if np.isfinite(losses).any() else None

    @property
    def elapsed(self) -> Array | None:
        """(epochs,) seconds from the start to the end of each epoch, or None."""
        return None if self.seconds is None else np.cumsum(self.seconds)
