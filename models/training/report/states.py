"""``states.npz``: a network's hidden states over the test reviews. Read by ``models.explain.state_space``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models import one_move
from models.explain.state_space import FILE, QUANTILES
from models.nn.cells import Reading
from models.saved_arrays import FORMAT
from models.sentiment import Batch, SentimentModel
from models.text import RESERVED

Array = np.ndarray

COMPONENTS = 8
SAMPLE = 60_000
CLOUD = 3_000
WORDS = 12
LEAST_OCCURRENCES = 30


def write_states(model: SentimentModel, documents: Sequence[Array], labels: Array, seed: int = 1) -> Path:
    """Read the test reviews (about a minute for 25,000) and write ``states.npz`` into the model's folder.

    The components, quantiles, mean and spread come from ``SAMPLE`` states, drawn from all words of all reviews with
    equal chance; the words that raise and lower a unit from all occurrences. The card's checksums are not touched.

    Args:
        documents: encoded reviews, (timesteps,) ids each.
        labels: 0 or 1 each.
    """
    taken = _sample([min(len(ids), model.card.max_timesteps) for ids in documents], seed)
    names, sizes = _places(model)
    sampled: list[list[Array]] = [[] for _ in names]
    seen_labels: list[Array] = []
    seen_places: list[Array] = []
    moves = [_Moves(len(model.vocabulary), size) for size in sizes]
    for which, lengths, ids, readings in read_many(model, documents, "states"):
        columns = np.repeat(np.arange(len(which)), [len(taken[review]) for review in which])
        words = np.concatenate([taken[review] for review in which]).astype(int)
        read = np.array([min(len(documents[review]), model.card.max_timesteps) for review in which])
        timesteps = words + (lengths - read)[columns]  # behind the padding, where that is read
        seen_labels.append(labels[np.asarray(which)][columns])
        seen_places.append((words + 1) / read[columns])
        for place, (reading, backward) in enumerate(_flat(readings)):
            sampled[place].append(reading.hidden_states[timesteps, columns])
            moves[place].add(ids, lengths, reading.hidden_states, backward)
    arrays: dict[str, Array] = {
        "format": np.array(FORMAT),
        "layers": np.array(names),
        "reviews": np.array(len(documents)),
        "states": np.array(sum(len(part) for part in seen_labels)),
    }
    shown = np.random.default_rng(seed).permutation(int(arrays["states"]))[:CLOUD]
    readouts = _readouts(model, len(names))
    for place in range(len(names)):
        states = np.concatenate(sampled[place]).astype(np.float64)
        center, components, explained = principal_components(states, COMPONENTS)
        readout = readouts[place]
        if readout is not None:
            # To the right is to the positive.
            components *= np.where(components @ readout < 0, -1, 1)[:, None]
        found: dict[str, Array] = {
            "center": center.astype(np.float32),
            "components": components.astype(np.float32),
            "explained": explained.astype(np.float32),
            "cloud": ((states[shown] - center) @ components[:3].T).astype(np.float16),
            "cloud_labels": np.concatenate(seen_labels)[shown].astype(np.uint8),
            "cloud_places": np.concatenate(seen_places)[shown].astype(np.float16),
            "mean": states.mean(0).astype(np.float32),
            "spread": states.std(0).astype(np.float32),
            "quantiles": np.quantile(states, QUANTILES, axis=0).astype(np.float32),
            **moves[place].strongest(),
        }
        if readout is not None:
            found["readout"] = readout.astype(np.float32)
        arrays |= {f"{place}/{field}": values for field, values in found.items()}
    path = model.card.folder / FILE
    with one_move.written(path) as fresh, fresh.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return path


def read_many(model: SentimentModel, documents: Sequence[Array], title: str) -> Iterator[Batch]:
    """``model.read_many`` with a progress bar on a terminal: of a large network it takes many minutes."""
    with tqdm(desc=title, total=len(documents), unit=" reviews", disable=None) as bar:
        for batch in model.read_many(documents):
            yield batch
            bar.update(len(batch[0]))


def principal_components(states: Array, k: int) -> tuple[Array, Array, Array]:
    """Mean (units,), the first ``k`` principal axes (k, units) and their shares of the variance (k,), float64.

    The eigenvectors of the covariance; each turned so that its largest entry is positive, which makes them repeatable.
    scikit-learn's, to which tests hold them, would have to be installed wherever a network is judged.
    """
    center = states.mean(0)
    away = states - center
    variances, axes = np.linalg.eigh(away.T @ away / max(1, len(states) - 1))
    order = np.argsort(variances)[::-1][:k]
    components = axes[:, order].T
    largest = components[np.arange(len(components)), np.abs(components).argmax(1)]
    components = components * np.where(largest < 0, -1, 1)[:, None]
    return center, components, variances[order].clip(0) / max(variances.clip(0).sum(), np.finfo(float).tiny)


class _Moves:
    """Mean change of every unit at every word of the vocabulary."""

    def __init__(self, vocabulary: int, units: int) -> None:
        self._sums = np.zeros((units, vocabulary))
        self._counts = np.zeros(vocabulary, np.int64)

    def add(self, ids: Array, lengths: Array, states: Array, backward: bool) -> None:
        """Count a batch: ids (timesteps, reviews) and states (timesteps, reviews, units), zero after a review's end."""
        before = np.zeros_like(states)
        if backward:
            before[:-1] = states[1:]
        else:
            before[1:] = states[:-1]
        real = np.arange(len(ids))[:, None] < lengths
        words, moved = ids[real], np.ascontiguousarray((states - before)[real].T)
        size = len(self._counts)
        self._counts += np.bincount(words, minlength=size)
        for unit, values in enumerate(moved):
            self._sums[unit] += np.bincount(words, weights=values, minlength=size)

    def strongest(self) -> dict[str, Array]:
        """The ``WORDS`` words that raise and lower each unit most, of those met ``LEAST_OCCURRENCES`` times."""
        frequent = np.flatnonzero(self._counts >= LEAST_OCCURRENCES)
        frequent = frequent[frequent >= len(RESERVED)]
        means = self._sums[:, frequent] / self._counts[frequent]
        units, n = len(means), min(WORDS, len(frequent))
        found: dict[str, Array] = {}
        for ids, sizes, sign in (("raising", "rise", -1), ("lowering", "fall", 1)):
            order = np.argsort(sign * means, axis=1, kind="stable")[:, :n]
            found[ids] = np.full((units, WORDS), -1, np.int32)
            found[sizes] = np.full((units, WORDS), np.nan, np.float32)
            found[ids][:, :n] = frequent[order]
            found[sizes][:, :n] = np.take_along_axis(means, order, 1)
        return found


def _sample(lengths: Sequence[int], seed: int) -> list[Array]:
    """Which timesteps of every review are taken: ``SAMPLE`` of all words, each with the same chance."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    chosen = np.sort(np.random.default_rng(seed).choice(total, min(SAMPLE, total), replace=False))
    review = np.searchsorted(ends, chosen, "right")
    timesteps = chosen - (ends - lengths)[review]
    return np.split(timesteps, np.searchsorted(review, np.arange(1, len(lengths))))


def _flat(readings: list[tuple[Reading, Reading | None]]) -> Iterator[tuple[Reading, bool]]:
    """All directions of all layers in the order of ``Trace.layers``, and whether they read from the end."""
    for forward, backward in readings:
        yield forward, False
        if backward is not None:
            yield backward, True


def _places(model: SentimentModel) -> tuple[list[str], list[int]]:
    """Names and sizes of the layers as traces have them: a trace of one word tells."""
    trace = model.trace(model.vocabulary.words[len(RESERVED)])
    return [layer.name for layer in trace.layers], [layer.hidden_states.shape[1] for layer in trace.layers]


def _readouts(model: SentimentModel, places: int) -> list[Array | None]:
    """How every unit counts for the verdict, summed over poolings; None below the top layer and under a relu layer."""
    top = model.network.layers[-1]
    if model.network.hidden is not None:
        return [None] * places
    weights = model.network.weights.reshape(-1, top.units).sum(0)
    parts: list[Array | None] = [weights[: top.forward.units]]
    if top.backward is not None:
        parts.append(weights[top.forward.units :])
    return [*[None] * (places - len(parts)), *parts]
