"""Training against the worst small change of the word vectors.

Miyato, Dai & Goodfellow 2017, "Adversarial Training Methods for Semi-Supervised Text Classification".
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

_HARDLY = 1e-5  # how much the unlabelled reviews count where only the direction of their gradient is asked for


class Nudge(keras.layers.Layer):
    """Adds what it is told to word vectors; part of a network only while it is trained."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self.added: tf.Tensor | None = None
        self.seen: tf.Tensor | None = None

    def call(self, vectors: tf.Tensor) -> tf.Tensor:
        """The vectors, nudged."""
        self.seen = vectors
        return vectors if self.added is None else vectors + self.added


class AdversarialModel(keras.Model):
    """Learns from every batch twice: as it is, and with each review's word vectors nudged where it hurts most.

    The nudge is the gradient of the loss at the word vectors, scaled to ``length`` over the whole review. The network
    must have a ``Nudge`` layer.

    Of a review without a label, whose weight is 0, nothing is learnt as it is; nudged, it should get the verdict that
    it got before (virtual adversarial training). The paper looks for the worst nudge by power iteration on the second
    derivative of the divergence. Where there are two classes, that matrix is ``p (1 - p) g g'`` with ``g`` the
    gradient of the logit, so its one direction is ``g``, and of the two signs the one towards P(positive) = 0.5 is
    taken.

    Args:
        length: of the nudge.
    """

    def __init__(self, length: float, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.length = length

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of learning, see ``keras.Model.train_step``."""
        ids, targets, weights = data
        labelled = tf.reshape(weights["final"], [-1, 1]) > 0
        nudge = next(layer for layer in self.layers if isinstance(layer, Nudge))
        variables = self.trainable_weights
        nudge.added = None
        with tf.GradientTape() as tape:
            verdicts = self(ids, training=True)
            loss = self.compute_loss(ids, targets, verdicts, weights)
            certainty = tf.reduce_sum(tf.where(labelled, 0.0, tf.abs(verdicts["final"])))
            followed = loss - _HARDLY * certainty
        *plain, at_words = tape.gradient(followed, [*(v.value for v in variables), nudge.seen])
        length = tf.sqrt(tf.reduce_sum(at_words**2, [1, 2], keepdims=True) + 1e-20 * _HARDLY**2)
        nudge.added = tf.stop_gradient(self.length * at_words / length)
        before = tf.where(labelled, targets["final"], tf.sigmoid(tf.stop_gradient(verdicts["final"])))
        counted = {**weights, "final": tf.ones_like(weights["final"])}
        with tf.GradientTape() as tape:
            nudged = self.compute_loss(ids, {**targets, "final": before}, self(ids, training=True), counted)
        worst = tape.gradient(nudged, [v.value for v in variables])
        nudge.added = None
        both = [tf.convert_to_tensor(a) + tf.convert_to_tensor(b) for a, b in zip(plain, worst, strict=True)]
        self.optimizer.apply(both, variables)
        count, known = (tf.reduce_sum(tf.cast(of, tf.float32)) for of in (tf.ones_like(labelled), labelled))
        self._loss_tracker.update_state(tf.math.divide_no_nan(loss * count, known), sample_weight=known)
        return dict(self.compute_metrics(ids, targets, verdicts, sample_weight=weights))
