"""A model of the shelf as people use it: ``predict`` many reviews, ``trace`` one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.errors import EmptyReview
from models.explain import running as explain
from models.nn.cells import Reading, sigmoid
from models.nn.network import Network
from models.text import Token, Vocabulary, has_words, keys_of

if TYPE_CHECKING:
    from models.card import ModelCard

Array = np.ndarray

# So many word positions are walked over at once when scoring: enough to keep matrix products busy, 100 MB at most.
_TOKENS_PER_BATCH = 48_000
_REVIEWS_PER_BATCH = 192


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
        logit: of the verdict, in nats. ``probability`` is P(positive), 0…1.
        running_logits: (timesteps,), the verdict if the review ended after this word (and were read behind just as much
            padding, where that is read); None where the network also reads from the end.
        layers: input side first; of a bidirectional layer forward, then backward.
        contributions: (timesteps,); ``contributions.sum() + bias == logit``.
        bias: what does not come from a word: the output layer's bias and what the padding in front had done.
        readout: (units,) of the top layer: how a unit's value counts for the verdict, summed over poolings; with a
            relu layer before the output, how it counts in this very reading.
        padding: timesteps of padding that the network read before the first word. They are not among the tokens, nor in
            any array by timestep but those of ``readings``.
        readings: everything that was read, as from ``Network.read``.
        front: rows of what was read before the first word, where that is not only padding: a brought network may put
            an id of its own before every text.
    """

    tokens: tuple[Token, ...]
    unread: tuple[Token, ...]
    logit: float
    probability: float
    running_logits: Array | None
    layers: tuple[LayerTrace, ...]
    contributions: Array
    bias: float
    readout: Array
    padding: int = 0
    readings: tuple[tuple[Reading, Reading | None], ...] = ()
    front: tuple[int, ...] = ()

    @property
    def running_probabilities(self) -> Array | None:
        """P(positive) after every word, (timesteps,)."""
        return None if self.running_logits is None else sigmoid(self.running_logits)

    @property
    def unread_end(self) -> Literal["start", "end"]:
        """At which end of the review the words lie that were not read."""
        return "start" if self.unread and self.unread[0].start < self.tokens[0].start else "end"

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
        return self.trace_tokens(self.vocabulary.tokenize(review))

    def trace_tokens(self, tokens: Sequence[Token]) -> Trace:
        """The same of a review that is already in tokens of this model's vocabulary.

        Raises:
            EmptyReview: when no word is left.
        """
        if not has_words(tokens):
            raise EmptyReview("no word to read")
        read, unread = self.card.cut(tokens)
        ids = self._framed(np.fromiter((token.id for token in read), np.int32))
        readings = self.network.read(ids[:, None], np.array([len(ids)]))
        blank = Trace(read, unread, 0, 0, None, (), ids, 0, ids)
        return retraced(self.network, blank, readings)

    def _framed(self, ids: Array) -> Array:
        """The ids as the network meets them: cut, and with the padding in front where it reads padding."""
        limit = self.card.max_timesteps
        ids = ids[-limit:] if self.card.unread_end == "start" else ids[:limit]
        return np.concatenate([np.zeros(max(0, self.network.padded_to - len(ids)), np.int32), ids])

    def predict(self, reviews: Sequence[str]) -> Array:
        """P(positive) of any number of reviews, (n,) float32 in 0…1; NaN where there is no word to read."""
        documents = list(keys_of(reviews))
        probabilities = sigmoid(self.logits_of_ids(self.vocabulary.encode_all(documents)))
        empty = [not any(c.isalnum() for word in words for c in word) for words in documents]
        probabilities[np.array(empty, bool)] = np.nan
        return np.asarray(probabilities, np.float32)

    def logits_of_ids(self, documents: Sequence[Array]) -> Array:
        """(n,) float32 logits of already encoded reviews; the bias alone for an empty one."""
        logits = np.full(len(documents), self.network.bias, np.float32)
        words = np.zeros(len(self.network.embedding), bool)
        words[np.concatenate([np.zeros(1, np.int32), *(ids for ids in documents if len(ids))])] = True
        # Most words of a batch are the same few: each is looked up and projected once.
        rows = self.network.layers[0].project(self.network.embedding[words])
        places = np.cumsum(words) - 1
        for chosen, lengths, ids in self.batches(documents):
            logits[chosen] = self.network.verdicts(rows, places[ids], lengths)
        return logits

    def batches(self, documents: Sequence[Array]) -> Iterator[tuple[list[int], Array, Array]]:
        """Encoded reviews in batches of like length, longest first, as ``Network.read`` takes them; no empty ones.

        Yields:
            which reviews, their lengths, and their ids (timesteps, reviews), padded at the end.
        """
        cut = [self._framed(ids) if len(ids) else ids for ids in documents]
        order = sorted((i for i, ids in enumerate(cut) if len(ids)), key=lambda i: -len(cut[i]))
        for chosen in _batches(order, [len(ids) for ids in cut]):
            lengths = np.array([len(cut[i]) for i in chosen])
            ids = np.zeros((lengths[0], len(chosen)), np.int32)
            for column, i in enumerate(chosen):
                ids[: lengths[column], column] = cut[i]
            yield chosen, lengths, ids


def _batches(order: list[int], lengths: list[int]) -> Iterable[list[int]]:
    """Cut reviews, longest first, into batches of like length."""
    start = 0
    while start < len(order):
        size = max(1, min(_REVIEWS_PER_BATCH, _TOKENS_PER_BATCH // lengths[order[start]]))
        yield order[start : start + size]
        start += size


def retraced(network: Network, trace: Trace, readings: Sequence[tuple[Reading, Reading | None]]) -> Trace:
    """The trace of the same words with what ``readings`` (of one review, padding in front included) say of them."""
    top, timesteps = readings[-1], len(readings[-1][0].hidden_states)
    padding = timesteps - len(trace.tokens)
    pooled = network.pooled(top, np.array([timesteps]))
    logit = float(network.logits(pooled)[0])
    straight = network.linear_at(pooled)
    contributions = explain.contributions(straight, top)
    # What stands in front of the words is among what is pooled.
    running = explain.running_logits(network, top[0].hidden_states[:, 0])[padding:] if network.streams else None
    return replace(
        trace,
        logit=logit,
        probability=float(sigmoid(np.array(logit))),
        running_logits=running,
        layers=tuple(layer_traces(readings, slice(padding, None))),
        contributions=contributions[padding:],
        bias=straight.bias + float(contributions[:padding].sum()),
        readout=straight.weights.reshape(-1, network.layers[-1].units).sum(0),
        padding=padding,
        readings=tuple(readings),
    )


def layer_traces(
    readings: Sequence[tuple[Reading, Reading | None]], words: slice, backwards: Sequence[Sequence[bool]] | None = None
) -> Iterable[LayerTrace]:
    """What each layer did at the words.

    Args:
        words: which timesteps they are.
        backwards: of each layer, whether its first and its second direction walk from the end; without it, as ours do.
    """
    for depth, both in enumerate(readings):
        alone = both[1] is None
        name = f"layer {depth + 1}" if len(readings) > 1 else "recurrent" if alone else "layer"
        for which, reading in enumerate(both):
            if reading is not None:
                read = reading.each(lambda values: values[words, 0])
                from_the_end = which == 1 if backwards is None else backwards[depth][which]
                yield LayerTrace(
                    name if alone else f"{name} {('forward', 'backward')[which]}",
                    "backward" if from_the_end else "forward",
                    read.hidden_states,
                    read.cell_states,
                    read.gates,
                )
