"""What a card says of the training, as records, read so that a card with gaps or of another hand breaks no page.

A number that is missing or no number is None; a text or a list that is missing or none is empty.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar

from models.card import ModelCard

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Resumed:
    """A training that was stopped after one epoch and taken up again from the checkpoint of another, from 1."""

    after_epoch: float | None = None
    from_epoch: float | None = None


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """What came of a training. Counts of reviews and epochs; accuracies 0…1; loss in nats."""

    reviews: float | None = None
    validation_reviews: float | None = None
    unlabelled_reviews: float | None = None
    epochs: float | None = None
    best_epoch: float | None = None
    limit: float | None = None
    minutes: float | None = None
    pretraining_minutes: float | None = None
    validation_accuracy: float | None = None
    validation_loss: float | None = None
    temperature: float | None = None
    shift: float | None = None
    refined_after: float | None = None
    short_opinions: float | None = None
    share_kept: float | None = None
    machine: str = ""
    resumed: Resumed | None = None


@dataclass(frozen=True, slots=True)
class RecipeFacts:
    """How a network was to be trained; ``reported`` (accuracies 0…1 by name) marks a published system."""

    family: str = ""
    units: tuple[int, ...] = ()
    bidirectional: bool = False
    embedding: float | None = None
    vocabulary: float | None = None
    max_timesteps: float | None = None
    hidden: float | None = None
    output_dropout: float | None = None
    padding: str = ""
    optimizer: str = ""
    learning_rate: float | None = None
    batch_size: float | None = None
    epochs: float | None = None
    resumed_after: float | None = None
    seed: float | None = None
    validation_size: float | None = None
    validation_share: float | None = None
    validation_steps: float | None = None
    test_reviews: float | None = None
    teachers: tuple[str, ...] = ()
    unlabelled_per_epoch: float | None = None
    language_model_epochs: float | None = None
    continues: str = ""
    adversarial: float | None = None
    running_loss: float | None = None
    crops: float | None = None
    sentences_per_epoch: float | None = None
    parts_per_epoch: float | None = None
    negated_per_epoch: float | None = None
    joined_per_epoch: float | None = None
    mirrored_per_epoch: float | None = None
    reported: Mapping[str, float] | None = None
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline figures on the test set, as the card repeats them."""

    accuracy: float | None = None
    auc: float | None = None
    expected_calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class SeedFigures:
    """What a recipe came to with one seed; accuracies 0…1, loss in nats."""

    seed: float | None = None
    validation_accuracy: float | None = None
    validation_loss: float | None = None
    test_accuracy: float | None = None
    expected_calibration_error: float | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What a network carries over ``words`` words, see ``models.explain.distance``.

    Gradients of the logit by way of the states alone; P(positive) of praise and of blame with so many
    ``neutral_words`` behind, (counts,) each.
    """

    words: float | None = None
    gradient_at_last: float | None = None
    gradient_at_first: float | None = None
    neutral_words: tuple[float, ...] = ()
    praise: tuple[float, ...] = ()
    blame: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """The table of labelled reviews that was learnt from; ``sha256`` is of its texts and labels."""

    kind: str = ""
    rows: float | None = None
    labelled: float | None = None
    left_out: float | None = None
    labels: str = ""
    cut_seed: float | None = None
    official_split: bool = False
    sha256: str = ""


def _once(read: Callable[[ModelCard], Record]) -> Callable[[ModelCard], Record]:
    """Keep what was read of a card while it is there: it never changes, and pages ask many times a run."""
    known: dict[int, tuple[weakref.ref[ModelCard], Record]] = {}

    @functools.wraps(read)
    def kept(card: ModelCard) -> Record:
        place = id(card)
        if place not in known or known[place][0]() is not card:
            known[place] = weakref.ref(card, lambda _: known.pop(place, None)), read(card)
        return known[place][1]

    return kept


@_once
def training(card: ModelCard) -> TrainingFacts:
    """What the card says of the training."""
    found = _part(card, "training")
    resumed = found.get("resumed")
    return _read(TrainingFacts, found, resumed=_read(Resumed, resumed) if isinstance(resumed, dict) else None)


@_once
def recipe(card: ModelCard) -> RecipeFacts:
    """What the card says of the recipe."""
    found = _part(card, "recipe")
    reported = found.get("reported")
    return _read(
        RecipeFacts,
        found,
        units=tuple(size for size in _list(found, "units") if isinstance(size, int)),
        bidirectional=bool(found.get("bidirectional")),
        teachers=tuple(map(str, _list(found, "teachers"))),
        chosen=tuple(map(str, _list(found, "chosen"))),
        reported={name: value for name in reported if (value := _number(reported, name)) is not None}
        if isinstance(reported, dict)
        else None,
    )


def headline(card: ModelCard) -> Headline:
    """What the card says of the test."""
    return _read(Headline, _part(card, "test"))


def seeds(card: ModelCard, part: Literal["seeds", "seeds_before_last_stage"] = "seeds") -> list[SeedFigures]:
    """What the same recipe came to with several seeds, the shelf's own first; empty where none were tried."""
    return [_read(SeedFigures, row) for row in _list(card.facts, part) if isinstance(row, dict)]


def seed_accuracies(card: ModelCard) -> list[float]:
    """Test accuracies, 0…1, that the same recipe reached with several seeds; empty where none were tried."""
    return [row.test_accuracy for row in seeds(card) if row.test_accuracy is not None]


def memory(card: ModelCard) -> Memory | None:
    """What the card says the network carries over distance; None where it was not measured."""
    found = _part(card, "memory")
    series = {name: tuple(_list(found, name)) for name in ("neutral_words", "praise", "blame")}
    return _read(Memory, found, **series) if found else None


def origin(card: ModelCard) -> TableOrigin | None:
    """The table that was learnt from; None where it was the official split."""
    found = _part(card, "training").get("dataset")
    return (
        _read(TableOrigin, found, official_split=bool(found.get("official_split"))) if isinstance(found, dict) else None
    )


def kept_epoch(card: ModelCard, best: int | None) -> float | None:
    """The epoch, from 1, whose weights are on the shelf: by the card, or else that of ``best``, an index from 0."""
    named = training(card).best_epoch
    return named if named is not None or best is None else best + 1


def training_minutes(card: ModelCard, epochs: float | None = None) -> float | None:
    """Minutes that training took (``epochs``, or else the card's) and a language model before it; None: not known."""
    found = training(card)
    minutes = found.minutes if epochs is None else epochs
    return None if minutes is None else minutes + (found.pretraining_minutes or 0)


def _part(card: ModelCard, part: str) -> Mapping[str, Any]:
    found = card.facts.get(part)
    return found if isinstance(found, dict) else {}


def _read(record: type[Record], found: Mapping[str, Any], **given: Any) -> Record:
    """A record of what was found; fields that are not ``given`` are numbers, or texts where that is their default."""
    values = dict(given)
    for field in fields(record):  # type: ignore[arg-type]
        if field.name not in given:
            text = found.get(field.name)
            if isinstance(field.default, str):
                values[field.name] = text if isinstance(text, str) else ""
            else:
                values[field.name] = _number(found, field.name)
    return record(**values)


def _number(found: Mapping[str, Any], name: str) -> float | None:
    value = found.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _list(found: Mapping[str, Any], name: str) -> list[Any] | tuple[Any, ...]:
    value = found.get(name)
    return value if isinstance(value, list | tuple) else ()
