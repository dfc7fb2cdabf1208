"""Pieces of reviews: single sentences, and reviews cut in two."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from models.text import Vocabulary, keys, spans
from models.training.data import imdb

# The end of a sentence: a stop with whatever closes after it and a beginning behind it, or a line break.
_END = re.compile(
    r"""(?<!\b[A-Z])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)
        [.!?…]+["'”’)\]]*(?=\s+["'“‘(\[]?[A-Z0-9]|\s*\Z) | (?:<br\s*/?>|\n)+""",
    re.VERBOSE,
)
# Words of a sentence that is drawn: shorter ones seldom say anything, longer ones are lists.
LEAST_WORDS, _MOST_WORDS = 6, 45


def sentences(text: str) -> list[str]:
    """The sentences of a review in order, those without a letter or digit left out."""
    ends = [match.end() for match in _END.finditer(text)]
    cut = [text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [s for s in cut if any(c.isalnum() for start, end in spans(s) for c in s[start:end])]


def drawn(reviews: Iterable[imdb.Review], vocabulary: Vocabulary, seed: int) -> list[np.ndarray]:
    """Word ids of at most two sentences of every review, drawn with ``seed``."""
    random = np.random.default_rng((seed, 20_000))
    found: list[np.ndarray] = []
    for review in reviews:
        encoded = [vocabulary.encode(keys(sentence)) for sentence in sentences(review.text)]
        fitting = [ids for ids in encoded if LEAST_WORDS <= len(ids) <= _MOST_WORDS]
        found += [fitting[i] for i in random.permutation(len(fitting))[:2]]
    return found


def cut_in_two(documents: Iterable[np.ndarray], seed: int) -> list[np.ndarray]:
    """The word ids of every review's beginning and rest, cut at a random place between a quarter and three quarters.

    Of a review that is too short for two parts of ``LEAST_WORDS`` there are none.
    """
    random = np.random.default_rng((seed, 30_000))
    found: list[np.ndarray] = []
    for ids in documents:
        place = round(len(ids) * random.uniform(0.25, 0.75))
        if min(place, len(ids) - place) >= LEAST_WORDS:
            found += [ids[:place], ids[place:]]
    return found
