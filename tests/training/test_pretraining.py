"""Language-model pretraining and adversarial training, each against what it promises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.text import Vocabulary
from models.training.data.corpus import Corpus, Part
from models.training.recipe import Recipe
from models.training.recipes import RECIPES

if TYPE_CHECKING:
    from models.training.teachers.adversarial import AdversarialModel, Nudge

pytestmark = pytest.mark.tensorflow

WORDS = ("[padding]", "[out of vocabulary]", *"abcdefgh")
NEXT = np.roll(np.arange(2, len(WORDS)), -1)  # after "a" always comes "b", …, after "h" "a"


def recipe_of(**changes: object) -> Recipe:
    settings = {"units": (6,), "embedding": 5, "vocabulary": len(WORDS), "language_model_epochs": 1, **changes}
    found = replace(RECIPES["gru"], **settings)  # type: ignore[arg-type]
    assert isinstance(found, Recipe)
    return found


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    alphabet = np.arange(2, len(WORDS), dtype=np.int32)
    texts = Part([np.roll(np.tile(alphabet, 40), -k % 8) for k in range(400)], np.zeros(400, np.float32))
    nothing = Part([], np.zeros(0, np.float32))
    return Corpus(Vocabulary(WORDS), nothing, nothing, texts, nothing, nothing, "alphabet")


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(0, 1, (len(WORDS), 5)).astype(np.float32)


@pytest.mark.parametrize(
    "changes", [{}, {"bidirectional": True}, {"family": "LSTM"}, {"family": "SimpleRNN"}], ids=lambda c: str(c)
)
def test_the_weights_fit_the_network_they_are_for(
    changes: dict[str, object], corpus: Corpus, vectors: np.ndarray, tmp_path: Path
) -> None:
    from models.training.networks import build
    from models.training.teachers.language_model import pretrained

    recipe = recipe_of(**changes)
    start = pretrained(recipe, corpus, vectors, tmp_path)
    network = build(recipe, vectors, in_training=True)
    layer = next(layer for layer in network.layers if layer.name.startswith("recurrent"))
    assert [w.shape for w in start.weights] == [w.shape for w in layer.get_weights()]
    assert start.vectors.shape == vectors.shape and not np.allclose(start.vectors, vectors)
    assert start.minutes > 0


def test_it_learns_what_comes_next_and_resumes(
    corpus: Corpus, vectors: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from models.training.teachers.language_model import pretrained

    recipe = recipe_of(bidirectional=True, language_model_epochs=4)
    start = pretrained(recipe, corpus, vectors, tmp_path)
    lines = capsys.readouterr().out.splitlines()
    losses = [float(line.split("[")[1].split(",")[0]) for line in lines]
    assert len(losses) == 4 and losses[-1] < 0.9 * losses[0]
    again = pretrained(recipe, corpus, vectors, tmp_path)
    assert capsys.readouterr().out == "", "nothing is left to learn"
    assert all(np.array_equal(a, b) for a, b in zip(start.weights, again.weights, strict=True))
    assert np.array_equal(start.vectors, again.vectors) and start.minutes == again.minutes


def test_it_goes_on_from_a_finished_network(
    corpus: Corpus, vectors: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from models.training.teachers.language_model import Start, pretrained

    def losses_of(before: Start | None) -> list[float]:
        again = pretrained(recipe_of(), corpus, vectors, tmp_path, before)
        assert before is None or again.minutes > before.minutes
        return [float(line.split("[")[1].split("]")[0]) for line in capsys.readouterr().out.splitlines()]

    first = pretrained(recipe_of(language_model_epochs=4), corpus, vectors, tmp_path)
    capsys.readouterr()
    (afresh,), (after,) = losses_of(None), losses_of(first)
    assert after < 0.9 * afresh
    assert losses_of(first) == [], "nothing is left to learn"
    other = Start(vectors, first.weights, 0.0)
    assert len(losses_of(other)) == 1, "from other word vectors it is another language model"
    wider = Start(first.vectors, [np.concatenate([part, part], -1) for part in first.weights], 0.0)
    (from_vectors,) = losses_of(wider)
    assert after < from_vectors < afresh, "of weights that do not fit only the word vectors are taken"


def test_in_every_round_the_rate_rises_and_falls_and_later_rounds_are_gentler() -> None:
    from models.training.teachers.language_model import _RATE, Rounds

    rates = Rounds(100_000)
    assert float(rates(0)) == 0.0 and float(rates(100_000)) == 0.0
    assert float(rates(200)) == pytest.approx(_RATE) and float(rates(100_200)) == pytest.approx(_RATE / 2)
    assert float(rates(99_999)) == pytest.approx(_RATE / 10, rel=1e-3)
    assert float(rates(299_999)) == pytest.approx(_RATE / 20, rel=1e-3)
    fall = [float(rates(step)) for step in range(200, 100_000, 5_000)]
    assert fall == sorted(fall, reverse=True)
    gentle = Rounds(100_000, first=False)
    assert float(gentle(200)) == float(gentle(100_200)) == pytest.approx(_RATE / 2)


def nudged_network(rate: float) -> tuple[AdversarialModel, Nudge]:
    """A tiny network that learns with nudges of length 0.7, and its layer that adds them."""
    import keras

    from models.training.teachers.adversarial import AdversarialModel, Nudge

    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(20, 4, mask_zero=True)(ids)
    x = Nudge()(x)
    x = keras.layers.GRU(3)(x)
    network = AdversarialModel(0.7, ids, {"final": keras.layers.Dense(1)(x)})
    loss = {"final": keras.losses.BinaryCrossentropy(from_logits=True)}
    network.compile(keras.optimizers.SGD(rate), loss=loss, run_eagerly=True)
    return network, next(layer for layer in network.layers if isinstance(layer, Nudge))


READ = np.array([[3, 4, 5, 0], [6, 7, 8, 9]], np.int32)


def batch(targets: list[float], weights: list[float]) -> tuple[object, object, object]:
    found = [{"final": np.array(values, np.float32)} for values in (targets, weights)]
    return READ, {"final": found[0]["final"][:, None]}, found[1]


def added_by(network: AdversarialModel, nudge: Nudge, data: tuple[object, object, object]) -> np.ndarray:
    """What one step of learning adds to the word vectors, ``(reviews, timesteps, 4)``."""
    import tensorflow as tf

    found: list[np.ndarray] = []
    plain = type(nudge).call

    def watched(vectors: tf.Tensor) -> tf.Tensor:
        if nudge.added is not None:
            found.append(np.asarray(nudge.added))
        return plain(nudge, vectors)

    nudge.call = watched
    network.train_step(data)
    del nudge.call
    assert nudge.added is None, "nothing is left over for the next batch"
    return found[0]


def logits_when(network: AdversarialModel, nudge: Nudge, added: np.ndarray | None) -> np.ndarray:
    nudge.added = None if added is None else added.astype(np.float32)
    found = np.asarray(network(READ, training=True)["final"])[:, 0]
    nudge.added = None
    return found


def test_the_nudge_has_the_given_length_and_makes_it_worse() -> None:
    network, nudge = nudged_network(rate=0.0)
    before = [weight.numpy() for weight in network.trainable_weights]
    added = added_by(network, nudge, batch([1, 0], [1, 1]))
    np.testing.assert_allclose(np.linalg.norm(added.reshape(2, -1), axis=1), 0.7, atol=1e-5)
    assert not added[0, 3].any(), "padding is not nudged"
    assert all(np.array_equal(a, w.numpy()) for a, w in zip(before, network.trainable_weights, strict=True))
    plain, nudged = (logits_when(network, nudge, by) for by in (None, added))
    assert nudged[0] < plain[0] - 0.02 and nudged[1] > plain[1] + 0.02
    losses = [np.logaddexp(0, logits * [-1, 1]).mean() for logits in (plain, nudged)]
    assert losses[1] > losses[0] * 1.02
    random = np.random.default_rng(0).normal(size=added.shape)
    random *= 0.7 / np.linalg.norm(random.reshape(2, -1), axis=1)[:, None, None]
    elsewhere = logits_when(network, nudge, random)
    assert nudged[0] < elsewhere[0] and nudged[1] > elsewhere[1]


def test_an_unlabelled_review_is_nudged_to_where_its_verdict_turns_and_learns_to_keep_it() -> None:
    network, nudge = nudged_network(rate=0.0)
    added = added_by(network, nudge, batch([0.5, 0.5], [0, 0]))
    np.testing.assert_allclose(np.linalg.norm(added.reshape(2, -1), axis=1), 0.7, atol=1e-5)
    plain, nudged = (logits_when(network, nudge, by) for by in (None, added))
    assert (np.sign(plain) * (plain - nudged) > 0.02).all(), "P(positive) moves towards 0.5"

    network, nudge = nudged_network(rate=0.5)
    before = logits_when(network, nudge, None)
    for _ in range(60):
        network.train_step(batch([0.5, 0.5], [0, 0]))
    after = logits_when(network, nudge, None)
    moved = added_by(network, nudge, batch([0.5, 0.5], [0, 0]))
    assert (abs(after - logits_when(network, nudge, moved)) < 0.8 * abs(plain - nudged)).all()
    assert np.array_equal(np.sign(after), np.sign(before)), "what the verdict is, nobody told it"


def test_a_label_is_learnt_beside_reviews_without_one_and_the_loss_is_that_of_labels() -> None:
    network, nudge = nudged_network(rate=0.5)
    first = network.train_step(batch([1, 0.5], [1, 0]))
    plain, *_ = logits_when(network, nudge, None)
    expected = np.log1p(np.exp(-plain))
    network.reset_metrics()
    second = network.train_step(batch([1, 0.5], [1, 0]))
    np.testing.assert_allclose(float(second["loss"]), expected, rtol=1e-5)
    assert float(second["loss"]) < float(first["loss"])


def test_a_running_prediction_is_learnt_nudged_as_well() -> None:
    import keras
    import tensorflow as tf

    from models.training.data.batches import supervised
    from models.training.teachers.adversarial import AdversarialModel, Nudge

    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    nudge = Nudge()
    x = nudge(keras.layers.Embedding(20, 4, mask_zero=True)(ids))
    running = keras.layers.Dense(1)(keras.layers.GRU(3, return_sequences=True)(x))
    network = AdversarialModel(0.7, ids, {"final": running[:, -1], "running": running})
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    shares = {"final": 0.3, "running": 0.7}
    network.compile(keras.optimizers.SGD(1.0), dict.fromkeys(shares, entropy), loss_weights=shares, run_eagerly=True)
    data = supervised([READ[1], READ[1][::-1]], np.array([1.0, 0.0]), running=True)
    before = [weight.numpy() for weight in network.trainable_weights]
    added = added_by(network, nudge, data)
    steps = [old - weight.numpy() for old, weight in zip(before, network.trainable_weights, strict=True)]
    for weight, old in zip(network.trainable_weights, before, strict=True):
        weight.assign(old)
    expected = [np.zeros_like(old) for old in before]
    for nudge.added in (None, tf.constant(added)):
        with tf.GradientTape() as tape:
            predicted = {name: tf.cast(logits, tf.float32) for name, logits in network(data[0], training=True).items()}
            each = {
                name: tf.nn.sigmoid_cross_entropy_with_logits(data[1][name].astype(np.float32), predicted[name])[..., 0]
                for name in shares
            }
            loss = sum(share * tf.reduce_mean(each[name] * data[2][name]) for name, share in shares.items())
        gradients = tape.gradient(loss, [weight.value for weight in network.trainable_weights])
        expected = [
            so_far + tf.convert_to_tensor(more).numpy() for so_far, more in zip(expected, gradients, strict=True)
        ]
    for step, whole in zip(steps, expected, strict=True):
        np.testing.assert_allclose(step, whole, atol=2e-6)


def test_an_adversarial_recipe_learns_and_saves_a_plain_network() -> None:
    from models.training.networks import build
    from models.training.teachers.adversarial import Nudge

    recipe = recipe_of(adversarial=1.5)
    assert any(isinstance(layer, Nudge) for layer in build(recipe, in_training=True).layers)
    assert not any(isinstance(layer, Nudge) for layer in build(recipe).layers)
    assert not any(isinstance(layer, Nudge) for layer in build(recipe_of(), in_training=True).layers)


def test_a_network_that_learns_by_the_verdict_alone_gives_the_verdict_of_the_whole_one() -> None:
    import keras

    from models.training.networks import build

    recipe = recipe_of(bidirectional=True, readout=("last", "mean", "max"), running_loss=0.0)
    whole, learning = build(recipe), build(recipe, in_training=True)
    weights = [np.random.default_rng(i).normal(0, 1, w.shape) for i, w in enumerate(whole.get_weights())]
    for network in (whole, learning):
        network.set_weights(weights)
    ids = np.array([[2, 3, 4, 5, 6], [7, 8, 0, 0, 0], [9, 0, 0, 0, 0]])
    logits = [keras.Model(n.input, n.get_layer("readout").output)(ids) for n in (whole, learning)]
    assert logits[1].shape == (3, 1, 1)
    np.testing.assert_allclose(logits[1][:, -1], logits[0][:, -1], atol=1e-5)
    assert build(replace(recipe, running_loss=0.7), in_training=True).get_layer("readout").output.shape[1] is None


def test_a_review_that_nobody_judged_counts_nothing() -> None:
    from models.training.data.batches import NOBODY_JUDGED, supervised

    _, _, weights = supervised([READ[1], READ[1]], np.array([1.0, NOBODY_JUDGED]), running=True)
    assert weights["final"].tolist() == [1, 0]
    assert weights["running"][0].all() and not weights["running"][1].any()
