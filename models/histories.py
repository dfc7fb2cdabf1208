"""Training histories: the ones saved on the shelf, one that is still growing, and a visitor's own, never kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from models import artifacts, limited
from models.card import ModelCard
from models.card_facts import training
from models.errors import ArtifactError
from models.history import files, forms
from models.history.history import History, Steps
from models.history.names import QUANTITIES
from models.history.run import HistoryError, numbers


def saved(card: ModelCard, rank: int = 0) -> History:
    """A model's own history, with its steps where ``steps.csv`` can be read.

    Raises:
        ArtifactError: if ``history.csv`` is missing, damaged, or not the file that its card describes.
    """
    try:
        first = files.runs(_verified(card, "history.csv"))[0]
        known = {quantity: np.isfinite(curve) for quantity, curve in first.values.items()}
        gaps = not known["loss"].all() or any(there.any() and not there.all() for there in known.values())
        if gaps or first.epochs != first.rows:
            raise HistoryError("there are gaps in it")
    except HistoryError as error:
        raise ArtifactError(card.name, "history.csv", error.reason) from error
    steps = None if isinstance(found := saved_steps(card), ArtifactError) else found
    return replace(
        first, name=card.name, title=card.title, family=card.family, rank=rank, steps=steps,
        resumed=_resumed(card, first.rows), resumes=(), notes=(),
    )  # fmt: skip


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
        first = files.runs(history)[0]
    except HistoryError:  # the first epoch has not ended
        first = History(np.zeros(0), {quantity: np.zeros(0) for quantity in QUANTITIES}, np.zeros(0))
    return replace(first, name=name, title=title, family=family, steps=fine)


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
        number: of the first of its runs among the visitor's, from 1.

    Raises:
        HistoryError: if there is none in it.
    """
    return tuple(
        replace(found, name=f"yours_{count}", title=f"Yours {count}", rank=count - 1)
        for count, found in enumerate(files.runs(data, name), number)
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
    files = card.facts.get("files")
    if isinstance(files, dict) and file in files:
        artifacts.verify(card.folder, file, card.facts)
    with artifacts.blamed(card.name, file):
        return limited.content(card.folder / file)
