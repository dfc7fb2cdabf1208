"""Word vectors learnt from the training reviews themselves: skip-gram with negative sampling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.text import OUT_OF_VOCABULARY, PADDING
from models.training.data.corpus import Corpus


def skip_gram(corpus: Corpus, dimensions: int, seed: int, cache: Path) -> np.ndarray:
    """Vectors of all words, ``(vocabulary, dimensions)`` float32, row 0 zero; scaled to unit spread.

    Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their Compositionality". One worker,
    so that the same seed gives the same vectors (about five minutes).

    Args:
        corpus: its labelled training, validation and unlabelled texts are read, never a label.
        cache: folder where the finished vectors are kept.
    """
    saved = cache / f"skip_gram-{corpus.fingerprint}-{dimensions}-{seed}.npy"
    if saved.exists():
        return np.asarray(np.load(saved))
    from gensim.models import Word2Vec

    words = np.array(corpus.vocabulary.words)
    documents = [*corpus.training.ids, *corpus.validation.ids, *corpus.unlabelled.ids]
    model = Word2Vec(
        sentences=_Sentences(documents, words),
        vector_size=dimensions,
        sg=1,
        window=5,
        negative=5,
        sample=1e-4,
        epochs=4,
        min_count=1,
        workers=1,
        seed=seed,
    )
    vectors = np.random.default_rng(seed).normal(0, 0.1, (len(words), dimensions)).astype(np.float32)
    for token_id, word in enumerate(words):
        if word in model.wv:
            vectors[token_id] = model.wv[word]
    vectors -= vectors.mean(0)
    vectors /= vectors.std()
    vectors *= 0.4
    vectors[PADDING] = 0
    vectors[OUT_OF_VOCABULARY] *= 0.5
    cache.mkdir(parents=True, exist_ok=True)
    np.save(saved, vectors)
    return vectors


class _Sentences:
    """Documents as lists of words, again at every pass; gensim iterates several times."""

    def __init__(self, documents: list[np.ndarray], words: np.ndarray) -> None:
        self.documents, self.words = documents, words

    def __iter__(self) -> Iterator[list[str]]:
        for ids in self.documents:
            yield self.words[ids].tolist()
