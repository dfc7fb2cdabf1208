"""A model of the shelf as people use it: ``predict`` many reviews, ``trace`` one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from models import explain
from models.cells import Reading
from models.errors import EmptyReview
from models.network import Network
from models.text import Token, Vocabulary, has_words, keys

if TYPE_CHECKING:
    from models.catalog import ModelCard

Array = np.ndarray
Batch = tuple[list[int], Array, Array, list[tuple[Reading, Reading | None]]]

# So many word positions are walked over at once when scoring: enough to keep matrix products busy, 100 MB at most.
_TOKENS_PER_BATCH = 48_000
_REVIEWS_PER_BATCH = 192


@dataclass(frozen=True, slots=True)
class Truncation:
    """How many tokens of a review were not read, and at which end they lie. False when everything was read."""

    tokens: int = 0
    end: Literal["start", "end"] = "end"

    def __bool__(self) -> bool:
        return self.tokens > 0


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """One recurrent layer reading one review in one direction; all arrays (timesteps, units) float32.

    Attributes:
        name: for headings and files: "recurrent", "layer 1 forward", ...
        direction: "forward" or "backward"; both are indexed by word position.
        hidden_states: −1…1.
        cell_states: LSTM only, else None; unbounded.
        gates: by name, 0…1, and the candidate, −1…1; empty for a SimpleRNN.
    """

    name: str
    direction: Literal["forward", "backward"]
    hidden_states: Array
    cell_states: Array | None
    gates: dict[str, Array]


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that happened while one model read one review.

    Attributes:
        tokens: what was read, in order.
        unread: tokens left out because the review is longer than ``max_timesteps``.
        truncated: how many those are, and at which end.
        logit: of the verdict, in nats. ``probability`` is P(positive), 0…1.
        running_logits: (timesteps,), the verdict if the review ended after this word; None where the network also
            reads from the end.
        layers: input side first; of a bidirectional layer forward, then backward.
        contributions: (timesteps,); ``contributions.sum() + bias == logit``.
        readout: (units,) of the top layer: how a unit's value counts for the verdict, summed over poolings.
    """

    tokens: tuple[Token, ...]
    unread: tuple[Token, ...]
    truncated: Truncation
    logit: float
    probability: float
    running_logits: Array | None
    layers: tuple[LayerTrace, ...]
    contributions: Array
    bias: float
    readout: Array

    @property
    def running_probabilities(self) -> Array | None:
        """P(positive) after every word, (timesteps,)."""
        return None if self.running_logits is None else sigmoid(self.running_logits)

    @property
    def known(self) -> int:
        """How many of the tokens the vocabulary has."""
        return sum(token.known for token in self.tokens)


class SentimentModel:
    """A network with its vocabulary and card. Shared by all visitors: nothing in it changes after loading."""

    def __init__(self, card: ModelCard, vocabulary: Vocabulary, network: Network) -> None:
        self.card, self.vocabulary, self.network = card, vocabulary, network

    def trace(self, review: str) -> Trace:
        """Read one review and keep everything.

        Raises:
            EmptyReview: when no word is left.
        """
        tokens = self.vocabulary.tokenize(review)
        if not has_words(tokens):
            raise EmptyReview("no word to read")
        limit = self.card.max_timesteps
        tokens, unread = tokens[:limit], tokens[limit:]
        ids = np.fromiter((token.id for token in tokens), np.int32)[:, None]
        lengths = np.array([len(tokens)])
        readings = self.network.read(ids, lengths)
        top = readings[-1]
        logit = float(self.network.final_logits(top, lengths)[0])
        running = None
        if self.network.streams:
            running = explain.running_logits(self.network, top[0].hidden_states[:, 0])
        size = self.network.layers[-1].units
        return Trace(
            tokens=tokens,
            unread=unread,
            truncated=Truncation(len(unread)),
            logit=logit,
            probability=float(sigmoid(np.array(logit))),
            running_logits=running,
            layers=tuple(_layer_traces(readings)),
            contributions=explain.contributions(self.network, top, 0, len(tokens)),
            bias=self.network.bias,
            readout=self.network.weights.reshape(-1, size).sum(0),
        )

    def predict(self, reviews: Sequence[str]) -> Array:
        """P(positive) of any number of reviews, (n,) float32 in 0…1; NaN where there is no word to read."""
        documents = [keys(review) for review in reviews]
        probabilities = sigmoid(self.logits_of_ids([self.vocabulary.encode(words) for words in documents]))
        empty = [not any(c.isalnum() for word in words for c in word) for words in documents]
        probabilities[np.array(empty, bool)] = np.nan
        return np.asarray(probabilities, np.float32)

    def logits_of_ids(self, documents: Sequence[Array]) -> Array:
        """(n,) float32 logits of already encoded reviews; the bias alone for an empty one."""
        logits = np.full(len(documents), self.network.bias, np.float32)
        for chosen, lengths, _, readings in self.read_many(documents):
            logits[chosen] = self.network.final_logits(readings[-1], lengths)
        return logits

    def read_many(self, documents: Sequence[Array]) -> Iterator[Batch]:
        """Read encoded reviews in batches of like length: ``(which, lengths, ids, readings)``, empty ones left out.

        ``ids`` is (timesteps, reviews), padded at the end; ``readings`` as from ``Network.read``.
        """
        cut = [ids[: self.card.max_timesteps] for ids in documents]
        order = sorted((i for i, ids in enumerate(cut) if len(ids)), key=lambda i: -len(cut[i]))
        for chosen in _batches(order, [len(ids) for ids in cut]):
            lengths = np.array([len(cut[i]) for i in chosen])
            ids = np.zeros((lengths[0], len(chosen)), np.int32)
            for column, i in enumerate(chosen):
                ids[: lengths[column], column] = cut[i]
            yield chosen, lengths, ids, self.network.read(ids, lengths)


def sigmoid(logits: Array) -> Array:
    """P = 1 / (1 + e⁻ˡ), without overflow."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * np.asarray(logits)))


def _batches(order: list[int], lengths: list[int]) -> Iterable[list[int]]:
    """Cut reviews, longest first, into batches of like length."""
    start = 0
    while start < len(order):
        size = max(1, min(_REVIEWS_PER_BATCH, _TOKENS_PER_BATCH // lengths[order[start]]))
        yield order[start : start + size]
        start += size


def _layer_traces(readings: list[tuple[Reading, Reading | None]]) -> Iterable[LayerTrace]:
    for depth, (forward, backward) in enumerate(readings):
        prefix = f"layer {depth + 1}" if len(readings) > 1 else "layer"
        if backward is None:
            yield _layer_trace(prefix if len(readings) > 1 else "recurrent", "forward", forward)
        else:
            yield _layer_trace(f"{prefix} forward", "forward", forward)
            yield _layer_trace(f"{prefix} backward", "backward", backward)


def _layer_trace(name: str, direction: Literal["forward", "backward"], reading: Reading) -> LayerTrace:
    cells = None if reading.cell_states is None else reading.cell_states[:, 0]
    return LayerTrace(
        name, direction, reading.hidden_states[:, 0], cells, {k: v[:, 0] for k, v in reading.gates.items()}
    )
