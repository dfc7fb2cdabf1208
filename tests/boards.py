"""A lesson's sentence as its networks read it."""

from __future__ import annotations

from components.lessons.board import Board
from components.session import resources
from models.card import TRIO
from models.compare.readers import Reader


def board(sentence: str, names: tuple[str, ...] = TRIO, cursor: int = 0) -> Board:
    """The board of a sentence, read by these networks in the places of the trio."""
    found = zip(TRIO, names, strict=True)
    readers = {short: Reader(resources.card(name), resources.model(name).trace(sentence)) for short, name in found}
    return Board(sentence, readers, min(cursor, len(readers["lstm"].trace.tokens) - 1))
