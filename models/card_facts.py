"""What a model's card says, read so that a card with gaps or of another hand breaks no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.card import ModelCard


def facts(card: ModelCard, part: str) -> dict[str, Any]:
    """One part of a card ("training", "recipe"); empty where the card has none."""
    found = card.facts.get(part)
    return found if isinstance(found, dict) else {}


def number(found: Mapping[str, Any], name: str) -> float | None:
    """A number of a card, or None where it is missing or no number."""
    value = found.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def kept_epoch(card: ModelCard, best: int | None) -> float | None:
    """The epoch, from 1, whose weights are on the shelf: the one that the card names, or else the best one.

    Args:
        best: index of the epoch with the lowest validation loss, if it is known.
    """
    named = number(facts(card, "training"), "best_epoch")
    return named if named is not None or best is None else best + 1


def training_minutes(card: ModelCard, epochs: float | None = None) -> float | None:
    """Minutes that training took, those of a language model before it included; None where they are not known.

    Args:
        epochs: minutes of the epochs by the history, if there is one; otherwise the card's.
    """
    training = facts(card, "training")
    minutes = number(training, "minutes") if epochs is None else epochs
    return None if minutes is None else minutes + (number(training, "pretraining_minutes") or 0)
