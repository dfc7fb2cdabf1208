"""What a dataset is made of, whatever it is read from."""

from __future__ import annotations

from dataclasses import dataclass

from models.card_facts import TableOrigin


class DatasetError(Exception):
    """The dataset is missing, incomplete or altered; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Review:
    """One review. ``label`` is 1 (positive), 0 (negative) or -1 (unlabelled); ``stars`` 1-10, or 0 if unknown."""

    text: str
    label: int
    stars: int
    id: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """Training and test half and the unlabelled reviews, each part ordered by label and id.

    ``origin`` is None for the official split, else what a card has to say of the table it is from.
    """

    train: tuple[Review, ...]
    test: tuple[Review, ...]
    unsupervised: tuple[Review, ...]
    origin: TableOrigin | None = None
