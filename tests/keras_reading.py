"""A network of Keras asked for its verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def verdicts_of(network: Any) -> Callable[[np.ndarray], np.ndarray]:
    """What a network says to ids (reviews, timesteps): P(positive) of each review.

    One graph serves reviews of every length. Keras itself makes one anew for ``predict``, and steps through a review
    that it is called with word by word, which takes ten times as long.
    """
    import tensorflow as tf

    graph = tf.function(
        lambda ids: network(ids, training=False), input_signature=[tf.TensorSpec((None, None), tf.int32)]
    )
    return lambda ids: graph(np.asarray(ids, np.int32)).numpy()[:, 0]
