"""What sequences can be: the same cell with one or many inputs and one or many outputs, each a task it can learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.letters import network
from models.letters.training import Example, Run, Settings, begin
from models.letters.word import Word, is_vowel
from models.nn.cells import softmax

Array = np.ndarray
CLASSES = (("hello", "hey", "hallo", "hola"), ("bye", "ciao", "adieu", "adiós"))
MOST_WORDS, MOST_LETTERS = 6, 12  # of a class, of a word in it
VOWEL, OTHER = "vowel", "not a vowel"


def one_to_one(settings: Settings, word: Word) -> Run:
    """The next letter after a single one, each read with an empty state: the network cannot know what came before."""
    pairs = zip(word.read, word.following, strict=True)
    count = len(word.vocabulary)
    return begin(settings, [Example((letter,), (right,)) for letter, right in pairs], count, count)


def best_alone(word: Word) -> dict[int, dict[int, float]]:
    """For every letter that is read, how often each other follows it: the best that can be said without a memory."""
    found: dict[int, dict[int, float]] = {}
    for letter in sorted(set(word.read)):
        after = [right for left, right in zip(word.read, word.following, strict=True) if left == letter]
        found[letter] = {right: after.count(right) / len(after) for right in dict.fromkeys(after)}
    return found


def many_to_many(settings: Settings, word: Word) -> Run:
    """A label for every letter: vowel (0) or not (1)."""
    labels = tuple(int(not is_vowel(character)) for character in word.characters)
    return begin(settings, [Example(word.ids, labels)], len(word.vocabulary), 2)


@dataclass(frozen=True)
class Classes:
    """Words of two classes, with the vocabulary of all their letters."""

    words: tuple[tuple[tuple[str, ...], ...], ...]
    vocabulary: tuple[str, ...]

    def ids(self, characters: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The letters that the network knows, and those that it does not."""
        place = {character: i for i, character in enumerate(self.vocabulary)}
        known = tuple(place[character] for character in characters if character in place)
        return known, tuple(dict.fromkeys(character for character in characters if character not in place))


def classes(words: Sequence[Sequence[tuple[str, ...]]]) -> Classes:
    """Classes of words, each word as its characters."""
    kept = tuple(tuple(dict.fromkeys(members)) for members in words)
    letters = dict.fromkeys(character for members in kept for member in members for character in member)
    return Classes(kept, tuple(letters))


def many_to_one(settings: Settings, found: Classes) -> Run:
    """The class of a word, asked after its last letter alone."""
    examples = [
        Example(ids, (-1,) * (len(ids) - 1) + (label,))
        for label, members in enumerate(found.words)
        for ids, _ in map(found.ids, members)
    ]
    return begin(settings, examples, len(found.vocabulary), len(found.words))


def write_on(
    run: Run, first: int, count: int, temperature: float, seed: int
) -> tuple[tuple[int, ...], tuple[Array, ...]]:
    """One to many: one letter is read; every letter that the network says is read as the next one.

    Args:
        run: of a network that says the next letter.
        temperature: the logits are divided by it; 0 takes the most probable letter every time.

    Returns:
        the letters written, and the (letters,) probabilities that each was drawn from.
    """
    random = np.random.default_rng(seed)
    letters, drawn_from = [first], []
    for _ in range(count):
        logits = network.forward(run.settings.cell, run.weights, letters).logits[-1]
        chances = softmax(logits / temperature) if temperature > 0 else np.eye(len(logits))[int(logits.argmax())]
        drawn_from.append(chances)
        letters.append(int(random.choice(len(chances), p=chances)))
    return tuple(letters[1:]), tuple(drawn_from)
