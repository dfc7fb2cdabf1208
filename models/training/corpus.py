"""The reviews of the dataset as word ids, cut into training, validation, test and unlabelled parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.text import Vocabulary, keys
from models.training import imdb


@dataclass(frozen=True)
class Part:
    """Reviews of one part: ``ids`` one int32 array a review, ``labels`` float32 (0, 1, or a teacher's opinion)."""

    ids: list[np.ndarray]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def head(self, limit: int | None, seed: int = 0) -> Part:
        """At most ``limit`` reviews, drawn at random with ``seed``."""
        if limit is None or limit >= len(self):
            return self
        chosen = np.random.default_rng(seed).permutation(len(self))[:limit]
        return Part([self.ids[i] for i in chosen], self.labels[chosen])


@dataclass(frozen=True)
class Corpus:
    """What one recipe is trained on. ``fingerprint`` names vocabulary, split and reviews, for caches."""

    vocabulary: Vocabulary
    training: Part
    validation: Part
    unlabelled: Part
    fingerprint: str


def read_corpus(data: Path | None, vocabulary_size: int, validation_size: int, seed: int, limit: int | None) -> Corpus:
    """Read, tokenize and cut the training half of the dataset; the test half is not touched.

    The vocabulary is counted over all 75,000 training reviews, labelled or not.

    Args:
        data: archive or folder, see ``imdb.read``.
        vocabulary_size: reserved entries counted in.
        validation_size: labelled reviews held out, see ``imdb.split_validation``.
        seed: places the validation blocks.
        limit: at most so many labelled (and twice as many unlabelled) reviews, for quick tries; None for all.
    """
    dataset = imdb.read(data)
    training, validation = imdb.split_validation(dataset.train, seed, validation_size)
    parts = [_tokenized(reviews) for reviews in (training, validation, dataset.unsupervised)]
    vocabulary = Vocabulary.count((words for part in parts for words in part[0]), vocabulary_size)
    encoded = [Part([vocabulary.encode(words) for words in part[0]], part[1]) for part in parts]
    if limit is not None:
        encoded = [
            part.head(n, seed) for part, n in zip(encoded, (limit, max(200, limit // 4), 2 * limit), strict=True)
        ]
    digest = hashlib.sha256("\n".join(vocabulary.words).encode())
    for part in encoded:
        digest.update(np.array([len(ids) for ids in part.ids]).tobytes() + part.labels.tobytes())
    return Corpus(vocabulary, encoded[0], encoded[1], encoded[2], digest.hexdigest()[:16])


def _tokenized(reviews: Iterable[imdb.Review]) -> tuple[list[list[str]], np.ndarray]:
    interned: dict[str, str] = {}
    reviews = tuple(reviews)
    documents = [[interned.setdefault(word, word) for word in keys(review.text)] for review in reviews]
    return documents, np.array([review.label for review in reviews], np.float32)
