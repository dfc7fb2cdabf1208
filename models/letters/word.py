"""A word as the network gets it: its characters, as people count them, and the vocabulary made of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np

MOST_CHARACTERS = 24
WORDS = ("hello", "banana", "Mississippi", "to be or not to be")
_JOINER = "\u200d"
_VOWELS = frozenset("aeiouyæœøαεηιουωаеёиоуыэюяіїє")  # noqa: RUF001


class UnfitWord(ValueError):
    """The network cannot learn this word. ``reason``: ``blank``, ``single``, ``repeated`` or ``long``."""

    def __init__(self, reason: str, count: int) -> None:
        super().__init__(reason)
        self.reason, self.count = reason, count


@dataclass(frozen=True)
class Word:
    """What is read and what is to be said.

    Attributes:
        characters: as people count them; an emoji of several code points is one.
    """

    characters: tuple[str, ...]

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """Every different character once, in the order in which the word brings them."""
        return tuple(dict.fromkeys(self.characters))

    @cached_property
    def ids(self) -> tuple[int, ...]:
        """The place of every character in the vocabulary."""
        place = {character: i for i, character in enumerate(self.vocabulary)}
        return tuple(place[character] for character in self.characters)

    @property
    def read(self) -> tuple[int, ...]:
        """The characters that go in: all but the last."""
        return self.ids[:-1]

    @property
    def following(self) -> tuple[int, ...]:
        """What is to be said after each of them: the next one."""
        return self.ids[1:]

    @property
    def text(self) -> str:
        """The word as it is written."""
        return "".join(self.characters)

    def one_hot(self) -> np.ndarray:
        """(vocabulary, vocabulary): a row of zeros with a single 1 for every character."""
        return np.eye(len(self.vocabulary))


def characters(text: str) -> tuple[str, ...]:
    """Split a text into what people see as single characters.

    Accents, skin tones and joiners stay with what they change; two regional letters make one flag. White space is one
    space, control characters are left out. (A plain reading of Unicode's grapheme clusters, UAX 29; letters that
    Unicode can write as one code point are.)
    """
    found: list[str] = []
    for sign in unicodedata.normalize("NFC", " ".join(text.split())):
        category = unicodedata.category(sign)
        if category in ("Cc", "Cs") or sign in "\ufeff\u200b\u200e\u200f":
            continue
        if found and (_continues(sign, category) or found[-1].endswith(_JOINER) or _ends_a_flag(found[-1], sign)):
            found[-1] += sign
        elif category != "Cf":
            found.append(sign)
    return tuple(found)


def word_of(text: str) -> Word:
    """A word that can be learnt.

    Raises:
        UnfitWord: if there is nothing to learn in it, or too much for a blackboard.
    """
    found = characters(text)
    if not found:
        raise UnfitWord("blank", 0)
    if len(found) > MOST_CHARACTERS:
        raise UnfitWord("long", len(found))
    if len(found) == 1:
        raise UnfitWord("single", 1)
    if len(set(found)) == 1:
        raise UnfitWord("repeated", len(found))
    return Word(found)


def is_vowel(character: str) -> bool:
    """Whether a character is a vowel of the Latin, Greek or Cyrillic letters, with or without an accent."""
    plain = unicodedata.normalize("NFD", character.casefold())
    return plain[:1] in _VOWELS


def _continues(sign: str, category: str) -> bool:
    """Whether a sign changes the character before it: accents, variation selectors, skin tones, tags, joiners."""
    return (
        category in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or sign == _JOINER
        or ("\U000e0020" <= sign <= "\U000e007f")
    )


def _ends_a_flag(before: str, sign: str) -> bool:
    return len(before) == 1 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (before, sign))
