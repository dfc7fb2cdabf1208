"""Words that say the opposite, found in the reviews themselves, and texts rewritten with them.

A reader that adds up hints is hardly moved by an edit that turns a review round: the few words that say it outright are
outvoted by the many that only go along with it. So it is shown reviews in which exactly those few are turned round
(after Wang & Culotta 2021, "Robustness to Spurious Correlations in Text Classification via Automatically Generated
Counterfactuals"; theirs takes antonyms from a dictionary, this takes none).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.training.data.corpus import Part

_INTENSIFIERS = (
    *("very", "so", "really", "too", "quite", "extremely", "pretty", "incredibly"),
    *("more", "absolutely", "rather", "fairly"),
)
_COPULAS = ("is", "was", "are", "were", "be", "been")
_NEGATORS = ("not", "no", "never", "nothing", "nobody", "none", "neither", "nor", "hardly", "without", "cannot")
_TURNS = ("but", "although", "though", "however", "yet", "despite", "except", "while", "still", "unless", "if", "?")
_SUBJECTS = ("i", "we")
# What may stand before a judgement to turn it round; "n't" is written onto the word before.
NEGATIONS = (("not",), ("n't",), ("not", "at", "all"), ("never",), ("hardly",), ("far", "from"), ("anything", "but"))
_BEFORE_VERBS = (("never",), ("hardly",))
_BETWEEN = ("a", "an", "the", "just", "such")  # may stand between "is" and its adjective
_GRADABLE = 0.02  # share of a word's places that follow an intensifier, from which it counts as one that judges


class Rewriter:
    """Pairs of a word that leans to one verdict and its nearest neighbours that lean to the other.

    How a word leans is its log ratio of document frequencies in positive and negative reviews (naive Bayes). Its
    neighbours are those of the word vectors: "boring" and "exciting" stand in the same company. Marks out of ten go to
    the other end of the scale.

    Args:
        words: the vocabulary, by id.
        vectors: ``(vocabulary, dimensions)`` word vectors.
        labelled, unlabelled: training reviews.
    """

    def __init__(self, words: Sequence[str], vectors: np.ndarray, labelled: Part, unlabelled: Part) -> None:
        self._words = words
        self._ids = {word: token_id for token_id, word in enumerate(words)}
        self._intensifier = self._among(_INTENSIFIERS)
        self._copula = self._among(_COPULAS)
        self._negator = self._among(_NEGATORS) | np.array([word.endswith("n't") for word in words])
        self._turn = self._among(_TURNS)
        self._between = self._among(_BETWEEN) | self._intensifier
        self._subject = self._among(_SUBJECTS)
        self.leaning, frequency = _leaning(labelled, len(words))
        gradable = self._after_intensifiers(labelled, unlabelled)
        self._judges = (gradable >= _GRADABLE) & (abs(self.leaning) >= 0.6) & (frequency >= 40)
        self.opposite = self._find(vectors, frequency, gradable)
        for mark in range(11):
            here, there = self._ids.get(f"{mark}/10"), self._ids.get(f"{max(1, 11 - mark)}/10")
            if here is not None and there is not None:
                self.opposite[here] = np.array([there])
                self.leaning[here] = 1.5 if mark > 5 else -1.5
        self._replaceable = np.zeros(len(words), bool)
        self._replaceable[list(self.opposite)] = True

    def mirrored(self, ids: np.ndarray, positive: bool, random: np.random.Generator) -> np.ndarray | None:
        """A review with nine in ten of its judging words turned round; None if those do not bear its verdict out."""
        places = np.flatnonzero(self._replaceable[ids])
        strength = self.leaning[ids[places]].clip(-2, 2).sum() * (1 if positive else -1)
        if strength < max(1.5, 0.012 * len(ids)):
            return None
        turned = ids.copy()
        for place in places:
            if random.random() < 0.9:
                turned[place] = random.choice(self.opposite[int(ids[place])])
        return turned

    def negated(self, ids: np.ndarray, way: tuple[str, ...] = ("not",)) -> tuple[np.ndarray, bool] | None:
        """A sentence with "not" before what it says outright; whether that was praise.

        "It was really good" becomes "it was not really good", "I loved it" becomes "I did not love it", or "didn't".

        Args:
            way: one of ``NEGATIONS``; "not" where it does not fit, or has a word that is not in the vocabulary.

        None where there is not one clear place: without "is", "was" or "I" before the judging word, with a negation or
        a "but" already, or with a second judgement that "not" would not reach.
        """
        judging = np.flatnonzero(self._judges[ids])
        if self._negator[ids].any() or self._turn[ids].any() or not 1 <= len(judging) <= 2:
            return None
        first, last = int(judging[0]), int(judging[-1])
        place = first - 1
        while place >= 0 and self._between[ids[place]]:
            place -= 1
        if place < 0:
            return None
        if self._copula[ids[place]]:
            edited = [*ids[:place], *self._not(ids[place], way), *ids[place + 1 :]]
        elif self._subject[ids[place]] and (denied := self._denied(ids[first], len(ids), way)):
            edited = [*ids[: place + 1], *denied, *ids[first + 1 :]]
        else:
            return None
        same_side = self.leaning[ids[first]] * self.leaning[ids[last]] > 0
        if first != last and same_side and self._words[ids[last - 1]] != "and":
            return None
        return np.array(edited, np.int32), bool(self.leaning[ids[first]] > 0)

    def _not(self, copula: int, way: tuple[str, ...]) -> list[int]:
        """Of "was" the ids of "was not", "wasn't", "was never" and so on."""
        word = self._words[copula]
        words = (word + "n't",) if way == ("n't",) else (word, *way)
        return [self._ids[part] for part in (words if all(part in self._ids for part in words) else (word, "not"))]

    def _denied(self, token_id: int, choice: int, way: tuple[str, ...]) -> list[int]:
        """Of "loved" the ids of "did not love" or "didn't love", by ``choice``; none if the word is no such form."""
        word = self._words[token_id]
        if way in _BEFORE_VERBS and word.endswith("ed") and way[0] in self._ids:
            return [self._ids[way[0]], token_id]
        for verb in (word[:-1], word[:-2]) if word.endswith("ed") else ():
            for words in (("didn't", verb), ("did", "not", verb))[:: 1 if choice % 2 else -1]:
                if all(part in self._ids for part in words):
                    return [self._ids[part] for part in words]
        return []

    def _among(self, words: Sequence[str]) -> np.ndarray:
        return np.array([word in words for word in self._words])

    def _after_intensifiers(self, *parts: Part) -> np.ndarray:
        size = len(self._words)
        documents = [ids for part in parts for ids in part.ids]
        followers = [ids[1:][self._intensifier[ids[:-1]]] for ids in documents]
        every, after = (np.bincount(np.concatenate([[0], *ids]), minlength=size) for ids in (documents, followers))
        return np.asarray(after / np.maximum(every, 1))

    def _find(self, vectors: np.ndarray, frequency: np.ndarray, gradable: np.ndarray) -> dict[int, np.ndarray]:
        plain = np.array([word.isalpha() for word in self._words])
        unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        leaning = self.leaning
        targets = np.flatnonzero((frequency >= 60) & (abs(leaning) >= 0.6) & plain)
        found: dict[int, np.ndarray] = {}
        for word in np.flatnonzero((frequency >= 40) & (abs(leaning) >= 0.5) & plain) if len(targets) else ():
            closeness = unit[targets] @ unit[word] + 0.1 * np.minimum(abs(leaning[targets]), 2)
            closeness[np.sign(leaning[targets]) == np.sign(leaning[word])] = -1
            nearest = np.argsort(-closeness, kind="stable")[:3]
            judges = gradable[word] >= _GRADABLE
            least = max(0.42 if judges else 0.66, closeness[nearest[0]] - 0.12)
            kept = [t for t in nearest if closeness[t] >= least and (not judges or gradable[targets[t]] >= 0.015)]
            if kept:
                found[int(word)] = targets[kept]
        return found


def _leaning(labelled: Part, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Log ratio of a word's document frequencies in positive and negative reviews, and the frequency in both."""
    counts = np.zeros((2, size))
    for ids, label in zip(labelled.ids, labelled.labels, strict=True):
        counts[int(label > 0.5), np.unique(ids)] += 1
    positive = float((labelled.labels > 0.5).sum())
    negative = len(labelled) - positive
    ratio = np.log((counts[1] + 5) / (positive + 10)) - np.log((counts[0] + 5) / (negative + 10))
    return ratio, counts.sum(0)
