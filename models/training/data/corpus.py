"""The reviews of the dataset as word ids, cut into training, validation, test and unlabelled parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.card_facts import TableOrigin
from models.text import Vocabulary, keys
from models.training.data import imdb
from models.training.data.sentences import cut_in_two, drawn
from models.training.recipe import Article

NOBODY_JUDGED = 0.5  # the label of a review without one, in a recipe without teachers


@dataclass(frozen=True)
class Part:
    """Reviews of one part: ``ids`` one int32 array a review, ``labels`` float32.

    A label is 0, 1, a teacher's opinion or ``NOBODY_JUDGED``.
    """

    ids: list[np.ndarray]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def head(self, limit: int | None, seed: int | tuple[int, int] = 0) -> Part:
        """At most ``limit`` reviews, drawn at random with ``seed``."""
        if limit is None or limit >= len(self):
            return self
        chosen = np.random.default_rng(seed).permutation(len(self))[:limit]
        return Part([self.ids[i] for i in chosen], self.labels[chosen])


@dataclass(frozen=True)
class Corpus:
    """What one recipe is trained on. ``fingerprint`` names vocabulary, split and reviews, for caches.

    ``sentences`` and ``parts`` are cut from the unlabelled reviews. ``origin`` is the dataset's.
    """

    vocabulary: Vocabulary
    training: Part
    validation: Part
    unlabelled: Part
    sentences: Part
    parts: Part
    fingerprint: str
    origin: TableOrigin | None = None


def read_corpus(
    data: Path | None,
    vocabulary_size: int,
    validation_size: int,
    seed: int,
    limit: int | None,
    unlabelled: bool = True,
    pieces: bool = False,
) -> Corpus:
    """Read, tokenize and cut the training half of the dataset; the test half is not touched.

    The vocabulary is counted over all 75,000 training reviews, labelled or not; without the unlabelled ones over
    those that are learnt from.

    Args:
        data: archive or folder, see ``imdb.read``.
        vocabulary_size: reserved entries counted in.
        validation_size: labelled reviews held out, see ``imdb.split_validation``.
        seed: places the validation blocks.
        limit: at most so many labelled (and twice as many unlabelled) reviews, for quick tries; None for all.
        unlabelled: whether the unlabelled reviews are read at all.
        pieces: whether sentences and parts are cut from them.
    """
    dataset = imdb.read(data, ("train", "unsup") if unlabelled else ("train",))
    training, validation = imdb.split_validation(dataset.train, seed, validation_size)
    if not unlabelled:
        training = _drawn(training, limit, seed)
        validation = _drawn(validation, limit and max(200, limit // 4), seed)
        return replace(_corpus(training, validation, vocabulary_size), origin=dataset.origin)
    parts = [_tokenized(reviews) for reviews in (training, validation, dataset.unsupervised)]
    vocabulary = Vocabulary.count((words for part in parts for words in part[0]), vocabulary_size)
    encoded = [Part([vocabulary.encode(words) for words in part[0]], part[1]) for part in parts]
    if limit is not None:
        encoded = [
            part.head(n, seed) for part, n in zip(encoded, (limit, max(200, limit // 4), 2 * limit), strict=True)
        ]
    sentences = _unjudged(drawn(dataset.unsupervised[: limit and 2 * limit], vocabulary, seed) if pieces else [])
    halves = _unjudged(cut_in_two(encoded[2].ids, seed) if pieces else [])
    mark = fingerprint(vocabulary, encoded)
    return Corpus(vocabulary, encoded[0], encoded[1], encoded[2], sentences, halves, mark)


def read_article_corpus(data: Path | None, recipe: Article, limit: int | None) -> Corpus:
    """Read, tokenize and cut the reviews as a published system does; see ``Article`` for the ways to cut.

    The vocabulary is counted over the labelled training reviews. ``unlabelled`` is empty.

    Args:
        data: archive or folder, see ``imdb.read``.
        limit: at most so many training reviews, for quick tries; None for all.
    """
    dataset = imdb.read(data, ("train", "test") if recipe.test_reviews or recipe.validation_steps else ("train",))
    reviews = list(dataset.train)
    if recipe.test_reviews:
        reviews, _ = cut_pooled(dataset, recipe.test_reviews, recipe.seed)
    order = np.random.default_rng(recipe.seed).permutation(len(reviews))[:limit]
    reviews = [reviews[i] for i in order]
    held_out: list[imdb.Review] = []
    if recipe.validation_share:
        kept = len(reviews) - round(recipe.validation_share * len(reviews))
        reviews, held_out = reviews[:kept], reviews[kept:]
    elif recipe.validation_steps:
        size = recipe.validation_steps * recipe.batch_size
        chosen = np.random.default_rng(recipe.seed).permutation(len(dataset.test))[: min(size, limit or size)]
        held_out = [dataset.test[i] for i in chosen]
    return replace(_corpus(reviews, held_out, recipe.vocabulary), origin=dataset.origin)


def cut_pooled(dataset: imdb.Dataset, test_reviews: int, seed: int) -> tuple[list[imdb.Review], list[imdb.Review]]:
    """All 50,000 labelled reviews, shuffled and cut: ``(training, test)``. Not the official split."""
    pooled = dataset.train + dataset.test
    order = np.random.default_rng(seed).permutation(len(pooled))
    test = [pooled[i] for i in order[:test_reviews]]
    return [pooled[i] for i in order[test_reviews:]], test


def _corpus(training: Iterable[imdb.Review], validation: Iterable[imdb.Review], vocabulary_size: int) -> Corpus:
    """Tokenized labelled reviews, the vocabulary counted over the training ones; ``unlabelled`` is empty."""
    tokenized = [_tokenized(reviews) for reviews in (training, validation)]
    vocabulary = Vocabulary.count(tokenized[0][0], vocabulary_size)
    parts = [Part([vocabulary.encode(words) for words in part[0]], part[1]) for part in tokenized]
    nothing = _unjudged([])
    return Corpus(vocabulary, parts[0], parts[1], nothing, nothing, nothing, fingerprint(vocabulary, parts))


def _unjudged(ids: list[np.ndarray]) -> Part:
    return Part(ids, np.zeros(len(ids), np.float32))


def _drawn(reviews: list[imdb.Review], limit: int | None, seed: int) -> list[imdb.Review]:
    """At most ``limit`` reviews, drawn at random with ``seed``."""
    return [reviews[i] for i in np.random.default_rng(seed).permutation(len(reviews))[:limit]]


def fingerprint(vocabulary: Vocabulary, parts: Iterable[Part]) -> str:
    """Sixteen hex digits that name a vocabulary and these texts: by the length of each, and its label."""
    digest = hashlib.sha256("\n".join(vocabulary.words).encode())
    for part in parts:
        digest.update(np.array([len(ids) for ids in part.ids]).tobytes() + part.labels.tobytes())
    return digest.hexdigest()[:16]


def _tokenized(reviews: Iterable[imdb.Review]) -> tuple[list[list[str]], np.ndarray]:
    interned: dict[str, str] = {}
    reviews = tuple(reviews)
    documents = [[interned.setdefault(word, word) for word in keys(review.text)] for review in reviews]
    return documents, np.array([review.label for review in reviews], np.float32)
