"""``states.npz``: a network's hidden states over the test reviews. Read by ``models.explain.state_space``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models import artifacts, one_move
from models.explain.state_space import FILE, fitted
from models.explain.view import readout
from models.nn.cells import Reading
from models.sentiment import SentimentModel
from models.text import RESERVED

Array = np.ndarray
Batch = tuple[list[int], Array, Array, list[tuple[Reading, Reading | None]]]

SAMPLE = 60_000
CLOUD = 3_000
WORDS = 12
LEAST_OCCURRENCES = 30


def write_states(model: SentimentModel, documents: Sequence[Array], labels: Array, seed: int = 1) -> Path:
    """Read the test reviews (about a minute for 25,000) and write ``states.npz`` into the model's folder.

    The components and the spread come from ``SAMPLE`` states, drawn from all words of all reviews with
    equal chance; the words that raise and lower a unit from all occurrences. The card's checksums are not touched.

    Args:
        documents: encoded reviews, (timesteps,) ids each.
        labels: 0 or 1 each.
    """
    taken = _sample([min(len(ids), model.card.max_timesteps) for ids in documents], seed)
    one_word = model.trace(model.vocabulary.words[len(RESERVED)])
    layers = one_word.layers
    sampled: list[list[Array]] = [[] for _ in layers]
    seen_labels: list[Array] = []
    seen_places: list[Array] = []
    moves = [_Moves(len(model.vocabulary), layer.hidden_states.shape[1]) for layer in layers]
    for which, lengths, ids, readings in read_many(model, documents, "states"):
        columns = np.repeat(np.arange(len(which)), [len(taken[review]) for review in which])
        words = np.concatenate([taken[review] for review in which]).astype(int)
        read = np.array([min(len(documents[review]), model.card.max_timesteps) for review in which])
        timesteps = words + (lengths - read)[columns]  # behind the padding, where that is read
        seen_labels.append(labels[np.asarray(which)][columns])
        seen_places.append((words + 1) / read[columns])
        both_ways = [reading for both in readings for reading in both if reading is not None]
        for place, (layer, reading) in enumerate(zip(layers, both_ways, strict=True)):
            sampled[place].append(reading.hidden_states[timesteps, columns])
            moves[place].add(ids, lengths, reading.hidden_states, layer.direction == "backward")
    arrays: dict[str, Array] = {
        "format": np.array(artifacts.FORMAT),
        "layers": np.array([layer.name for layer in layers]),
        "reviews": np.array(len(documents)),
        "states": np.array(sum(len(part) for part in seen_labels)),
    }
    shown = np.random.default_rng(seed).permutation(int(arrays["states"]))[:CLOUD]
    for place in range(len(layers)):
        weights = readout(one_word, place) if model.network.hidden is None else None
        found = fitted(np.concatenate(sampled[place]), shown, weights)
        found |= {
            "cloud": found["cloud"].astype(np.float16),
            "cloud_labels": np.concatenate(seen_labels)[shown].astype(np.uint8),
            "cloud_places": np.concatenate(seen_places)[shown].astype(np.float16),
            **moves[place].strongest(),
        }
        if weights is not None:
            found["readout"] = weights
        arrays |= {f"{place}/{field}": values for field, values in found.items()}
    path = model.card.folder / FILE
    with one_move.written(path) as fresh, fresh.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return path


def read_many(model: SentimentModel, documents: Sequence[Array], title: str) -> Iterator[Batch]:
    """Read encoded reviews in batches of like length, with a progress bar on a terminal; empty ones are left out.

    Yields:
        which reviews, their lengths, their ids (timesteps, reviews) padded at the end, readings as from
        ``Network.read``.
    """
    with tqdm(desc=title, total=len(documents), unit=" reviews", disable=None) as bar:
        for which, lengths, ids in model.batches(documents):
            yield which, lengths, ids, model.network.read(ids, lengths)
            bar.update(len(which))


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
