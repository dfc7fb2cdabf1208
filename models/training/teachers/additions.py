"""What a network is shown besides whole reviews: pieces of them, and texts rewritten to mean the opposite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.training.data.composing import Composer
from models.training.data.corpus import Part
from models.training.data.rewriting import NEGATIONS, Rewriter
from models.training.recipe import Recipe

# P(positive) that rewritten texts are shown with. "Not good" is bad; "not bad" is rarely more than all right.
NOT_GOOD, NOT_BAD = 0.12, 0.75
MIRRORED = 0.9  # of a bad review turned round; of a good one it is 1 - 0.9
LAST_WORD = 0.85  # of blame, "but", praise; the other way round it is 1 - 0.85
_OUTSPOKEN = 0.8  # P(positive) from which the teachers call a sentence praise; below 1 - 0.8 blame
_PLAINLY = 0.5  # share of the negations that are a plain "not"
_SHORT = 25  # words of a sentence that is joined to another


class Additions:
    """Draws an epoch's additions: pieces of reviews, sentences negated or joined by "but", and reviews mirrored.

    Args:
        sentences: with the teachers' opinion as labels.
        parts: likewise.
        words: the vocabulary, by id.
        composer: of short opinions; None for none.
    """

    def __init__(
        self, sentences: Part, parts: Part, rewriter: Rewriter, words: Sequence[str], composer: Composer | None = None
    ) -> None:
        self._composer = composer
        self._sentences, self._parts, self._rewriter = sentences, parts, rewriter
        negatable = [(ids, found) for ids in sentences.ids if (found := rewriter.negated(ids)) is not None]
        self._negatable, self._negated = [ids for ids, _ in negatable], [found for _, found in negatable]
        short = [(ids, p) for ids, p in zip(sentences.ids, sentences.labels, strict=True) if len(ids) <= _SHORT]
        self._praise = [ids for ids, p in short if p > _OUTSPOKEN]
        self._blame = [ids for ids, p in short if p < 1 - _OUTSPOKEN]
        self._but, self._although = (
            np.array([words.index(word)] if word in words else [], np.int32) for word in ("but", "although")
        )

    def draw(
        self, recipe: Recipe, labelled: list[np.ndarray], labels: np.ndarray, random: np.random.Generator
    ) -> tuple[list[np.ndarray], list[float]]:
        """Word ids and P(positive), as many of each kind as the recipe asks for; ``labelled`` as they are shown."""
        documents: list[np.ndarray] = []
        targets: list[float] = []
        for pieces, count in ((self._sentences, recipe.sentences_per_epoch), (self._parts, recipe.parts_per_epoch)):
            for i in random.permutation(len(pieces))[:count]:
                documents.append(pieces.ids[i])
                targets.append(float(pieces.labels[i]))
        twice = np.tile(np.arange(len(self._negated)), 2)  # they are few, so each may come twice
        for i in random.permutation(twice)[: recipe.negated_per_epoch]:
            way = NEGATIONS[0 if random.random() < _PLAINLY else random.integers(1, len(NEGATIONS))]
            ids, was_praise = self._rewriter.negated(self._negatable[i], way) or self._negated[i]
            documents.append(ids)
            targets.append(NOT_GOOD if was_praise else NOT_BAD)
        for _ in range(recipe.joined_per_epoch if self._praise and self._blame else 0):
            positive = bool(random.random() < 0.5)
            documents.append(self._joined(positive, random))
            targets.append(LAST_WORD if positive else 1 - LAST_WORD)
        for _ in range(recipe.composed_per_epoch if self._composer else 0):
            composed = self._composer.composed(random) if self._composer else None
            if composed is not None:
                documents.append(composed[0])
                targets.append(composed[1])
        wanted = len(documents) + recipe.mirrored_per_epoch
        for i in random.permutation(len(labelled)):
            if len(documents) == wanted:
                break
            positive = bool(labels[i] > 0.5)
            turned = self._rewriter.mirrored(labelled[i], positive, random)
            if turned is not None:
                documents.append(turned)
                targets.append(1 - MIRRORED if positive else MIRRORED)
        return documents, targets

    def _joined(self, positive: bool, random: np.random.Generator) -> np.ndarray:
        """Blame and then praise (or the other way round) in one sentence: what comes last is what is meant."""
        first, last = (self._blame, self._praise) if positive else (self._praise, self._blame)
        if self._negated and random.random() < 0.5:
            first = [ids for ids, was_praise in self._few(random) if was_praise == positive] or first
        one, other = first[random.integers(len(first))], last[random.integers(len(last))]
        turned = [one, self._but, other] if random.random() < 0.7 else [self._although, one, other]
        return np.concatenate(turned).astype(np.int32)

    def _few(self, random: np.random.Generator) -> list[tuple[np.ndarray, bool]]:
        return [self._negated[i] for i in random.integers(len(self._negated), size=8)]
