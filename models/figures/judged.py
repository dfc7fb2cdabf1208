"""A model with its figures, as the evaluation page sets several beside each other."""

from __future__ import annotations

from dataclasses import dataclass

from models.card import ModelCard
from models.figures.records import Figures


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One model with its figures on the test set; ``rank`` counts the models of its family before it on the shelf."""

    card: ModelCard
    figures: Figures
    rank: int

    @property
    def title(self) -> str:
        """The model's name for people."""
        return self.card.title


@dataclass(frozen=True, slots=True)
class Mark:
    """One model's share of ``count`` texts or pairs, 0…1, in the row of a name."""

    model: Judged
    row: str
    share: float
    count: int
