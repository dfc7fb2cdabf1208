"""A lesson's sentence as its networks read it."""

from __future__ import annotations

from components.lessons.board import Board
from components.session import resources
from models.card import TRIO
from models.compare.readers import Reader


def board(sentence: str, cursor: int = 0) -> Board:
    readers = {name: Reader(resources.card(name), resources.model(name).trace(sentence)) for name in TRIO}
    return Board(sentence, readers, cursor)
