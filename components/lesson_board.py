"""What a lesson draws from: one sentence, as each network of the trio reads it, and the word that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from components.theme import Palette
from components.views import View, weightiest
from models.comparison import Reader

TRIO = ("simple_rnn", "lstm", "gru")


@dataclass(frozen=True, slots=True)
class Board:
    """One sentence on the board.

    Attributes:
        sentence: as it was typed.
        readers: the trio, by name.
        cursor: the word that is looked at, 0-based.
    """

    sentence: str
    readers: dict[str, Reader]
    cursor: int

    def view(self, name: str) -> View:
        """One network's reading, at the unit that did most to the verdict."""
        reader = self.readers[name]
        return View(reader.trace, reader.card.family, 0, weightiest(reader.trace, 0), self.cursor)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to guess before the numbers are shown. What is right is computed from this sentence.

    Attributes:
        asks: the question; may quote words.
        answers: to choose from, two at least.
        right: which of them.
        why: a sentence with the numbers, where what is shown next does not say them.
    """

    asks: str
    answers: tuple[str, ...]
    right: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lesson.

    Attributes:
        title, says: what the class is told, our own words.
        shows: draws the live numbers.
        asks: the question before them; None, or gives None where this sentence leaves nothing to guess.
        at_a_word: whether it looks at one word, which can then be chosen.
    """

    title: str
    says: str
    shows: Callable[[Board, Palette], None]
    asks: Callable[[Board], Question | None] | None = None
    at_a_word: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson; ``name`` is its value in the address, ``sentence`` what it begins with."""

    name: str
    title: str
    sentence: str
    steps: tuple[Step, ...]
