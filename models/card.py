"""The card of a model on the shelf, and which networks are compared with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models.text import Token

SIDES = ("negative", "positive")
TRIO = ("simple_rnn", "lstm", "gru")  # made to be compared: each as good as its cell gets in one direction
PLAIN_TRIO = ("plain_simple_rnn", "plain_lstm", "plain_gru")  # alike in all but the cell, without exception


def compared_with(part: str) -> tuple[str, ...]:
    """The three networks that one of a part is compared with."""
    return PLAIN_TRIO if part == "plain" else TRIO


Part = Literal["trio", "plain", "best", "articles", "yours"]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ModelCard:
    """What people want to know of a model before they use it. ``facts`` holds all of ``card.json``."""

    name: str
    title: str
    family: str
    order: int
    summary: str
    bidirectional: bool
    layers: int
    units: int
    embedding: int
    vocabulary: int
    max_timesteps: int
    parameters: int
    test_accuracy: float | None
    folder: Path
    facts: dict[str, Any]

    @property
    def part(self) -> Part:
        """Which part of the shelf the model stands in."""
        if self.name in TRIO:
            return "trio"
        if self.name in PLAIN_TRIO:
            return "plain"
        if self.name.startswith("my_") or self.facts.get("brought"):
            return "yours"
        return "articles" if self.name.startswith(("article_", "tutorial_")) else "best"

    @property
    def sides(self) -> tuple[str, str]:
        """What 0 and 1 mean to the model: its user's own two words where it was brought in a file."""
        found = self.facts.get("labels") if self.facts.get("brought") else None
        return (str(found[0]), str(found[1])) if isinstance(found, list) and len(found) == 2 else SIDES

    def checksum(self, file: str) -> str | None:
        """SHA-256 of a file of the model as the card has it, hexadecimal; None where it has none."""
        found = self.facts.get("files")
        entry = found.get(file) if isinstance(found, dict) else None
        return str(entry["sha256"]) if isinstance(entry, dict) and "sha256" in entry else None

    @property
    def recurrent_parameters(self) -> int:
        """The weights that every word passes through: all but the embedding's. What reading a word costs."""
        return max(1, self.parameters - self.vocabulary * self.embedding)

    @property
    def unread_end(self) -> Literal["start", "end"]:
        """At which end the words lie that are left out of a review longer than ``max_timesteps``."""
        return "start" if self.facts.get("unread_end") == "start" else "end"

    def cut(self, tokens: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        """What is read of a review and what is left out."""
        if self.unread_end == "start":
            return tuple(tokens[-self.max_timesteps :]), tuple(tokens[: -self.max_timesteps])
        return tuple(tokens[: self.max_timesteps]), tuple(tokens[self.max_timesteps :])
