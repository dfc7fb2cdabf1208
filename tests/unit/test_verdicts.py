"""Reading for the verdict alone gives what the whole reading gives, whatever the network and the batch."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from models.nn.cells import GRU, LSTM, Cell, SimpleRNN
from models.nn.network import Network, RecurrentLayer
from models.sentiment import SentimentModel
from models.text import RESERVED, Vocabulary, keys, keys_of

WORDS, FEATURES = 40, 6
LENGTHS = (23, 14, 14, 5, 1, 1)
KINDS = ("SimpleRNN", "LSTM", "GRU", "GRU reset before")
POOLINGS = (("last",), ("mean", "max"), ("max", "last"), ("last", "mean", "max"))


def make_cell(kind: str, features: int, units: int, seed: int) -> Cell:
    random = np.random.default_rng(seed)

    def weights(*shape: int) -> np.ndarray:
        return random.normal(0, 0.5, shape).astype(np.float32)

    wide = {"SimpleRNN": 1, "LSTM": 4}.get(kind, 3) * units
    kernel, recurrent = weights(features, wide), weights(units, wide)
    if kind in ("SimpleRNN", "LSTM"):
        return (LSTM if kind == "LSTM" else SimpleRNN)(kernel, recurrent, weights(wide))
    return GRU(kernel, recurrent, weights(2, wide) if kind == "GRU" else weights(wide), kind == "GRU")


def make_network(kind: str, units: tuple[int, ...], both_ways: bool, pooling: tuple[str, ...]) -> Network:
    random, features, layers = np.random.default_rng(7), FEATURES, []
    for depth, size in enumerate(units):
        forward, backward = (make_cell(kind, features, size, 10 * depth + d) for d in (1, 2))
        layers.append(RecurrentLayer(forward, backward if both_ways else None))
        features = layers[-1].units
    embedding = random.normal(0, 1, (WORDS, FEATURES)).astype(np.float32)
    weights = random.normal(0, 1, len(pooling) * features).astype(np.float32)
    return Network(embedding, tuple(layers), pooling, weights, 0.25)


def model_of(network: Network) -> SentimentModel:
    words = Vocabulary([*RESERVED, *(f"w{i}" for i in range(WORDS - 2))])
    card = SimpleNamespace(name="made", max_timesteps=max(20, network.padded_to), unread_end="end")
    return SentimentModel(card, words, network)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize(("units", "both_ways"), [((5,), False), ((5,), True), ((5, 4), False), ((4, 3, 5), True)])
def test_verdicts_are_those_of_the_whole_reading(kind, pooling, units, both_ways):
    network, lengths = make_network(kind, units, both_ways, pooling), np.array(LENGTHS)
    ids = np.random.default_rng(2).integers(1, WORDS, (LENGTHS[0], len(LENGTHS)))
    ids[np.arange(LENGTHS[0])[:, None] >= lengths] = 0
    whole = network.final_logits(network.read(ids, lengths)[-1], lengths)
    assert np.ptp(whole) > 0.1, "the reviews must differ for the comparison to mean something"
    rows = network.layers[0].project(network.embedding)
    np.testing.assert_allclose(network.verdicts(rows, ids, lengths), whole, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("padded_to", [0, 30])
@pytest.mark.parametrize("hidden", [False, True])
def test_logits_of_many_reviews_are_those_of_each_alone(padded_to, hidden):
    """In any order, empty ones and too long ones among them, with padding in front and with a hidden layer."""
    network, random = make_network("GRU", (5,), True, ("mean", "max")), np.random.default_rng(4)
    if hidden:
        head = random.normal(0, 0.3, (20, 8)).astype(np.float32), random.normal(0, 0.3, 8).astype(np.float32)
        network = replace(network, hidden=head, weights=random.normal(0, 0.5, 8).astype(np.float32))
    model = model_of(replace(network, padded_to=padded_to))
    documents = [random.integers(1, WORDS, n).astype(np.int32) for n in (3, 0, 20, 45, 1, 0, 7, 7)]
    together = model.logits_of_ids(documents)
    for ids, logit in zip(documents, together, strict=True):
        for _, lengths, padded in model.batches([ids]):
            alone = model.network.final_logits(model.network.read(padded, lengths)[-1], lengths)[0]
            assert logit == pytest.approx(alone, abs=1e-6, rel=1e-6)
    assert (together[[1, 5]] == np.float32(0.25)).all()
    whole = np.empty(len(documents), np.float32)
    for chosen, lengths, padded in model.batches(documents):
        whole[chosen] = model.network.final_logits(model.network.read(padded, lengths)[-1], lengths)
    read = [i for i, ids in enumerate(documents) if len(ids)]
    np.testing.assert_allclose(together[read], whole[read], atol=1e-6, rtol=1e-6)
    assert model.logits_of_ids([]).shape == (0,)


def test_words_of_many_reviews_are_those_of_each_alone():
    reviews = ["The Café’s FILM, the film!!! <br/>7/10", "", "the w1 W1 director's w2's ?!", "film the"]
    assert list(keys_of(reviews)) == [keys(review) for review in reviews]
    vocabulary = model_of(make_network("GRU", (2,), False, ("last",))).vocabulary
    documents = [keys(review) for review in reviews]
    for together, words in zip(vocabulary.encode_all(documents), documents, strict=True):
        np.testing.assert_array_equal(together, vocabulary.encode(words))
        assert together.dtype == np.int32
