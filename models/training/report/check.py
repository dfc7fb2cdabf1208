"""The other end of ``models.jobs.keras_check``: the saved Keras network reads one review.

``python -m models.training.report.check`` takes ``{"folder": …, "review": …}`` as JSON on its standard input, or for a
brought network ``{"network": …, "ids": …, "ending": …}``, and writes an ``.npz`` to its standard output. It writes
nothing else, anywhere.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from models.catalog import read_card
from models.jobs.keras_check import UNOPENED
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
    for layer in network.layers:
        if isinstance(layer, PadInFront | keras.layers.Embedding):
            x = layer(x)
        elif isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional):
            for part in _directions(layer):
                states = _states(part, x, every=True)[:: -1 if part.go_backwards else 1]
                answer[f"states_{len(answer)}"] = states[-len(tokens) :]
            x = layer(x)
    outputs = [layer.output for layer in network.layers if layer.name == "readout"]
    if outputs and len(outputs[0].shape) == 3:
        answer["running_logits"] = keras.Model(network.input, outputs[0])(ids).numpy()[0, :, 0]
    final = tf.reshape(network(ids), [])
    if network.layers[-1].get_config().get("activation") != "sigmoid":
        final = tf.sigmoid(final)
    return {**answer, "probability": final.numpy(), "seconds": np.float64(time.perf_counter() - started)}


def read_brought(path: Path, ids: list[int], ending: str) -> dict[str, Array]:
    """What Keras makes of ids with a network from a file that somebody brought, its layers one after another.

    Args:
        ending: "sigmoid", "logit" or "softmax", as in ``models.foreign.stages.Plan``.

    Returns:
        ``probability`` (), of the second class, and ``last_0``, ``last_1``, … (units,), in the order of
        ``Trace.layers``.
    """
    import keras

    started = time.perf_counter()
    network = keras.saving.load_model(path, compile=False, safe_mode=True)
    given = keras.ops.convert_to_tensor(np.array([ids], np.int32))
    answer: dict[str, Array] = {}
    x: Any = given
    whole = True
    for layer in _in_line(network):
        if isinstance(layer, keras.layers.TextVectorization):
            whole = False  # the ids are the ones that it gives
        elif isinstance(layer, keras.layers.Layer) and not isinstance(layer, keras.layers.InputLayer):
            for part in _directions(layer):
                answer[f"last_{len(answer)}"] = _states(part, x, every=False)
            x = layer(x)
    final: Array = (network(given) if whole else x).numpy()[0].astype(np.float64)
    if ending == "logit":
        final = 1 / (1 + np.exp(-final))
    answer["probability"] = np.asarray(final[1 if ending == "softmax" else 0], np.float32)
    return {**answer, "seconds": np.asarray(time.perf_counter() - started)}


def _in_line(network: Any) -> Iterator[Any]:
    """The layers, those of a network within the network too."""
    import keras

    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from _in_line(layer)
        else:
            yield layer


def _directions(layer: Any) -> list[Any]:
    import keras

    if isinstance(layer, keras.layers.Bidirectional):
        return [layer.forward_layer, layer.backward_layer]
    return [layer] if isinstance(layer, keras.layers.RNN) else []


def _states(layer: Any, inputs: Any, every: bool) -> Array:
    """A recurrent layer's states as it reads, (timesteps, units), or without ``every`` the last one, (units,)."""
    made = layer.return_sequences, layer.zero_output_for_mask
    layer.return_sequences, layer.zero_output_for_mask = every, False
    try:
        return np.asarray(layer(inputs).numpy()[0])
    finally:
        layer.return_sequences, layer.zero_output_for_mask = made


def main() -> int:
    """Answer one question."""
    # Whatever a library prints must not get between the bytes of the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    question = json.loads(sys.stdin.buffer.read())
    if "network" in question:
        try:
            found = read_brought(Path(question["network"]), question["ids"], question["ending"])
        except Exception:  # noqa: BLE001 - whatever Keras says of a stranger's file may quote it
            return UNOPENED
    else:
        found = read(Path(question["folder"]), question["review"])
    answer = io.BytesIO()
    np.savez(answer, **found)  # type: ignore[arg-type]
    with out:
        out.write(answer.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
