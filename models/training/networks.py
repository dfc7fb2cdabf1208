"""A Recipe's Keras network, and the saved networks read back."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from models.training.recipes import Pooling, Recipe

PRETRAINED = Path(__file__).resolve().parents[1] / "pretrained"


@keras.saving.register_keras_serializable("unrolled")
class RunningPool(keras.layers.Layer):
    """States so far, pooled after every word: ``(batch, timesteps, units)`` → ``(batch, timesteps, k · units)``.

    Args:
        pooling: what stands side by side, out of "last" (the state itself), "mean" and "max" of all states up to
            and including this timestep. Masked timesteps repeat the value before them.
    """

    def __init__(self, pooling: tuple[Pooling, ...], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.pooling = tuple(pooling)
        self.supports_masking = True

    def call(self, states: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        """Pool; ``mask`` marks the real timesteps, which come first."""
        if mask is None:
            mask = tf.ones(tf.shape(states)[:2], tf.bool)
        kept = tf.cast(mask, states.dtype)[..., None]
        pooled = []
        for kind in self.pooling:
            if kind == "last":
                pooled.append(states)
            elif kind == "mean":
                pooled.append(tf.cumsum(states * kept, 1) / tf.maximum(tf.cumsum(kept, 1), 1))
            else:
                pooled.append(_running_maximum(tf.where(mask[..., None], states, states.dtype.min)))
        return tf.concat(pooled, -1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The last axis grows with the number of poolings."""
        return (*input_shape[:-1], (input_shape[-1] or 0) * len(self.pooling))

    def get_config(self) -> dict[str, object]:
        """What ``model.keras`` keeps."""
        return {**super().get_config(), "pooling": list(self.pooling)}


def _running_maximum(x: tf.Tensor) -> tf.Tensor:
    """Maximum over all earlier timesteps, by doubling: after round k it covers 2^k of them (12 rounds: 4,096)."""
    timesteps = tf.shape(x)[1]
    for k in range(12):
        shift = tf.minimum(2**k, timesteps)
        before = tf.fill(tf.stack([tf.shape(x)[0], shift, tf.shape(x)[2]]), x.dtype.min)
        x = tf.maximum(x, tf.concat([before, x[:, : timesteps - shift]], 1))
    return x


def build(recipe: Recipe, word_vectors: np.ndarray | None = None) -> keras.Model:
    """The network of a recipe: ``(batch, timesteps)`` ids, 0 = padding at the end → ``(batch, 1)`` P(positive).

    The output layer is applied after every word: ``running(network)`` gives those logits.

    Args:
        word_vectors: ``(vocabulary, embedding)`` start of the embedding; random without.
    """
    keras.utils.set_random_seed(recipe.seed)
    words = keras.Input((None,), dtype="int32", name="ids")
    embedding = keras.layers.Embedding(recipe.vocabulary, recipe.embedding, mask_zero=True, name="embedding")
    x = embedding(words)
    x = keras.layers.SpatialDropout1D(recipe.embedding_dropout, seed=recipe.seed, name="embedding_dropout")(x)
    cell = {"SimpleRNN": keras.layers.SimpleRNN, "LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}[recipe.family]
    for depth, units in enumerate(recipe.units):
        start = keras.initializers.Orthogonal(recipe.recurrent_gain, seed=recipe.seed + depth)
        name = f"recurrent_{depth}" if len(recipe.units) > 1 else "recurrent"
        layer = cell(units, return_sequences=True, recurrent_initializer=start, name=name)
        x = keras.layers.Bidirectional(layer, name=f"{name}_both_ways")(x) if recipe.bidirectional else layer(x)
        if depth + 1 < len(recipe.units):
            x = keras.layers.SpatialDropout1D(recipe.output_dropout, seed=recipe.seed, name=f"between_{depth}")(x)
    if recipe.readout != ("last",):
        x = RunningPool(recipe.readout, name="pool")(x)
    x = keras.layers.Dropout(recipe.output_dropout, seed=recipe.seed, name="output_dropout")(x)
    logits = keras.layers.Dense(1, name="readout")(x)
    final = keras.layers.Activation("sigmoid", name="probability")(logits[:, -1])
    network = keras.Model(words, final, name=recipe.name)
    if word_vectors is not None:
        embedding.set_weights([word_vectors])
    return network


def running(network: keras.Model) -> keras.Model:
    """The same network giving the logits after every word, ``(batch, timesteps, 1)``."""
    return keras.Model(network.input, network.get_layer("readout").output)


def load_network(name: str, shelf: Path = PRETRAINED) -> keras.Model:
    """The saved ``keras.Model`` of a model on the shelf.

    Raises:
        OSError, ValueError: if ``model.keras`` is missing or damaged.
    """
    return keras.saving.load_model(shelf / name / "model.keras", compile=False, safe_mode=True)
