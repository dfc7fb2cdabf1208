"""Other ways than the exact decomposition (``running.py``) to credit a verdict to words, and how far credits agree.

They answer different questions, so they need not agree:

- ``occlusion`` asks what the verdict would have been *without* a word. It is an experiment on the network, and it sees
  every effect of the word on what is read later; but two words that say the same may cover for each other, and both
  get nothing. Credits do not sum to the logit.
- ``integrated_gradients`` spreads the difference between this review and a review of unknown words over the word
  vectors, along a straight line between the two. It sums to that difference; but the line leads through vectors that
  are no words, and another baseline gives other credits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from models.nn.cells import Cell
from models.nn.gradients import backward, readout_gradients
from models.nn.network import Network
from models.sentiment import SentimentModel, Trace
from models.text import OUT_OF_VOCABULARY, PADDING

Array = np.ndarray

# Points in every stretch of the line; an odd number, so that the middle one is where a stretch can be halved.
_NODES = 7
_STRETCHES = 4
_MOST_STEPS = 64 * _NODES
_PASSES_AT_ONCE = 28
# A review that says no more than unknown words do leaves nothing to take 1 % of.
_LEAST_DIFFERENCE = 0.1


@dataclass(frozen=True, slots=True)
class IntegratedGradients:
    """Credits and how exactly they sum up.

    Attributes:
        credits: (timesteps,) float64, nats.
        difference: the review's logit minus that of as many unknown words: what the credits should sum to.
        gap: |sum of credits − difference| as a share of |difference| (of 0.1 nats, where it is smaller).
        steps: points on the line at which the gradient was taken.
    """

    credits: Array
    difference: float
    gap: float
    steps: int


def occlusion(model: SentimentModel, trace: Trace) -> Array:
    """Leave one word out: the logit minus the logit with this word replaced, (timesteps,) float32, nats.

    The word gives way to the *out of vocabulary* word, which networks have met in training; so the review keeps its
    length and every other word its place. A word that is out of vocabulary already gets exactly 0. Zeiler & Fergus
    2014 did this to pictures; Li, Monroe & Jurafsky 2016, "Understanding Neural Networks through Representation
    Erasure", to words.
    """
    network, ids = model.network, ids_of(trace)
    known = trace.padding + np.flatnonzero(ids[trace.padding :] != OUT_OF_VOCABULARY)
    credits = np.zeros(len(ids), np.float32)
    if network.hidden is None and (network.streams or len(network.layers) == 1):
        vectors, unknown = network.embedding[ids], network.embedding[OUT_OF_VOCABULARY]
        u = network.layers[0].forward.units
        forward = [layer.forward for layer in network.layers]
        logits = _without_each(forward, _blocks(network, slice(0, forward[-1].units)), vectors, unknown)
        if network.layers[0].backward is not None:
            backwards = _blocks(network, slice(u, None))
            logits += _without_each([network.layers[0].backward], backwards, vectors[::-1], unknown)[::-1]
        credits[known] = (trace.logit - network.bias - logits)[known]
        return credits[trace.padding :]
    documents = np.repeat(ids[None], len(known), 0)
    documents[np.arange(len(known)), known] = OUT_OF_VOCABULARY
    credits[known] = trace.logit - model.logits_of_ids(list(documents))
    return credits[trace.padding :]


def integrated_gradients(network: Network, trace: Trace, tolerance: float = 0.01) -> IntegratedGradients:
    """Integrated gradients on the word vectors: the difference from a review of unknown words, spread over the words.

    credit_t = (x_t − b) · ∫₀¹ ∂logit/∂x_t (b + α (x − b)) dα, where every word's baseline b is the vector of the
    *out of vocabulary* word (Sundararajan, Taly & Yan 2017, "Axiomatic Attribution for Deep Networks").

    On a long review the logit can jump within a thousandth of the line, so equal steps will not do. Each of four
    stretches is integrated with 7 Gauss-Legendre points, and those are halved whose result is farthest from the
    difference of the logits at their two ends, until the credits sum up within ``tolerance`` or some 450 points are
    used; ``gap`` says how far off they are.
    """
    ids = ids_of(trace)
    vectors = network.embedding[ids]
    baseline = network.embedding[np.where(np.arange(len(ids)) < trace.padding, ids, OUT_OF_VOCABULARY)]
    step = vectors - baseline
    ends = np.linspace(0, 1, _STRETCHES + 1)
    logits = [float(logit) for logit in _line(network, baseline, step, ends[:-1])[0]] + [trace.logit]
    difference = trace.logit - logits[0]
    allowed = tolerance * max(abs(difference), _LEAST_DIFFERENCE)
    parts = list(zip(ends.tolist(), ends[1:].tolist(), logits, logits[1:], strict=False))
    stretches = _integrate(network, baseline, step, parts)
    steps = len(parts) * _NODES
    while sum(stretch.gap for stretch in stretches) > allowed and steps < _MOST_STEPS:
        stretches.sort(key=lambda stretch: stretch.gap)
        halves = stretches.pop().halves()
        if stretches and stretches[-1].gap > allowed / 4:
            halves += stretches.pop().halves()
        stretches += _integrate(network, baseline, step, halves)
        steps += len(halves) * _NODES
    credits = np.sum([stretch.credits for stretch in stretches], 0)
    gap = float(abs(credits.sum() - difference) / max(abs(difference), _LEAST_DIFFERENCE))
    return IntegratedGradients(credits[trace.padding :], difference, gap, steps)


def rank_correlation(a: Array, b: Array) -> float | None:
    """Spearman's ρ between two lists of credits, −1…1; equal values share their mean rank.

    None where there is no order to compare: fewer than two words, or all credits equal.
    """
    found = float(pd.DataFrame({"a": a, "b": b}).corr("spearman").to_numpy()[0, 1])
    return None if math.isnan(found) else found


def ids_of(trace: Trace) -> Array:
    """Rows of the embedding matrix that were read, (padding + timesteps,) int32."""
    words = np.fromiter((token.id for token in trace.tokens), np.int32, len(trace.tokens))
    front = np.array(trace.front, np.int32) if trace.front else np.full(trace.padding, PADDING, np.int32)
    return np.concatenate([front, words])


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the line: its ends (0…1), the logits there and in the middle, what it credits to every word."""

    start: float
    end: float
    logit_start: float
    logit_end: float
    logit_middle: float
    credits: Array

    @property
    def gap(self) -> float:
        return abs(float(self.credits.sum()) - (self.logit_end - self.logit_start))

    def halves(self) -> list[tuple[float, float, float, float]]:
        middle = 0.5 * (self.start + self.end)
        return [
            (self.start, middle, self.logit_start, self.logit_middle),
            (middle, self.end, self.logit_middle, self.logit_end),
        ]


def _integrate(
    network: Network, baseline: Array, step: Array, parts: list[tuple[float, float, float, float]]
) -> list[_Stretch]:
    """Integrate over parts of the line, each given by its ends and the logits there."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    places = np.concatenate([a + (b - a) * (nodes + 1) / 2 for a, b, _, _ in parts])
    logits, along = _line(network, baseline, step, places)
    found = []
    for k, (start, end, logit_start, logit_end) in enumerate(parts):
        here = slice(k * _NODES, (k + 1) * _NODES)
        credits = (end - start) / 2 * (weights @ along[here])
        found.append(_Stretch(start, end, logit_start, logit_end, float(logits[here][_NODES // 2]), credits))
    return found


def _line(network: Network, baseline: Array, step: Array, places: Array) -> tuple[Array, Array]:
    """At ``baseline + place · step``: the logits (places,), the words' gradients along ``step`` (places, timesteps)."""
    logits, along = np.empty(len(places)), np.empty((len(places), len(step)))
    for start in range(0, len(places), _PASSES_AT_ONCE):
        part = slice(start, start + _PASSES_AT_ONCE)
        inputs = baseline[:, None] + places[part].astype(np.float32)[None, :, None] * step[:, None]
        lengths = np.full(inputs.shape[1], len(step))
        readings = network.read_vectors(np.ascontiguousarray(inputs), lengths)
        logits[part] = network.final_logits(readings[-1], lengths)
        # float32 is exact enough here, and twice as fast
        _, found = backward(network, readings, readout_gradients(network, readings[-1], np.float32))
        along[part] = np.einsum("tne,te->nt", found, step)
    return logits, along


def _blocks(network: Network, units: slice) -> dict[str, Array]:
    """The output weights of some of the top layer's units, by kind of pooling."""
    return {kind: network.weights[network.block(kind)][units] for kind in network.pooling}


def _without_each(cells: list[Cell], weights: dict[str, Array], vectors: Array, unknown: Array) -> Array:
    """What a stack of cells, walking in one direction, says of the review without its 1st, 2nd, … word, (timesteps,).

    Up to the word that is left out nothing changes. So one walk carries the undisturbed reading (row 0), and at every
    timestep one more reading leaves it: half the steps of reading every changed review from its beginning.
    """
    timesteps = len(vectors)
    projected, left_out = cells[0].project(vectors), cells[0].project(unknown)
    carried = [[np.zeros((timesteps + 1, cell.units), np.float32) for _ in range(cell.carried)] for cell in cells]
    top = carried[-1][0]
    total, highest = np.zeros_like(top), np.full_like(top, -np.inf)
    for t in range(timesteps):
        rows = t + 2
        for array in (*chain.from_iterable(carried), total, highest):
            array[rows - 1] = array[0]
        inputs = np.repeat(projected[t][None], rows, 0)
        inputs[-1] = left_out
        for depth, cell in enumerate(cells):
            now = cell.advance(inputs, *(states[:rows] for states in carried[depth]))
            for states, new in zip(carried[depth], now.arrays, strict=False):
                states[:rows] = new[0]
            if depth + 1 < len(cells):
                inputs = cells[depth + 1].project(now.hidden_states[0])
        if "mean" in weights:
            total[:rows] += top[:rows]
        if "max" in weights:
            np.maximum(highest[:rows], top[:rows], out=highest[:rows])
    pooled: dict[str, Array] = {"last": top, "mean": total / timesteps, "max": highest}
    return np.asarray(np.sum([pooled[kind][1:] @ block for kind, block in weights.items()], 0))
