"""What a lesson draws from: one sentence, as each network of the trio reads it, and the word that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from components.inside.memory_results import Remembering, remembering
from components.session import resources
from components.ui.theme import Palette
from models.card import TRIO
from models.compare.readers import Reader
from models.explain import distance
from models.explain.distance import Distance
from models.explain.view import View, weightiest
from models.nn import equations
from models.question import Question
from models.task import Task

_MOST_WORDS = 60  # that are taken out, one after the other


@dataclass(frozen=True)
class Board:
    """One sentence on the board. What a question and the numbers after it both need is computed once.

    Attributes:
        sentence: as it was typed.
        readers: the networks compared, by the trio's names: the trio, or in the lesson on memory the plain ones.
        cursor: the word that is looked at, 0-based.
    """

    sentence: str
    readers: dict[str, Reader]
    cursor: int

    def view(self, name: str) -> View:
        """One network's reading, at the unit that did most to the verdict."""
        reader = self.readers[name]
        return View(reader.trace, reader.card.family, 0, weightiest(reader.trace, 0), self.cursor)

    def step(self, name: str) -> equations.Step:
        """The arithmetic of one network's layer at the word."""
        view = self.view(name)
        network = resources.model(self.readers[name].card.name).network
        return equations.step(network, view.trace, view.place, view.cursor)

    @property
    def families(self) -> dict[str, str]:
        """The cell of every network, by its title."""
        return {reader.card.title: reader.card.family for reader in self.readers.values()}

    @cached_property
    def remembered(self) -> list[Remembering]:
        """The gradients of every network."""
        reader = self.readers["lstm"]
        return remembering(reader.card, reader.trace, self.sentence)

    @cached_property
    def carried(self) -> dict[str, Distance]:
        """What every network carries over 200 words, by its title; the same for every sentence."""
        return {
            reader.card.title: distance.measure(resources.model(reader.card.name)) for reader in self.readers.values()
        }

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """The three orders of the words, with their names."""
        words = [token.text for token in self.readers["lstm"].trace.tokens]
        return (
            ("as written", self.sentence),
            ("backwards", " ".join(words[::-1])),
            ("alphabetically", " ".join(sorted(words, key=str.casefold))),
        )

    @cached_property
    def orders(self) -> dict[str, np.ndarray]:
        """P(positive) by network's title of the sentence, of its words backwards, and of its words sorted."""
        texts = [text for _, text in self.written]
        return {reader.card.title: resources.model(reader.card.name).predict(texts) for reader in self.readers.values()}

    @cached_property
    def without_each_word(self) -> dict[str, np.ndarray]:
        """P(positive) by network's title: of the sentence, then without each of its first words, (1 + words,)."""
        found = {}
        for reader in self.readers.values():
            tokens = reader.trace.tokens[:_MOST_WORDS]
            texts = [f"{self.sentence[: token.start]} {self.sentence[token.end :]}" for token in tokens]
            found[reader.card.title] = resources.model(reader.card.name).predict([self.sentence, *texts])
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lesson.

    Attributes:
        title, says: what the class is told, our own words.
        shows: draws the live numbers of a ``Board``, or in a lesson that spells of a ``Spelling``.
        asks: the question before them; None, or gives None where this sentence leaves nothing to guess.
        sees: how to read what is shown, which stands beside it.
        at_a_word: whether it looks at one word, which can then be chosen.
        wide: whether what it shows is wider than high, so that it gets more of the width while it is presented.
    """

    title: str
    says: str
    shows: Callable[[Any, Palette], None]
    asks: Callable[[Any], Question | None] | None = None
    sees: str = ""
    at_a_word: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson; ``name`` is its value in the address, ``sentence`` what it begins with.

    ``tasks``: of its hand-out, computed from a ``Board``, or in a lesson that spells from a ``Spelling``.
    ``finds_the_word``: whether the class has still to find the word that did most, so that no step may open on it.
    ``compares``: the networks that it compares, as SimpleRNN, LSTM and GRU.
    ``argue``: a question without one right answer, for the class to end with.
    ``spells``: whether it is about one word, which a tiny network learns to spell.
    """

    name: str
    title: str
    sentence: str
    steps: tuple[Step, ...]
    tasks: Callable[[Any], list[Task]]
    finds_the_word: bool = False
    compares: tuple[str, ...] = TRIO
    spells: bool = False
    argue: str = ""
