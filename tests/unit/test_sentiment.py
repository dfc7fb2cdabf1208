"""``predict`` and ``trace`` of every model on the shelf, and of tiny networks of every kind, against Keras."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models.catalog import PRETRAINED, list_models, load_model
from models.errors import EmptyReview
from models.explain.running import contributions
from models.nn.cells import SimpleRNN, sigmoid
from models.nn.network import Network, RecurrentLayer
from models.sentiment import SentimentModel, Trace
from tests.keras_reading import verdicts_of
from tests.shelves import TINY

STORY = (
    "At first I didn’t expect much of this film; the opening is slow & strangely funny! Then, 20 minutes in, the café "
    "scene<br /><br />changes everything: brilliant acting, a terrible secret and a score of 9/10 music. Was it too "
    "long? Perhaps, but never boring :) I loved the wonderful ending and hated the awful last joke. "
)
WORDS = STORY.split()
REVIEWS = {
    "one word": "Terrible",
    "own sentence": "A wonderful film, warm and wise from the first scene to the last!",
    "unknown words": "Qwxzyv blorptang zzgrmbl, qwxzyvv.",
    "20 words": " ".join(WORDS[:20]),
    "200 words": " ".join((WORDS * 5)[:200]),
    "1,200 words": " ".join((WORDS * 30)[:1_200]),
}
EMPTY = ["", " \t\n ", "?!", "!!! ??? :)", "👍 😀", "<br /><br />", "...", "\x00"]

MODELS = [f"shelf:{card.name}" for card in list_models()] + [f"tiny:{name}" for name in TINY]


@pytest.fixture(scope="module", params=MODELS)
def model(request: pytest.FixtureRequest, tiny_shelf: Path) -> SentimentModel:
    shelf, name = request.param.split(":")
    return load_model(name, PRETRAINED if shelf == "shelf" else tiny_shelf)


@cache
def traces(model: SentimentModel) -> dict[str, Trace]:
    return {name: model.trace(review) for name, review in REVIEWS.items()}


@pytest.mark.tensorflow
def test_probabilities_are_those_of_keras(model: SentimentModel) -> None:
    pytest.importorskip("keras")
    from models.training.networks import load_network

    asked = verdicts_of(load_network(model.card.name, model.card.folder.parent))
    documents = [[token.id for token in trace.tokens] for trace in traces(model).values()]
    padded = np.zeros((len(documents), max(map(len, documents))), np.int32)
    for row, ids in zip(padded, documents, strict=True):
        row[: len(ids)] = ids
    in_batch = asked(padded)
    traced = np.array([trace.probability for trace in traces(model).values()])
    assert np.ptp(in_batch) > 1e-3
    np.testing.assert_allclose(traced, in_batch, atol=1e-5, rtol=0)
    np.testing.assert_allclose(model.predict(list(REVIEWS.values())), in_batch, atol=1e-5, rtol=0)
    short = [(ids, ours) for ids, ours in zip(documents, traced, strict=True) if len(ids) < 50]
    assert len(short) >= 4
    for ids, ours in short:
        assert ours == pytest.approx(asked([ids])[0], abs=1e-5), "alone"


def test_running_logits_are_the_verdicts_of_the_prefixes(model: SentimentModel) -> None:
    trace, review = traces(model)["20 words"], REVIEWS["20 words"]
    if trace.running_logits is None:
        assert model.card.bidirectional
        assert trace.running_probabilities is None
        return
    assert not model.card.bidirectional
    assert trace.running_probabilities is not None
    np.testing.assert_allclose(trace.running_probabilities, sigmoid(trace.running_logits), atol=1e-6)
    if not trace.padding:  # a shorter review would be read behind more padding
        prefixes = [model.trace(review[: token.end]) for token in trace.tokens]
        np.testing.assert_allclose(trace.running_logits, [prefix.logit for prefix in prefixes], atol=1e-5)
    for other in traces(model).values():
        assert other.running_logits is not None
        assert other.running_logits.shape == (len(other.tokens),)
        assert other.running_logits[-1] == pytest.approx(other.logit, abs=1e-4)


@pytest.mark.parametrize("name", REVIEWS)
def test_contributions_sum_to_the_logit(model: SentimentModel, name: str) -> None:
    trace = traces(model)[name]
    assert trace.contributions.shape == (len(trace.tokens),)
    assert trace.contributions.sum(dtype=np.float64) + trace.bias == pytest.approx(trace.logit, abs=1e-4)
    assert trace.probability == pytest.approx(1 / (1 + np.exp(-trace.logit)), abs=1e-9)


@pytest.mark.parametrize("name", REVIEWS)
def test_the_shape_of_a_trace(model: SentimentModel, name: str) -> None:
    trace, card, review = traces(model)[name], model.card, REVIEWS[name]
    timesteps = len(trace.tokens)
    assert all(review[token.start : token.end] == token.text for token in (*trace.tokens, *trace.unread))
    assert trace.known == sum(token.id != 1 for token in trace.tokens)
    assert [layer.direction for layer in trace.layers] == (
        ["forward", "backward"] * card.layers if card.bidirectional else ["forward"] * card.layers
    )
    assert len({layer.name for layer in trace.layers}) == len(trace.layers)
    gates = {
        "SimpleRNN": [],
        "LSTM": ["input", "forget", "candidate", "output"],
        "GRU": ["update", "reset", "candidate"],
    }
    for layer in trace.layers:
        shape = layer.hidden_states.shape
        assert shape[0] == timesteps and layer.hidden_states.dtype == np.float32
        assert (layer.cell_states is not None) == (card.family == "LSTM")
        assert list(layer.gates) == gates[card.family]
        arrays = [*layer.gates.values(), *([] if layer.cell_states is None else [layer.cell_states])]
        assert all(array.shape == shape and array.dtype == np.float32 for array in arrays)
        assert np.abs(layer.hidden_states).max() <= 1
        assert all(v.min() >= 0 and v.max() <= 1 for gate, v in layer.gates.items() if gate != "candidate")
    assert trace.layers[0].hidden_states.shape[1] == card.units
    assert trace.readout.shape == (model.network.layers[-1].units,)
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.logit = 0.0  # type: ignore[misc]


def test_backward_states_belong_to_their_words(model: SentimentModel) -> None:
    """A backward layer has read only the last word when it stands there: changing the first must not matter."""
    changed = model.trace("Unwatchable" + REVIEWS["20 words"][len(WORDS[0]) :])
    for now, before in zip(changed.layers[:2], traces(model)["20 words"].layers[:2], strict=False):
        differs = np.abs(now.hidden_states - before.hidden_states).max(1) > 1e-6  # products may round differently
        if now.direction == "backward":
            assert differs[0] and not differs[1:].any()
        elif now.name in ("recurrent", "layer forward", "layer 1", "layer 1 forward"):
            assert differs[0]


def test_truncation_is_reported(model: SentimentModel) -> None:
    limit = model.card.max_timesteps
    review = " ".join((WORDS * (1 + 2 * limit // len(WORDS)))[: 2 * limit])
    tokens = model.vocabulary.tokenize(review)
    trace = model.trace(review)
    assert trace.unread and len(trace.unread) == len(tokens) - limit
    if model.card.unread_end == "start":
        assert (trace.unread, trace.tokens) == (tokens[:-limit], tokens[-limit:])
        only_read = review[tokens[-limit].start :]
    else:
        assert (trace.tokens, trace.unread) == (tokens[:limit], tokens[limit:])
        only_read = review[: tokens[limit - 1].end]
    assert trace.unread_end == model.card.unread_end
    cut = model.trace(only_read)
    assert not cut.unread and len(cut.unread) == 0 and cut.unread == ()
    assert cut.logit == trace.logit
    np.testing.assert_allclose(model.predict([review]), trace.probability, atol=1e-6)


@pytest.mark.parametrize("review", EMPTY)
def test_a_review_without_a_word_is_empty(model: SentimentModel, review: str) -> None:
    with pytest.raises(EmptyReview):
        model.trace(review)
    assert np.isnan(model.predict([review])).all()


def test_predict_keeps_the_order_over_mixed_lengths(model: SentimentModel) -> None:
    random = np.random.default_rng(5)
    reviews = [" ".join(random.choice(WORDS, int(n))) for n in random.integers(1, 120, 60)]
    reviews[7], reviews[30], reviews[59] = "", "?!", reviews[0]
    probabilities = model.predict(reviews)
    assert probabilities.dtype == np.float32 and probabilities.shape == (60,)
    for i, (review, probability) in enumerate(zip(reviews, probabilities, strict=True)):
        if i in (7, 30):
            assert np.isnan(probability)
        else:
            assert probability == pytest.approx(model.trace(review).probability, abs=1e-5)
    assert model.predict([]).shape == (0,)
    assert model.predict(("good",)).shape == (1,)


def test_batches_are_cut_without_losing_any(model: SentimentModel, monkeypatch: pytest.MonkeyPatch) -> None:
    reviews = [" ".join((WORDS * 2)[: n % 37 + 1]) for n in range(50)]
    whole = model.predict(reviews)
    monkeypatch.setattr("models.sentiment._TOKENS_PER_BATCH", 60)
    monkeypatch.setattr("models.sentiment._REVIEWS_PER_BATCH", 3)
    np.testing.assert_allclose(model.predict(reviews), whole, atol=1e-6)


@pytest.mark.parametrize("model", ["shelf:lstm", "shelf:article_bilstm", "tiny:stacked_bigru"], indirect=True)
def test_a_hundred_thousand_words_are_fine(model: SentimentModel) -> None:
    review = "good film, " * 50_000
    trace = model.trace(review)
    assert len(trace.tokens) == model.card.max_timesteps
    assert len(trace.tokens) + len(trace.unread) == 100_000
    assert model.predict([review])[0] == pytest.approx(trace.probability, abs=1e-5)


def test_sigmoid_does_not_overflow() -> None:
    with np.errstate(all="raise"):
        values = sigmoid(np.array([-1e4, -20.0, 0.0, 20.0, 1e4]))
    np.testing.assert_allclose(values, [0, 1 / (1 + np.exp(20)), 0.5, 1 / (1 + np.exp(-20)), 1], atol=1e-12)


@pytest.mark.parametrize("pooling", [("last",), ("last", "mean", "max")])
def test_contributions_of_a_network_that_reads_from_both_ends(pooling: tuple[str, ...]) -> None:
    """The backward half's last state is the one at the first word: credit is counted from the end."""
    random = np.random.default_rng(0)

    def weights(*shape: int) -> np.ndarray:
        return random.normal(0, 0.7, shape).astype(np.float32)

    forward, backward = (SimpleRNN(weights(4, 3), weights(3, 3), weights(3)) for _ in range(2))
    network = Network(
        weights(20, 4), (RecurrentLayer(forward, backward),), pooling, weights(6 * len(pooling)), bias=0.3
    )
    ids, lengths = random.integers(1, 20, (9, 1)), np.array([9])
    (top,) = network.read(ids, lengths)
    found = contributions(network, top)
    assert found.sum() + network.bias == pytest.approx(network.final_logits(top, lengths)[0], abs=1e-5)
    if pooling == ("last",):
        assert top[1] is not None
        ahead, back = top[0].hidden_states[:, 0], top[1].hidden_states[:, 0]
        moved = (ahead[4] - ahead[3]) @ network.weights[:3] + (back[4] - back[5]) @ network.weights[3:]
        assert found[4] == pytest.approx(moved, abs=1e-5)
