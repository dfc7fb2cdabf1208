"""What workers compute: scoring, searches, credits, memory sweeps, what is in visitors' files. No TensorFlow.

A task is given the desk, at which it says how far it is, and plain values; it returns plain values and arrays. Models
are named by their folder and checksum and loaded once a worker.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models import catalog, histories
from models.compare import smallest_change
from models.compare.flip import Flip
from models.compare.own_texts import own_texts
from models.explain.attribution import IntegratedGradients, integrated_gradients, occlusion
from models.explain.memory import Fading, fading
from models.explain.search import Corpus, read_corpus
from models.figures import own_file
from models.foreign.words import read_words
from models.jobs.desk import Desk
from models.scoring import reviews
from models.scoring.scoring import Scores, score
from models.sentiment import SentimentModel, Trace

Array = np.ndarray
_MOST_MODELS = 6  # kept by one worker
_ROWS_AT_ONCE = 50  # between two looks


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A model by its folder and the checksum of its weights."""

    folder: Path
    checksum: str


Named = OnShelf | SentimentModel


def named(model: SentimentModel) -> Named:
    """How a worker is told of a model: by its folder, or, where it lies on no shelf, as it is."""
    checksum = model.card.checksum("model.keras")
    lies_there = not model.card.facts.get("brought") and (model.card.folder / "model.keras").is_file()
    return OnShelf(model.card.folder, checksum) if checksum and lies_there else model


def score_rows(desk: Desk, models: Sequence[Named], cells: Sequence[str], most_characters: int) -> Scores:
    """``scoring.score``, a few rows at a time."""
    readers = [_model(model) for model in models]
    parts = []
    for start in range(0, len(cells), _ROWS_AT_ONCE):
        desk.look()
        parts.append(score(readers, cells[start : start + _ROWS_AT_ONCE], most_characters))
    return joined(parts)


def joined(parts: Sequence[Scores]) -> Scores:
    """The scores of all rows from those of some after the others."""
    names = list(parts[0].probabilities)
    return Scores(
        {name: np.concatenate([part.probabilities[name] for part in parts]) for name in names},
        np.concatenate([part.tokens for part in parts]),
        {name: np.concatenate([part.unknown[name] for part in parts]) for name in names},
        [note for part in parts for note in part.notes],
    )


def find_flip(desk: Desk, model: Named, review: str, seconds: float) -> Flip:
    """``smallest_change.find_flip``; its progress is the search's."""
    return smallest_change.find_flip(_model(model), review, seconds=seconds, on_progress=desk.look)


def credits(desk: Desk, model: Named, review: str, most_occluded: int) -> tuple[Array | None, IntegratedGradients]:
    """Occlusion, None for more than so many words, and integrated gradients of one reading."""
    reader = _model(model)
    return credits_of(reader, reader.trace(review), most_occluded)


def credits_of(model: SentimentModel, trace: Trace, most_occluded: int) -> tuple[Array | None, IntegratedGradients]:
    """What ``credits`` gives, computed here."""
    without = occlusion(model, trace) if len(trace.tokens) <= most_occluded else None
    return without, integrated_gradients(model.network, trace)


def sweep(
    desk: Desk, models: Sequence[Named], review: str, places: Sequence[int], counts: Sequence[int]
) -> list[Fading]:
    """``memory.fading`` of one word by every model, at the place where each has read it."""
    found = []
    for model, place in zip(models, places, strict=True):
        desk.look()
        found.append(fading(_model(model), review, place, counts))
    return found


def _without_desk(function: Callable[..., Any]) -> Callable[..., Any]:
    """A task that reads a visitor's file, and has nothing to say before it is done."""
    return lambda desk, *arguments: function(*arguments)


def judge(data: bytes, model: Named, *how: Any) -> own_file.OnOwnFile:
    """``own_file.judge`` by a model that is named."""
    return own_file.judge(_model(model), data, *how)


def read_own_texts(desk: Desk, model: Named, place: int) -> Corpus:
    """What one layer did over all of our own texts."""
    return read_corpus(_model(model), own_texts(), place, desk.look)


TASKS: dict[str, Callable[..., Any]] = {
    "score": score_rows,
    "flip": find_flip,
    "credits": credits,
    "sweep": sweep,
    "reviews": _without_desk(reviews.read),
    "runs": _without_desk(histories.visitors_runs),
    "judge": _without_desk(judge),
    "words": _without_desk(read_words),
    "own_texts": read_own_texts,
}

_kept: OrderedDict[OnShelf, SentimentModel] = OrderedDict()


def _model(model: Named) -> SentimentModel:
    if isinstance(model, SentimentModel):
        return model
    if model not in _kept:
        _kept[model] = catalog.load_model(model.folder.name, model.folder.parent)
        while len(_kept) > _MOST_MODELS:
            _kept.popitem(last=False)
    _kept.move_to_end(model)
    return _kept[model]
