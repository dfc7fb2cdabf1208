"""A recurrent layer that has learnt to guess the next word before it learns what is good and bad.

Dai & Le 2015, "Semi-supervised Sequence Learning": a network that starts from a language model's weights reads better
than one that starts at random. Of a bidirectional layer each direction guesses in its own, both over the same word
vectors (as in Peters et al. 2018, "Deep contextualized word representations").
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import keras
import numpy as np
import tensorflow as tf

from models.text import OUT_OF_VOCABULARY
from models.training.data.corpus import Corpus
from models.training.fit.runs import alone_in
from models.training.networks import CELLS
from models.training.recipe import Recipe

Tensors = list[tf.Tensor]
_Step = Callable[[Tensors, Tensors, list[Tensors]], tuple[Tensors, list[Tensors]]]
_STREAMS, _TIMESTEPS = 64, 100  # so many reviews side by side, so many words between two steps of learning
_WRONG_WORDS = 1_000  # drawn for every step, by frequency: the guess is among these and the right one
_RATE = 2e-3


@dataclass(frozen=True)
class Start:
    """Word vectors ``(vocabulary, embedding)``, the weights of the recurrent layer in Keras's order, and the time."""

    vectors: np.ndarray
    weights: list[np.ndarray]
    minutes: float

    @property
    def mark(self) -> str:
        """Names these weights."""
        return hashlib.sha256(b"".join(part.tobytes() for part in (self.vectors, *self.weights))).hexdigest()[:12]


def pretrained(recipe: Recipe, corpus: Corpus, vectors: np.ndarray, work: Path, before: Start | None = None) -> Start:
    """What the first recurrent layer of a recipe starts from.

    All texts but the test reviews are read, never a label. Stopped, it goes on after the last finished epoch.

    Args:
        vectors: where the word vectors start, unless ``before`` has its own.
        work: folder where the state after every epoch is kept.
        before: word vectors to go on from, and recurrent weights if they fit; then at the rate of a later round.

    Raises:
        InUse: if another process trains the same language model.
    """
    directions = 2 if recipe.bidirectional else 1
    model = _LanguageModel(recipe, vectors if before is None else before.vectors, directions)
    afresh = before is None or not model.take_over(before)
    documents = [*corpus.training.ids, *corpus.validation.ids, *corpus.unlabelled.ids]
    steps = (sum(map(len, documents)) // _STREAMS - 1) // _TIMESTEPS
    steps_each = max(1, steps) * recipe.language_model_epochs // recipe.language_model_rounds
    optimizer = keras.optimizers.Adam(Rounds(steps_each, afresh), global_clipnorm=1.0)
    optimizer.build(model.variables)
    name = f"language_model-{recipe.family}-{recipe.units[0]}-{directions}-{recipe.language_model_epochs}"
    if recipe.language_model_rounds > 1:
        name += f"-in-{recipe.language_model_rounds}"
    if before is not None:
        name += f"-after-{before.mark}"
    with alone_in(work / f"{name}-{recipe.seed}-{corpus.fingerprint}") as folder:
        return _trained(recipe, model, optimizer, documents, folder)


def _trained(
    recipe: Recipe,
    model: _LanguageModel,
    optimizer: keras.optimizers.Optimizer,
    documents: list[np.ndarray],
    folder: Path,
) -> Start:
    saved = tf.train.CheckpointManager(
        tf.train.Checkpoint(
            variables=[v.value for v in (*model.variables, *optimizer.variables)],
            done=model.done,
            minutes=model.minutes,
        ),
        str(folder),
        max_to_keep=1,
    )
    saved.restore_or_initialize()
    tf.random.set_seed(recipe.seed)
    step = _compiled(model, optimizer)
    for epoch in range(int(model.done.numpy()), recipe.language_model_epochs):
        started = time.perf_counter()
        losses = _epoch(model, step, documents, np.random.default_rng((recipe.seed, epoch)))
        minutes = (time.perf_counter() - started) / 60
        print(f"language model, epoch {epoch + 1}: {minutes:.1f} minutes, loss {losses.round(3).tolist()}")  # noqa: T201
        model.done.assign(epoch + 1)
        model.minutes.assign_add(minutes)
        saved.save()
    weights = [keras.ops.convert_to_numpy(weight) for layer in model.layers for weight in layer.trainable_weights]
    return Start(keras.ops.convert_to_numpy(model.embedding), weights, float(model.minutes.numpy()))


class _LanguageModel:
    """Recurrent layers, one a direction; their states projected onto the word vectors guess the next word."""

    def __init__(self, recipe: Recipe, vectors: np.ndarray, directions: int) -> None:
        keras.utils.set_random_seed(recipe.seed)
        size, length = vectors.shape
        self.units = recipe.units[0]
        self.embedding = keras.Variable(vectors)
        self.bias = keras.Variable(np.zeros(size, np.float32))
        start = keras.initializers.Orthogonal(recipe.recurrent_gain, seed=recipe.seed)
        layer = CELLS[recipe.family]
        self.layers = [
            layer(self.units, return_sequences=True, return_state=True, recurrent_initializer=start)
            for _ in range(directions)
        ]
        self.projections = [keras.layers.Dense(length, use_bias=False) for _ in range(directions)]
        for recurrent, projection in zip(self.layers, self.projections, strict=True):
            recurrent.build((_STREAMS, _TIMESTEPS, length))
            projection.build((_STREAMS, _TIMESTEPS, self.units))
        own = (weight for layer in (*self.layers, *self.projections) for weight in layer.trainable_weights)
        self.variables = [self.embedding, self.bias, *own]
        self.states_each = 2 if recipe.family == "LSTM" else 1
        self.done, self.minutes = tf.Variable(0), tf.Variable(0.0)

    def take_over(self, before: Start) -> bool:
        """Go on from these recurrent weights, if they fit; whether they do."""
        self.minutes.assign(before.minutes)
        own = [weight for layer in self.layers for weight in layer.trainable_weights]
        fit = [tuple(variable.shape) for variable in own] == [weight.shape for weight in before.weights]
        for variable, weight in zip(own, before.weights if fit else (), strict=fit):
            variable.assign(weight)
        return fit

    def loss(
        self, direction: int, words: tf.Tensor, following: tf.Tensor, states: list[tf.Tensor]
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Mean loss of the guesses, ``(streams, timesteps)`` ids each, and the states after the last word."""
        read, *states = self.layers[direction](tf.gather(self.embedding.value, words), initial_state=states)
        guesses = tf.reshape(self.projections[direction](read), [-1, tf.shape(self.embedding.value)[1]])
        right = tf.reshape(following, [-1])
        size = self.embedding.shape[0]
        column = tf.cast(right[:, None], tf.int64)
        wrong = min(_WRONG_WORDS, size // 2)
        losses = tf.nn.sampled_softmax_loss(
            self.embedding.value,
            self.bias.value,
            column,
            guesses,
            wrong,
            size,
            sampled_values=tf.random.log_uniform_candidate_sampler(column, 1, wrong, True, size),
        )
        known = tf.cast(right > OUT_OF_VOCABULARY, tf.float32)
        return tf.reduce_sum(losses * known) / tf.maximum(tf.reduce_sum(known), 1), states


class Rounds(keras.optimizers.schedules.LearningRateSchedule):
    """A warm-up and a cosine down to a tenth, again and again; from the second time on at half the rate.

    Loshchilov & Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts".

    Args:
        steps: of one round.
        first: whether the first of these rounds is the first of all.
    """

    def __init__(self, steps: int, first: bool = True) -> None:
        self._steps, self._first = steps, first
        self._one = keras.optimizers.schedules.CosineDecay(
            0.0, steps, alpha=0.1, warmup_target=_RATE, warmup_steps=min(200, steps)
        )

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """The rate after so many steps."""
        step = tf.cast(step, tf.int64)
        rate = self._one(step % self._steps)
        return tf.where(self._first & (step < self._steps), rate, rate / 2)


def _compiled(model: _LanguageModel, optimizer: keras.optimizers.Optimizer) -> _Step:
    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def step(words: Tensors, following: Tensors, states: list[Tensors]) -> tuple[Tensors, list[Tensors]]:
        with tf.GradientTape() as tape:
            read = [model.loss(i, *each) for i, each in enumerate(zip(words, following, states, strict=True))]
            loss = tf.add_n([one for one, _ in read])
        gradients = tape.gradient(loss, [variable.value for variable in model.variables])
        optimizer.apply([tf.convert_to_tensor(gradient) for gradient in gradients], model.variables)
        return [one for one, _ in read], [after for _, after in read]

    return cast(_Step, step)


def _epoch(model: _LanguageModel, step: _Step, documents: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """All texts once, one behind the other in a fresh order; the mean loss of each direction."""
    order = random.permutation(len(documents))
    stream = np.concatenate([documents[i] for i in order]).astype(np.int32)
    length = len(stream) // _STREAMS
    forward = stream[: length * _STREAMS].reshape(_STREAMS, length)
    streams = [forward, forward[:, ::-1]][: len(model.layers)]
    states = [[tf.zeros((_STREAMS, model.units))] * model.states_each for _ in streams]
    losses = []
    for start in range(0, length - 1 - _TIMESTEPS, _TIMESTEPS):
        words, following = (
            [tf.constant(read[:, start + by : start + by + _TIMESTEPS].copy()) for read in streams] for by in (0, 1)
        )
        found, states = step(words, following, states)
        losses.append([float(one) for one in found])
    return np.asarray(np.mean(losses or [[0.0] * len(streams)], axis=0))
