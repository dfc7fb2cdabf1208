"""A naive-Bayes-weighted linear model over words and word pairs: the teacher, and the yardstick to beat.

Wang & Manning 2012, "Baselines and Bigrams: Simple, Good Sentiment and Topic Classification".
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.training.data.corpus import Part


class NaiveBayesWeighted:
    """Fit on labelled reviews; ``logits`` of any others. Binary features, those met in two reviews or more."""

    def __init__(self, vocabulary: int) -> None:
        self._size = vocabulary

    def fit(self, part: Part, seed: int) -> NaiveBayesWeighted:
        """Learn from ``part``, whose labels are 0 or 1."""
        from sklearn.linear_model import LogisticRegression

        features = [self._codes(ids) for ids in part.ids]
        codes, counts = np.unique(np.concatenate(features), return_counts=True)
        self._kept = codes[counts >= 2]
        matrix = self._matrix(features)
        positive = part.labels > 0.5
        p = 1 + np.asarray(matrix[positive].sum(0)).ravel()
        q = 1 + np.asarray(matrix[~positive].sum(0)).ravel()
        self._ratio = np.log(p / p.sum()) - np.log(q / q.sum())
        weighted = matrix.multiply(self._ratio).tocsr()
        model = LogisticRegression(C=0.1, solver="liblinear", dual=True, random_state=seed, max_iter=200)
        model.fit(weighted, positive)
        self._weights = self._ratio * model.coef_.ravel()
        self._bias = float(model.intercept_[0])
        return self

    def logits(self, documents: list[np.ndarray]) -> np.ndarray:
        """``(n,)`` float32 logits."""
        scores = self._matrix([self._codes(ids) for ids in documents]) @ self._weights + self._bias
        return np.asarray(scores, np.float32)

    def _codes(self, ids: np.ndarray) -> np.ndarray:
        wide = ids.astype(np.int64)
        return np.unique(np.concatenate([wide, wide[:-1] * self._size + wide[1:] + self._size]))

    def _matrix(self, features: list[np.ndarray]) -> sparse.csr_matrix:
        rows, columns = [], []
        for codes in features:
            place = np.searchsorted(self._kept, codes).clip(max=len(self._kept) - 1)
            columns.append(place[self._kept[place] == codes])
            rows.append(len(columns[-1]))
        indptr = np.concatenate([[0], np.cumsum(rows)])
        indices = np.concatenate(columns)
        return sparse.csr_matrix((np.ones(len(indices), np.float32), indices, indptr), (len(features), len(self._kept)))
