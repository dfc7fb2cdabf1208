"""Words that a network holds to be alike: neighbours in its own embedding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.sentiment import SentimentModel
from models.text import RESERVED, keys


def nearest(model: SentimentModel, ids: Sequence[int], count: int = 8) -> list[list[str]]:
    """The ``count`` nearest words of each id, by the cosine of their word vectors, nearest first.

    Only words of letters are given, so that what stands in a review stays a word; none for a reserved id.
    """
    vectors = model.network.embedding[: len(model.vocabulary)]
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    asked = [i for i in dict.fromkeys(ids) if i >= len(RESERVED) and lengths[i] > 0]
    if not asked:
        return [[] for _ in ids]
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = (vectors[asked] @ vectors.T) / lengths
    cosine[:, : len(RESERVED)] = -np.inf
    cosine[~np.isfinite(cosine)] = -np.inf
    cosine[np.arange(len(asked)), asked] = -np.inf
    # More than asked for, as those that are no plain words are left out.
    wanted = min(4 * count + 8, cosine.shape[1])
    best = np.argpartition(-cosine, wanted - 1, axis=1)[:, :wanted]
    words = model.vocabulary.words
    found: dict[int, list[str]] = {}
    for row, word_id in enumerate(asked):
        order = best[row][np.argsort(-cosine[row, best[row]], kind="stable")]
        plain = (words[i] for i in order if np.isfinite(cosine[row, i]) and _is_plain(words[i]))
        found[word_id] = [word for word, _ in zip(plain, range(count), strict=False)]
    return [found.get(word_id, []) for word_id in ids]


def _is_plain(word: str) -> bool:
    return word.replace("'", "").isalpha() and keys(word) == [word]
