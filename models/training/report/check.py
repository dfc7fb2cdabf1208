"""The other end of ``models.jobs.keras_check``: the saved Keras network reads one review.

``python -m models.training.report.check`` takes ``{"folder": …, "review": …}`` as JSON on its standard input
and writes an ``.npz`` to its standard output. It writes nothing else, anywhere.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from models.catalog import read_card
from models.text import Vocabulary

Array = np.ndarray


def read(folder: Path, review: str) -> dict[str, Array]:
    """What Keras makes of a review.

    Returns:
        ``probability`` (), ``running_logits`` (timesteps,) where the network has them, and ``states_0``, ``states_1``,
        … (timesteps, units) in the order of ``Trace.layers``.
    """
    import keras
    import tensorflow as tf

    from models.training.networks import PadInFront, load_network

    started = time.perf_counter()
    tokens, _ = read_card(folder).cut(Vocabulary.load(folder / "vocabulary.txt").tokenize(review))
    ids = np.array([[token.id for token in tokens]], np.int32)
    network = load_network(folder.name, folder.parent)
    answer: dict[str, Array] = {}
    x: Any = ids
    place = 0
    for layer in network.layers:
        if isinstance(layer, PadInFront | keras.layers.Embedding):
            x = layer(x)
        elif isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional):
            x = _at_every_word(layer, x)(x)
            directions = 2 if isinstance(layer, keras.layers.Bidirectional) else 1
            for states in np.split(x.numpy()[0], directions, axis=-1):
                answer[f"states_{place}"] = states[-len(tokens) :]
                place += 1
    outputs = [layer.output for layer in network.layers if layer.name == "readout"]
    if outputs and len(outputs[0].shape) == 3:
        answer["running_logits"] = keras.Model(network.input, outputs[0])(ids).numpy()[0, :, 0]
    final = tf.reshape(network(ids), [])
    if network.layers[-1].get_config().get("activation") != "sigmoid":
        final = tf.sigmoid(final)
    return {**answer, "probability": final.numpy(), "seconds": np.float64(time.perf_counter() - started)}


def _at_every_word(layer: Any, inputs: Any) -> Any:
    """A recurrent layer that gives its state at every word; a copy, where it was made to give the last one only."""
    if layer.return_sequences:
        return layer
    config = layer.get_config()
    (config["layer"]["config"] if "layer" in config else config)["return_sequences"] = True
    copy = type(layer).from_config(config)
    copy.build(inputs.shape)
    copy.set_weights(layer.get_weights())
    return copy


def main() -> int:
    """Answer one question."""
    # Whatever a library prints must not get between the bytes of the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    question = json.loads(sys.stdin.buffer.read())
    answer = io.BytesIO()
    np.savez(answer, **read(Path(question["folder"]), question["review"]))  # type: ignore[arg-type]
    with out:
        out.write(answer.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
