"""What a search for the smallest change comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.compare.edits import WordEdit

Outcome = Literal["found", "none", "time"]
Candidate = tuple[WordEdit, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """What a search came to.

    Attributes:
        outcome: "found"; "none" (no success within ``MOST_EDITS``), or "time" (over before one).
        before: P(positive) of the review as it was.
        edits: when found, in order; empty otherwise.
        path: P(positive) after each of the edits, the last one on the other side of 0.5.
        text: the edited review; the review itself when nothing was found.
        closest: P(positive) nearest to the other side that was seen, with ``closest_edits`` edits.
        tried: how many changed reviews the model read.
    """

    outcome: Outcome
    before: float
    edits: Candidate
    path: tuple[float, ...]
    text: str
    closest: float
    closest_edits: int
    tried: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """A glance at a running search: ``share`` of its time or work that is done, 0…1, and what it is at."""

    share: float
    edits: int
    tried: int
    closest: float
