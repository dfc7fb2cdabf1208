"""Reviews as padded batches for Keras, sorted so that reviews of like length go together."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from models.text import OUT_OF_VOCABULARY
from models.training.data.corpus import NOBODY_JUDGED, Part
from models.training.recipe import Article, Recipe
from models.training.teachers.additions import Additions


def pad(documents: Sequence[np.ndarray], least: int = 1) -> np.ndarray:
    """``(n, longest)`` int32, padded at the end with 0 to at least ``least`` timesteps."""
    padded = np.zeros((len(documents), max(least, max(map(len, documents)))), np.int32)
    for row, ids in zip(padded, documents, strict=True):
        row[: len(ids)] = ids
    return padded


def windowed(ids: np.ndarray, window: int) -> np.ndarray:
    """At most ``window`` tokens: of a longer review its first quarter and its end."""
    if len(ids) <= window:
        return ids
    return np.concatenate([ids[: window // 4], ids[-(window - window // 4) :]])


def word_weights(lengths: np.ndarray, timesteps: int) -> np.ndarray:
    """How much each word's prediction counts, ``(n, timesteps)``: growing with position, mean 1 over a review."""
    position = np.arange(1, timesteps + 1, dtype=np.float32)
    weights = 2 * position / (lengths[:, None] + 1)
    return np.where(position <= lengths[:, None], weights, 0).astype(np.float32)


class _FreshEveryEpoch(keras.utils.PyDataset):
    """Batches that are drawn anew for every epoch."""

    _epoch: int
    _batches: list[np.ndarray]

    def on_epoch_end(self) -> None:
        """Move on to the next epoch's order."""
        self._epoch += 1
        self._draw()

    def __len__(self) -> int:
        return len(self._batches)

    def _draw(self) -> None:
        raise NotImplementedError


class TrainingBatches(_FreshEveryEpoch):
    """One epoch: all labelled reviews, the next share of the unlabelled ones and additions, in a fresh order.

    Every choice depends on ``(recipe.seed, epoch)`` alone, so an interrupted run continues as if it had not been.
    Yields ``(ids, targets, weights)`` for the outputs "final" (the verdict) and, if the recipe's loss asks for it,
    "running" (after every word).
    """

    def __init__(
        self, labelled: Part, unlabelled: Part, recipe: Recipe, additions: Additions | None = None, epoch: int = 0
    ) -> None:
        super().__init__()
        self._labelled, self._unlabelled, self._recipe, self._additions = labelled, unlabelled, recipe, additions
        self._epoch = epoch
        self._draw()

    def __getitem__(self, index: int) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]:
        chosen = self._batches[index]
        documents, targets = [self._documents[i] for i in chosen], self._targets[chosen]
        return supervised(documents, targets, self._recipe.running_loss > 0)

    def _draw(self) -> None:
        recipe = self._recipe
        random = np.random.default_rng((recipe.seed, self._epoch))
        share = min(recipe.unlabelled_per_epoch, len(self._unlabelled))
        turn = np.random.default_rng((recipe.seed, 10_000)).permutation(len(self._unlabelled))
        unlabelled = np.take(turn, np.arange(self._epoch * share, (self._epoch + 1) * share), mode="wrap")
        labelled = np.arange(len(self._labelled))
        if recipe.labelled_per_epoch:
            labelled = np.sort(random.permutation(labelled)[: recipe.labelled_per_epoch])
        documents = [self._crop(self._labelled.ids[i], random) for i in labelled]
        documents += [windowed(self._unlabelled.ids[i], recipe.window) for i in unlabelled]
        targets = [self._labelled.labels[labelled], self._unlabelled.labels[unlabelled]]
        if self._additions is not None:
            whole = [windowed(ids, recipe.window) for ids in self._labelled.ids]
            added, opinions = self._additions.draw(recipe, whole, self._labelled.labels, random)
            documents += [windowed(ids, recipe.window) for ids in added]
            targets.append(np.array(opinions, np.float32))
        self._documents = [self._forget_words(ids, random) for ids in documents]
        self._targets = np.concatenate(targets)
        order = random.permutation(len(self._documents))
        lengths = np.array([len(ids) for ids in self._documents])
        batches: list[np.ndarray] = []
        pool = 50 * recipe.batch_size
        for start in range(0, len(order), pool):
            sorted_pool = order[start : start + pool][np.argsort(lengths[order[start : start + pool]], kind="stable")]
            batches += cut(sorted_pool, recipe.batch_size)
        self._batches = different_first_two([batches[i] for i in random.permutation(len(batches))], lengths)

    def _crop(self, ids: np.ndarray, random: np.random.Generator) -> np.ndarray:
        if random.random() >= self._recipe.crops or len(ids) < 12:
            return windowed(ids, self._recipe.window)
        length = int(random.integers(8, min(120, len(ids)) + 1))
        start = int(random.integers(0, len(ids) - length + 1))
        return ids[start : start + length]

    def _forget_words(self, ids: np.ndarray, random: np.random.Generator) -> np.ndarray:
        forgotten = random.random(len(ids)) < self._recipe.word_dropout
        return np.where(forgotten, OUT_OF_VOCABULARY, ids).astype(np.int32)


class EvaluationBatches(keras.utils.PyDataset):
    """Whole reviews cut to ``limit`` tokens, longest last, with targets as in training."""

    def __init__(self, part: Part, limit: int, batch_size: int = 128, running: bool = True) -> None:
        super().__init__()
        documents = [ids[:limit] for ids in part.ids]
        lengths = np.array([len(ids) for ids in documents])
        order = np.argsort(lengths, kind="stable")
        self._batches = different_first_two(cut(order, batch_size), lengths)
        self._documents, self._targets, self._running = documents, part.labels, running

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]:
        chosen = self._batches[index]
        return supervised([self._documents[i] for i in chosen], self._targets[chosen], self._running)


class PlainBatches(_FreshEveryEpoch):
    """Labelled reviews in a fresh order every epoch: ``(ids, labels)``, ids filled up with 0 at the end.

    Args:
        recipe: says how much of a review is read, and at which end.
        ordered: the given order in every epoch.
    """

    def __init__(self, part: Part, recipe: Article, ordered: bool = False, epoch: int = 0) -> None:
        super().__init__()
        limit = recipe.max_timesteps
        if recipe.padding == "front":
            # All filled up to the same length: Keras takes what the first two batches share for the shape of all.
            self._documents = [pad([ids[-limit:]], limit)[0] for ids in part.ids]
        else:
            self._documents = [ids[:limit] for ids in part.ids]
        self._lengths = np.array([len(ids) for ids in self._documents])
        self._labels, self._size, self._epoch = part.labels, recipe.batch_size, epoch
        self._seed = None if ordered else recipe.seed
        self._draw()

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self._batches[index]
        return pad([self._documents[i] for i in chosen]), self._labels[chosen][:, None]

    def _draw(self) -> None:
        order = np.arange(len(self._documents))
        if self._seed is not None:
            order = np.random.default_rng((self._seed, self._epoch)).permutation(order)
        self._batches = different_first_two(cut(order, self._size), self._lengths)


def cut(order: np.ndarray, size: int) -> list[np.ndarray]:
    """Pieces of ``size``, the last one shorter."""
    return [order[start : start + size] for start in range(0, len(order), size)]


def different_first_two(batches: list[np.ndarray], lengths: np.ndarray) -> list[np.ndarray]:
    """The batches, the second one exchanged if it is as long as the first.

    Keras looks at the first two batches and takes what their shapes share for the shape of all: two of the same
    length at the start, and the first other one stops the training.
    """
    longest = [int(lengths[batch].max()) for batch in batches]
    other = next((i for i, length in enumerate(longest) if length != longest[0]), 0)
    if other > 1:
        batches[1], batches[other] = batches[other], batches[1]
    return batches


def supervised(
    documents: Sequence[np.ndarray], targets: np.ndarray, running: bool
) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """One batch with the targets and weights of the output "final" and, if asked for, "running".

    A review that nobody judged counts nothing.
    """
    ids = pad(documents)
    wanted, weights = {"final": targets[:, None]}, {"final": (targets != NOBODY_JUDGED).astype(np.float32)}
    if running:
        lengths = np.array([len(document) for document in documents])
        wanted["running"] = np.repeat(targets[:, None, None], ids.shape[1], 1)
        weights["running"] = word_weights(lengths, ids.shape[1]) * weights["final"][:, None]
    return ids, wanted, weights
