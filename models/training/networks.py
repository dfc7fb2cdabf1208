"""A Recipe's Keras network, and the saved networks read back."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from models import artifacts
from models.errors import ArtifactError
from models.training.fit.running import running_maximum, running_sum
from models.training.recipe import Article, Family, Pooling, Recipe
from models.training.teachers.adversarial import Nudge

CELLS: dict[Family, type[keras.layers.Layer]] = {
    "SimpleRNN": keras.layers.SimpleRNN,
    "LSTM": keras.layers.LSTM,
    "GRU": keras.layers.GRU,
}


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
        real = tf.transpose(mask)[..., None]
        kept = tf.cast(real, states.dtype)
        by_timestep = tf.transpose(states, [1, 0, 2])
        pooled = {
            "last": lambda: by_timestep,
            "mean": lambda: running_sum(by_timestep * kept) / tf.maximum(tf.cumsum(kept, 0), 1),
            "max": lambda: running_maximum(tf.where(real, by_timestep, states.dtype.min)),
        }
        return tf.transpose(tf.concat([pooled[kind]() for kind in self.pooling], -1), [1, 0, 2])

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The last axis grows with the number of poolings."""
        return (*input_shape[:-1], (input_shape[-1] or 0) * len(self.pooling))

    def get_config(self) -> dict[str, object]:
        """What ``model.keras`` keeps."""
        return {**super().get_config(), "pooling": list(self.pooling)}


class FinalPool(RunningPool):
    """The last timestep of ``RunningPool`` alone, ``(batch, 1, k · units)``, for training by the verdict alone."""

    def call(self, states: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        """Pool; ``mask`` marks the real timesteps, which come first."""
        if mask is None:
            mask = tf.ones(tf.shape(states)[:2], tf.bool)
        kept = tf.cast(mask, states.dtype)[..., None]
        pooled = {
            "last": lambda: states[:, -1],
            "mean": lambda: tf.reduce_sum(states * kept, 1) / tf.maximum(tf.reduce_sum(kept, 1), 1),
            "max": lambda: tf.reduce_max(tf.where(mask[..., None], states, states.dtype.min), 1),
        }
        return tf.concat([pooled[kind]() for kind in self.pooling], -1)[:, None]

    def compute_mask(self, inputs: object, mask: object = None) -> None:
        """No timestep is left to be masked."""

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """One timestep; the last axis grows with the number of poolings."""
        return (input_shape[0], 1, (input_shape[-1] or 0) * len(self.pooling))


@keras.saving.register_keras_serializable("unrolled")
class PadInFront(keras.layers.Layer):
    """Reviews of any length → ``(batch, timesteps)``: zeros in front, and of a longer review the last timesteps.

    What ``keras.utils.pad_sequences`` does by default, kept inside the network so that nobody has to know of it:
    zeros anywhere in the input are padding and are moved to the front.
    """

    def __init__(self, timesteps: int, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.timesteps = timesteps

    def call(self, ids: tf.Tensor) -> tf.Tensor:
        """Move the padding to the front and cut or fill up."""
        order = tf.argsort(tf.cast(tf.not_equal(ids, 0), tf.int32), axis=1, stable=True)
        in_front = tf.gather(ids, order, batch_dims=1)
        missing = tf.maximum(0, self.timesteps - tf.shape(ids)[1])
        return tf.ensure_shape(tf.pad(in_front, [[0, 0], [missing, 0]])[:, -self.timesteps :], (None, self.timesteps))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Always as many timesteps."""
        return (input_shape[0], self.timesteps)

    def get_config(self) -> dict[str, object]:
        """What ``model.keras`` keeps."""
        return {**super().get_config(), "timesteps": self.timesteps}


def build(recipe: Recipe | Article, word_vectors: np.ndarray | None = None, in_training: bool = False) -> keras.Model:
    """The network of a recipe: ``(batch, timesteps)`` ids, 0 = padding at the end → ``(batch, 1)`` P(positive).

    The output layer of our own recipes is applied after every word: ``running(network)`` gives those logits.

    Args:
        word_vectors: ``(vocabulary, embedding)`` start of the embedding; random without.
        in_training: with what only training needs: no prediction after every word if the loss does not ask for it, and
            the place where word vectors are nudged. Same weights in the same order.
    """
    if isinstance(recipe, Article):
        return _article(recipe)
    keras.utils.set_random_seed(recipe.seed)
    words = keras.Input((None,), dtype="int32", name="ids")
    embedding = keras.layers.Embedding(recipe.vocabulary, recipe.embedding, mask_zero=True, name="embedding")
    x = embedding(words)
    if in_training and recipe.adversarial:
        x = Nudge(name="nudge")(x)
    x = keras.layers.SpatialDropout1D(recipe.embedding_dropout, seed=recipe.seed, name="embedding_dropout")(x)
    for depth in range(len(recipe.units)):
        start = keras.initializers.Orthogonal(recipe.recurrent_gain, seed=recipe.seed + depth)
        x = _recurrent(recipe, depth, return_sequences=True, recurrent_initializer=start)(x)
        if depth + 1 < len(recipe.units):
            x = keras.layers.SpatialDropout1D(recipe.output_dropout, seed=recipe.seed, name=f"between_{depth}")(x)
    if recipe.readout != ("last",):
        pool = FinalPool if in_training and not recipe.running_loss else RunningPool
        x = pool(recipe.readout, name="pool")(x)
    x = keras.layers.Dropout(recipe.output_dropout, seed=recipe.seed, name="output_dropout")(x)
    logits = keras.layers.Dense(1, name="readout")(x)
    final = keras.layers.Activation("sigmoid", name="probability")(logits[:, -1])
    network = keras.Model(words, final, name=recipe.name)
    if word_vectors is not None:
        embedding.set_weights([word_vectors])
    return network


def _recurrent(recipe: Recipe | Article, depth: int, **settings: object) -> keras.layers.Layer:
    name = f"recurrent_{depth}" if len(recipe.units) > 1 else "recurrent"
    layer = CELLS[recipe.family](recipe.units[depth], name=name, **settings)
    return keras.layers.Bidirectional(layer, name=f"{name}_both_ways") if recipe.bidirectional else layer


def _article(recipe: Article) -> keras.Model:
    """A published system, as published; only that it looks at its logit through an activation layer of its own."""
    keras.utils.set_random_seed(recipe.seed)
    words = keras.Input((None,), dtype="int32", name="ids")
    front = recipe.padding == "front"
    x = PadInFront(recipe.max_timesteps, name="padding")(words) if front else words
    x = keras.layers.Embedding(recipe.vocabulary, recipe.embedding, mask_zero=not front, name="embedding")(x)
    for depth in range(len(recipe.units)):
        x = _recurrent(recipe, depth, return_sequences=depth + 1 < len(recipe.units))(x)
    if recipe.hidden:
        x = keras.layers.Dense(recipe.hidden, "relu", name="hidden")(x)
    if recipe.output_dropout:
        x = keras.layers.Dropout(recipe.output_dropout, seed=recipe.seed, name="output_dropout")(x)
    logits = keras.layers.Dense(1, name="readout")(x)
    return keras.Model(words, keras.layers.Activation("sigmoid", name="probability")(logits), name=recipe.name)


def running(network: keras.Model) -> keras.Model:
    """The same network giving the logits after every word, ``(batch, timesteps, 1)``."""
    return keras.Model(network.input, network.get_layer("readout").output)


def refuse_brought(name: str, shelf: Path) -> None:
    """Keep TensorFlow away from files of strangers.

    Raises:
        ArtifactError: if the model was brought in a file.
    """
    if (shelf / name / "card.json").exists() and artifacts.read_card(shelf / name).get("brought"):
        raise ArtifactError(name, "model.keras", "it was brought in a file, which TensorFlow is not let near")


def load_network(name: str, shelf: Path) -> keras.Model:
    """The saved ``keras.Model`` of a model on the shelf.

    Raises:
        OSError, ValueError: if ``model.keras`` is missing or damaged.
        ArtifactError: if it was brought in a file: Keras could be made to run code by it.
    """
    refuse_brought(name, shelf)
    return keras.saving.load_model(shelf / name / "model.keras", compile=False, safe_mode=True)
