"""The fused layers against those of Keras: outputs, every gradient, and files that both can load."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

pytestmark = pytest.mark.tensorflow

LENGTHS = [9, 1, 5, 9, 0, 3]


@pytest.fixture(autouse=True, scope="module", params=["SimpleRNN", "LSTM", "GRU"])
def tensorflow(request):
    """Collecting the tests must not import TensorFlow: the names are put into the module when its tests begin."""
    global keras, tf, fused, CELLS
    keras, tf = pytest.importorskip("keras"), pytest.importorskip("tensorflow")
    from models.training.fit import fused

    CELLS = (getattr(keras.layers, request.param), getattr(fused, request.param))


def _ids(lengths=LENGTHS, timesteps=11):
    """Reviews padded at the end with zeros; at least two timesteps are padding in all of them."""
    ids = np.random.default_rng(0).integers(1, 20, (len(lengths), timesteps))
    ids[np.arange(timesteps) >= np.array(lengths)[:, None]] = 0
    return ids.astype(np.int32)


def _same_weights(plain, other):
    rng = np.random.default_rng(1)
    weights = [rng.normal(0, 0.4, w.shape).astype(np.float32) for w in plain.get_weights()]
    plain.set_weights(weights)
    other.set_weights(weights)


def _outputs_and_gradients(network, ids):
    """All outputs, and the gradients of a loss that weighs every output differently."""
    with tf.GradientTape() as tape:
        outputs = tf.nest.flatten(network(ids))
        rng = np.random.default_rng(2)
        loss = tf.add_n([tf.reduce_sum(y * rng.normal(size=y.shape).astype(np.float32)) for y in outputs])
    gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, [w.value for w in network.trainable_weights])]
    return [a.numpy() for a in (*outputs, *gradients)]


def _network(cell, recurrent, masked):
    words = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(20, 6, mask_zero=masked)(words)
    return keras.Model(words, recurrent(cell, x))


def _single(**options):
    return lambda cell, x: cell(5, **options)(x)


def _both_ways(**options):
    return lambda cell, x: keras.layers.Bidirectional(cell(5, **options))(x)


def _stacked(cell, x):
    return cell(4)(cell(5, return_sequences=True)(x))


def _stacked_both_ways(cell, x):
    both = keras.layers.Bidirectional
    return both(cell(4))(both(cell(5, return_sequences=True))(x))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(
    "recurrent",
    [
        _single(),
        _single(return_sequences=True),
        _single(return_sequences=True, zero_output_for_mask=True),
        _single(return_state=True),
        _single(return_sequences=True, return_state=True, go_backwards=True),
        _single(go_backwards=True),
        _single(use_bias=False),
        _both_ways(),
        _both_ways(return_sequences=True),
        _stacked,
        _stacked_both_ways,
    ],
)
def test_outputs_and_all_gradients_are_keras_s(recurrent, masked):
    networks = [_network(cell, recurrent, masked) for cell in CELLS]
    _same_weights(*networks)
    plain, fast = (_outputs_and_gradients(network, _ids()) for network in networks)
    assert len(plain) == len(fast)
    assert np.abs(plain[0]).max() > 0.05  # not all zero
    for expected, found in zip(plain, fast, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_one_training_step_after_another_inside_fit():
    """Compiled, over several steps and batches of different length: the same losses, the same weights."""
    networks = [keras.Sequential([_network(cell, _stacked_both_ways, True), keras.layers.Dense(1)]) for cell in CELLS]
    for network in networks:
        network.build((None, None))
    _same_weights(*networks)
    losses = []
    for network in networks:
        network.compile(keras.optimizers.SGD(0.5), loss="mse")
        losses.append(
            [
                network.train_on_batch(_ids(timesteps=timesteps), np.arange(6.0)[:, None] / 6)
                for timesteps in (11, 9, 30)
            ]
        )
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-5)
    for expected, found in zip(*(network.get_weights() for network in networks), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("recurrent", [_single(), _stacked, _stacked_both_ways])
def test_the_same_seed_the_same_start_and_each_reads_the_other_s_file(recurrent, tmp_path):
    networks = []
    for cell in CELLS:
        keras.utils.set_random_seed(3)
        networks.append(_network(cell, recurrent, True))
    plain, fast = networks
    assert [w.name for w in plain.weights] == [w.name for w in fast.weights]
    for expected, found in zip(plain.get_weights(), fast.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    keras.utils.set_random_seed(4)
    trained = _network(CELLS[1], recurrent, True)
    trained.save_weights(tmp_path / "fused.weights.h5")
    plain.load_weights(tmp_path / "fused.weights.h5")
    plain.save_weights(tmp_path / "plain.weights.h5")
    for expected, found in zip(trained.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    names = []
    for file in ("fused", "plain"):
        with h5py.File(tmp_path / f"{file}.weights.h5") as saved:
            names.append([])
            saved["layers"].visit(names[-1].append)
    assert names[0] == names[1]


def test_a_saved_network_comes_back(tmp_path):
    network = _network(CELLS[1], _stacked_both_ways, True)
    network.save(tmp_path / "fused.keras")
    again = keras.saving.load_model(tmp_path / "fused.keras")
    assert isinstance(again.layers[-1].backward_layer, CELLS[1])
    np.testing.assert_array_equal(again(_ids()), network(_ids()))


def test_padding_in_front_is_refused():
    network = _network(CELLS[1], _single(), True)
    with pytest.raises(tf.errors.InvalidArgumentError, match="padding at the end"):
        network(_ids()[:, ::-1])


def test_what_they_cannot_do_is_refused():
    plain, fast = CELLS
    refused = [{"dropout": 0.1}, {"recurrent_dropout": 0.1}, {"activation": "relu"}, {"zero_output_for_mask": True}]
    if plain is not keras.layers.SimpleRNN:
        refused.append({"recurrent_activation": "hard_sigmoid"})
    if plain is keras.layers.GRU:
        refused.append({"reset_after": False})
    for options in refused:
        plain(4, **options)
        with pytest.raises(ValueError, match=r"a fused layer|without all outputs"):
            fast(4, **options)


@pytest.mark.parametrize("half", [False, True])
def test_wide_layers_are_as_good_as_numbers_of_half_the_length_allow(half, monkeypatch):
    from models.training.fit import loops

    # Where a processor only imitates these numbers, and training does not use them, TensorFlow cuts the digits of a
    # product off instead of rounding them: twice the error.
    halved = 0.01 if loops._knows_bfloat16() else 0.02
    monkeypatch.setattr("models.training.fit.loops._knows_bfloat16", lambda: half)
    plain, fast = (_network(cell, lambda cell, x: cell(400, return_sequences=True)(x), True) for cell in CELLS)
    embedding, *weights = plain.get_weights()
    for network in (plain, fast):
        network.set_weights([20 * embedding, *weights])
    ids = _ids()
    states, found = plain(ids).numpy(), fast(ids).numpy()
    assert np.abs(states).max() > 0.05
    np.testing.assert_allclose(found, states, atol=(halved if half else 1e-5) * np.abs(states).max())
    for expected, gradient in zip(
        _outputs_and_gradients(plain, ids)[1:], _outputs_and_gradients(fast, ids)[1:], strict=True
    ):
        assert np.linalg.norm(gradient - expected) < (0.02 if half else 1e-4) * np.linalg.norm(expected)


def test_networks_learn_with_the_fused_layers_and_are_kept_with_the_plain_ones():
    from models.training.networks import cell_class

    plain, fast = CELLS
    assert (cell_class(plain.__name__, True), cell_class(plain.__name__, False)) == (fast, plain)
