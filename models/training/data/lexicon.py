"""What reviewers call a film and say of themselves: words that judge, found by where they stand in the reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.training.data.corpus import Part

Array = np.ndarray
_SUBJECTS = ("i", "we")
_OBJECTS = ("this", "it", "the", "that", "these", "his", "her", "every")
_EMPHASIS = ("really", "absolutely", "truly", "thoroughly", "totally", "completely", "particularly", "also", "so")
_ARTICLES = ("a", "an", "the", "this")
_COPULAS = ("is", "was", "are", "were")
_DEGREES = ("very", "so", "really", "quite", "too", "extremely", "absolutely", "pretty", "more", "rather")
_LEANS = 0.6  # log ratio of document frequencies from which an adjective counts as good or bad
_CLOSE = 0.15  # P(positive) that sentences with a word differ from all, below which nothing is known of it
_FELT = 0.35  # the same of "I …"
_KIN = 0.6  # cosine to two verbs that lean for certain, from which a rarer one is taken for their like


@dataclass(frozen=True)
class Lexicon:
    """Words by kind, each with the weight it is drawn with; of those that judge, good ones under True.

    Attributes:
        nouns: what a review is of ("this film").
        things: what can be good or bad about it ("the acting is").
        verbs: what somebody who likes it or not says of themselves ("I enjoy this"), in the present tense.
        adjectives: what a film is called.
        most: what stands after "my least" ("favorite").
    """

    nouns: dict[str, float]
    things: dict[str, float]
    verbs: dict[bool, dict[str, float]]
    adjectives: dict[bool, dict[str, float]]
    most: dict[str, float]

    @classmethod
    def learnt(
        cls, words: Sequence[str], vectors: Array, leaning: Array, labelled: Part, unlabelled: Part, sentences: Part
    ) -> Lexicon:
        """Read it off the training reviews.

        Args:
            words: the vocabulary, by id.
            vectors: ``(vocabulary, dimensions)`` word vectors.
            leaning: of every word, ``(vocabulary,)``, see ``Rewriter.leaning``.
            labelled, unlabelled: whole reviews.
            sentences: single ones with the teachers' opinion: an adjective of which they think otherwise is left out.
        """
        return _Reader(words, vectors, leaning, labelled, unlabelled).read(sentences)


class _Reader:
    def __init__(self, words: Sequence[str], vectors: Array, leaning: Array, labelled: Part, unlabelled: Part) -> None:
        self._unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        self._words, self._leaning, self._labelled = words, leaning, labelled
        self._ids = {word: token_id for token_id, word in enumerate(words)}
        self._text = np.concatenate(
            [[0], *(part for p in (labelled, unlabelled) for ids in p.ids for part in (ids, [0]))]
        )
        self._text = self._text.astype(np.int64)
        self._every = np.maximum(np.bincount(self._text, minlength=len(words)), 1)
        self._plain = np.array([word.isalpha() for word in words])

    def read(self, sentences: Part) -> Lexicon:
        """All kinds of words."""
        text, before, after = self._text[1:-1], self._text[:-2], self._text[2:]
        is_article, is_copula, is_degree = self._among(_ARTICLES), self._among(_COPULAS), self._among(_DEGREES)
        named = self._share(text[is_article[before]])
        neutral = self._plain & (abs(self._leaning) < _FELT)
        this = np.bincount(text[before == self._ids.get("this", -1)], minlength=len(self._words))
        nouns = self._best(np.where(neutral & (named > 0.35), this, 0), 12)
        is_noun = np.zeros(len(self._words), bool)
        is_noun[[self._ids[word] for word in nouns]] = True
        # "the … is" with a word that judges behind it, at once or after a degree
        called = is_copula[before] | (is_degree[before] & is_copula[np.roll(before, 1)])
        predicate = self._share(text[called])
        attribute = self._share(text[is_noun[after]])
        judged = self._plain & (predicate > 0.03) & (attribute > 0.02) & (abs(self._leaning) >= _LEANS)
        judged &= self._share(text[is_degree[before]]) > 0.02
        opinion = self._opinion(sentences)
        sides = {True: (self._leaning > 0) & (opinion > 0), False: (self._leaning < 0) & (opinion < 0)}
        adjectives = {good: self._best(np.where(judged & side, self._every, 0), 100) for good, side in sides.items()}
        subject = is_article[np.roll(before, 1)] & is_copula[text] & (judged[after] | is_degree[after])
        things = np.bincount(before[subject], minlength=len(self._words))
        things = np.where(self._plain & ~is_noun & (named > 0.35) & (abs(self._leaning) < 1), things, 0)
        least = np.bincount(
            text[(before == self._ids.get("least", -1)) & (np.roll(before, 1) == self._ids.get("my", -1))],
            minlength=len(self._words),
        )
        most = self._best(np.where(self._plain & (self._leaning >= _LEANS), least, 0), 4)
        return Lexicon(nouns, self._best(things, 40), self._verbs(), adjectives, most)

    def _opinion(self, sentences: Part) -> Array:
        """The teachers' mean opinion of the sentences with a word, less that of all; 0 where it is close to that."""
        size, mean = len(self._words), float(sentences.labels.mean()) if len(sentences) else 0.5
        total, count = np.zeros(size), np.zeros(size)
        for ids, opinion in zip(sentences.ids, sentences.labels, strict=True):
            total[np.unique(ids)] += opinion - mean
            count[np.unique(ids)] += 1
        found = total / (count + 2)
        return np.where((abs(found) >= _CLOSE) & (count > 0), found, 0)

    def _verbs(self) -> dict[bool, dict[str, float]]:
        """Verbs that take an emphasis and an object, by how "I …" leans in both tenses; rare ones by kin."""
        is_subject, is_emphasis, is_object = (self._among(of) for of in (_SUBJECTS, _EMPHASIS, _OBJECTS))
        size = len(self._words)
        text, before, after = self._text[1:-1], self._text[:-2], self._text[2:]
        emphasised = is_emphasis[before] & is_subject[np.roll(before, 1)]
        here = is_subject[before] | emphasised
        places = (here, emphasised, here & is_object[after])
        plain, stressed, of_it = (np.bincount(text[at], minlength=size) for at in places)
        documents = np.zeros((2, size))
        for ids, label in zip(self._labelled.ids, self._labelled.labels, strict=True):
            ids = ids.astype(np.int64)
            first = np.flatnonzero(is_subject[ids[:-1]]) + 1
            then = first[is_emphasis[ids[first]]] + 1
            documents[int(label > 0.5), np.unique(ids[np.concatenate([first, then[then < len(ids)]])])] += 1
        sure: dict[bool, list[int]] = {True: [], False: []}
        drawn: dict[int, float] = {}
        for place in np.flatnonzero(self._plain & (plain >= 5) & (of_it >= 0.25 * plain)).tolist():
            word = self._words[place]
            past = [self._ids[form] for form in (word + "d", word + "ed", word[:-1] + "ied") if form in self._ids]
            both = [place, *past]
            if not past or stressed[both].sum() < 0.05 * plain[both].sum():
                continue
            drawn[place] = float(plain[both].sum() ** 0.25)
            bad, good = documents[:, both].sum(1) + 3
            if abs(np.log(good / bad)) >= max(_FELT, 2 * np.sqrt(1 / good + 1 / bad)):
                sure[bool(good > bad)].append(place)
        found = {good: {self._words[place]: drawn[place] for place in sure[good]} for good in sure}
        if min(map(len, sure.values())) < 2:
            return found
        for place in drawn.keys() - {*sure[True], *sure[False]}:
            near = {good: float(np.sort(self._unit[sure[good]] @ self._unit[place])[-2:].mean()) for good in sure}
            if max(near.values()) >= _KIN and abs(near[True] - near[False]) >= 0.02:
                found[near[True] > near[False]][self._words[place]] = drawn[place]
        return found

    def _among(self, words: Sequence[str]) -> Array:
        return np.array([word in words for word in self._words])

    def _share(self, of: Array) -> Array:
        """Which share of a word's places are among these."""
        return np.asarray(np.bincount(of, minlength=len(self._words)) / self._every)

    def _best(self, counts: Array, most: int) -> dict[str, float]:
        """The words with the highest counts, and the roots of these."""
        order = np.argsort(-counts, kind="stable")[:most]
        return {self._words[place]: float(np.sqrt(counts[place])) for place in order if counts[place] > 0}
