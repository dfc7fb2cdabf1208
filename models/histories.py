"""Training histories as the page draws them: the ones saved on the shelf, and a visitor's own, never kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models import artifacts, history_files, limited
from models.card import ModelCard
from models.card_facts import training
from models.errors import ArtifactError
from models.history import forms
from models.history.names import QUANTITIES
from models.history.run import HistoryError, numbers

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
        name: unique among the runs drawn together.
        title: what the legend says; never a visitor's words.
        family: "SimpleRNN", "LSTM" or "GRU"; "" for a visitor's own.
        rank: how many models of the same family stand before it, which decides its shade and marker.
        values: (epochs,) each, by ``QUANTITIES``; loss in nats, accuracy 0…1, NaN where not known.
        seconds: (epochs,) each epoch's duration, or None.
        steps: the finer curve, or None.
        resumed: ``(after, from)``: training was stopped after one epoch and taken up again from the checkpoint of an
            earlier one, both counted from 1; None where it was not.
        notes: what was odd in the file but could be mended; may quote it: plain text only.
        at: (rows,) the epoch of each row of ``values``, rising; None: one row an epoch, from 1.
        resumes: rows after which a visitor's training was taken up again.
        called: what a visitor's file calls the run: plain text only.
    """

    name: str
    title: str
    family: str
    rank: int
    values: dict[str, Array]
    seconds: Array | None
    steps: Steps | None = None
    resumed: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    at: Array | None = None
    resumes: tuple[int, ...] = ()
    called: str = ""

    @property
    def rows(self) -> int:
        """How many rows there are: one an epoch, unless the file has others."""
        return len(self.values["loss"])

    @property
    def epochs(self) -> int:
        """How many epochs were run, the last one perhaps in part."""
        return self.rows if self.at is None else int(np.ceil(self.at[-1]))

    @property
    def positions(self) -> Array:
        """(rows,) the epoch of each row; parts of an epoch are fractions."""
        if self.at is None:
            return np.arange(1, self.rows + 1)
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


def saved(card: ModelCard, rank: int = 0) -> History:
    """A model's own history, with its steps where ``steps.csv`` can be read.

    Raises:
        ArtifactError: if ``history.csv`` is missing, damaged, or not the file that its card describes.
    """
    try:
        first = history_files.runs(_verified(card, "history.csv"))[0]
        known = {quantity: np.isfinite(curve) for quantity, curve in first.values.items()}
        if not known["loss"].all() or any(there.any() and not there.all() for there in known.values()):
            raise HistoryError("there are gaps in it")
    except HistoryError as error:
        raise ArtifactError(card.name, "history.csv", error.reason) from error
    steps = None if isinstance(found := saved_steps(card), ArtifactError) else found
    resumed = _resumed(card, len(first.values["loss"]))
    return History(card.name, card.title, card.family, rank, first.values, first.seconds, steps, resumed)


def saved_steps(card: ModelCard) -> Steps | ArtifactError:
    """The finer curve of a model, or what is wrong with its file: the rest of the history does not depend on it."""
    try:
        return _steps(_verified(card, "steps.csv"))
    except ArtifactError as error:
        return error
    except (HistoryError, KeyError, ValueError) as error:
        return ArtifactError(card.name, "steps.csv", str(error))


def unfinished(name: str, title: str, family: str, history: bytes, steps: bytes) -> History | None:
    """A training that is still running, from what its two files hold so far; None before the first steps."""
    try:
        fine = _steps(steps)
    except (HistoryError, KeyError, ValueError):
        return None
    try:
        first = history_files.runs(history)[0]
    except HistoryError:  # the first epoch has not ended
        return History(name, title, family, 0, {quantity: np.zeros(0) for quantity in QUANTITIES}, np.zeros(0), fine)
    return History(name, title, family, 0, first.values, first.seconds, fine)


def collect(cards: Iterable[ModelCard]) -> tuple[dict[str, History], tuple[ArtifactError, ...]]:
    """Histories by model name, in the cards' order, and what could not be read."""
    histories: dict[str, History] = {}
    damaged: list[ArtifactError] = []
    ranks: dict[str, int] = {}
    for card in cards:
        rank = ranks.get(card.family, 0)
        ranks[card.family] = rank + 1
        try:
            histories[card.name] = saved(card, rank)
        except ArtifactError as error:
            damaged.append(error)
    return histories, tuple(damaged)


def visitors_runs(data: bytes, number: int = 1, name: str = "") -> tuple[History, ...]:
    """The histories of a file that a visitor brings, in any of the forms of ``models.history``.

    Args:
        data: the file's bytes.
        number: of the first of its runs among the visitor's, from 1.
        name: the file's name.

    Raises:
        HistoryError: if there is none in it.
    """
    return tuple(
        History(
            f"yours_{count}",
            f"Yours {count}",
            "",
            count - 1,
            found.values,
            found.seconds,
            notes=found.notes,
            at=found.at,
            resumes=found.resumes,
            called=found.name,
        )
        for count, found in enumerate(history_files.runs(data, name), number)
    )


def _resumed(card: ModelCard, epochs: int) -> tuple[int, int] | None:
    """What the card tells of a resumed training, if it can be so."""
    found = training(card).resumed
    after, origin = (found.after_epoch or 0, found.from_epoch or 0) if found else (0, 0)
    # NaN is refused by the comparison, a half epoch by the remainder.
    if 1 <= origin <= after < epochs and not (after % 1 or origin % 1):
        return int(after), int(origin)
    return None


def _steps(data: bytes) -> Steps:
    """The rows of ``steps.csv``; raises HistoryError, KeyError or ValueError if it is anything else."""
    columns = forms.read(data, "")[0].columns
    step, epoch, loss, accuracy = (numbers(columns[name]) for name in ("step", "epoch", "loss", "accuracy"))
    if not len(step) or not np.isfinite([step, epoch, loss, accuracy]).all() or (np.diff(step) <= 0).any():
        raise HistoryError("there are gaps in it")
    return Steps(step.astype(int), epoch.astype(int), loss, accuracy)


def _verified(card: ModelCard, file: str) -> bytes:
    """A file of a model's folder; raises ArtifactError unless it is the one its card describes."""
    path = card.folder / file
    files = card.facts.get("files")
    if isinstance(files, dict) and file in files:
        artifacts.verify(card.name, card.folder, file, card.facts)
    try:
        return limited.content(path)
    except FileNotFoundError as error:
        raise ArtifactError(card.name, file, "it is missing") from error
    except (OSError, ValueError) as error:
        raise ArtifactError(card.name, file, str(error)) from error
