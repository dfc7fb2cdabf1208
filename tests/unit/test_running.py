"""The values so far and their gradients, against plain loops and TensorFlow's own gradient of them."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.tensorflow


@pytest.fixture(autouse=True, scope="module")
def tensorflow():
    """Collecting the tests must not import TensorFlow: the names are put into the module when its tests begin."""
    global tf, running, RunningPool
    tf = pytest.importorskip("tensorflow")
    from models.training.fit import running
    from models.training.networks import RunningPool


def _made_up(*shape):
    return tf.constant(np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32))


def _values_and_gradient(way, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = way(x)
    return values.numpy(), tape.gradient(values, x, output_gradients=_made_up(*x.shape) ** 2).numpy()


@pytest.mark.parametrize("name", ["maximum", "sum"])
@pytest.mark.parametrize("timesteps", [1, 2, 17])
def test_values_and_gradient(name, timesteps):
    combine = {"maximum": tf.reduce_max, "sum": tf.reduce_sum}[name]
    x = _made_up(timesteps, 3, 4)
    found = _values_and_gradient(getattr(running, f"running_{name}"), x)
    expected = _values_and_gradient(lambda x: tf.stack([combine(x[: t + 1], 0) for t in range(timesteps)]), x)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(found[1], expected[1], atol=1e-4)


def test_a_maximum_reached_twice_passes_on_its_gradient_once():
    x = tf.constant([1.0, 3.0, 3.0, 2.0])[:, None, None]
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(running.running_maximum(x))
    assert tape.gradient(total, x).numpy().ravel().tolist() == [1, 1, 2, 0]


def test_padding_repeats_what_was_so_far_and_gets_no_gradient():
    x, mask = _made_up(2, 5, 3), tf.constant([[True] * 5, [True] * 3 + [False] * 2])
    layer = RunningPool(("mean", "max"))
    with tf.GradientTape() as tape:
        tape.watch(x)
        pooled = layer(x, mask=mask)
    alone = layer(x[1:, :3], mask=tf.ones((1, 3), tf.bool))
    np.testing.assert_allclose(pooled[1, :3], alone[0], atol=1e-6)
    np.testing.assert_allclose(pooled[1, 3:], np.repeat(alone[0, 2][None], 2, 0), atol=1e-6)
    assert not tape.gradient(pooled, x).numpy()[1, 3:].any()
