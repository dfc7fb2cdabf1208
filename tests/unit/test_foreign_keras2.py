"""Whole-model files as Keras 2 wrote them, against what Keras 2.21 itself (tf_keras) predicted from these very files.

The weights are sines, so that the files can be written here by h5py alone; the expected numbers were recorded once from
``load_model``, and for the CuDNN layers from ``load_weights`` into LSTM and GRU, by which Keras 2 turns their weights.
"""

from __future__ import annotations

import io
import json
from typing import Any

import h5py
import numpy as np
import pytest

from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from tests.taken_apart import same_process as same_process

ROWS, FEATURES, UNITS, TIMESTEPS = 12, 3, 2, 6
WORDS = Words("a dictionary of words", {f"w{i}": i for i in range(2, ROWS)}, Preparation())
TEXTS = ["w2 w7 w3", "w11 w4 w5 w6 w2 w8", "w9"]
Layer = tuple[str, dict[str, Any], dict[str, tuple[int, ...]]]


def cell(kind: str, **settings: Any) -> Layer:
    """A recurrent layer of Keras 2 and the shapes of its weights, by their names in the file."""
    gates = {"LSTM": 4, "GRU": 3}.get(kind.removeprefix("CuDNN"), 1)
    config: dict[str, Any] = {"units": UNITS, "return_sequences": False, "return_state": False, "go_backwards": False,
                              "stateful": False, "time_major": False}  # fmt: skip
    bias: tuple[int, ...] = (gates * UNITS,)
    if kind.startswith("CuDNN"):
        bias = (2 * gates * UNITS,)
        del config["time_major"]
    else:
        config |= {"activation": "tanh", "use_bias": True, "implementation": 2, "unroll": False}
        config |= {} if kind == "SimpleRNN" else {"recurrent_activation": "sigmoid"}
    if settings.get("reset_after"):
        bias = (2, gates * UNITS)
    shapes = {"kernel": (FEATURES, gates * UNITS), "recurrent_kernel": (UNITS, gates * UNITS), "bias": bias}
    return kind, config | settings, shapes


def both_ways(inner: Layer) -> Layer:
    kind, config, shapes = inner
    shapes = {f"{way}/{name}": shape for way in ("forward", "backward") for name, shape in shapes.items()}
    inside = {"class_name": kind, "config": {"name": "inside", **config}}
    return "Bidirectional", {"layer": inside, "merge_mode": "concat"}, shapes


def file(layer: Layer, *, mask: bool = False, functional: bool = False, old: bool = False) -> bytes:
    """Embedding, this layer, one sigmoid: configuration, names and attributes as in Keras 2's own files.

    Args:
        old: as standalone Keras 2.2 wrote it: a Sequential is a plain list, names are bytes, no tf.keras settings.
    """
    kind, config, shapes = layer
    width = 2 * UNITS if kind == "Bidirectional" else UNITS
    stack: list[Layer] = [
        ("Embedding", {"input_dim": ROWS, "output_dim": FEATURES, "mask_zero": mask, "input_length": TIMESTEPS,
                       "batch_input_shape": [None, TIMESTEPS], "dtype": "float32"}, {"embeddings": (ROWS, FEATURES)}),
        (kind, {"trainable": True, "dtype": "float32", **config}, shapes),
        ("Dense", {"units": 1, "activation": "sigmoid", "use_bias": True}, {"kernel": (width, 1), "bias": (1,)}),
    ]  # fmt: skip
    names = [f"{kind.lower()}_{number}" for number, (kind, _, _) in enumerate(stack, 1)]
    entries: list[dict[str, Any]] = [
        {"class_name": kind, "config": {"name": name, **config}}
        for name, (kind, config, _) in zip(names, stack, strict=True)
    ]
    start = {"class_name": "InputLayer", "config": {
        "batch_input_shape": [None, TIMESTEPS], "dtype": "int32", "sparse": False, "ragged": False, "name": "input_1",
    }}  # fmt: skip
    whole: Any = {"name": "sequential", "layers": entries if old else [start, *entries]}
    if functional:
        before = ["input_1", *names]
        for entry, name, source in zip(entries, names, before, strict=False):
            entry |= {"name": name, "inbound_nodes": [[[source, 0, 0, {}]]]}
        whole = {"name": "model", "layers": [start | {"name": "input_1", "inbound_nodes": []}, *entries],
                 "input_layers": [["input_1", 0, 0]], "output_layers": [[names[-1], 0, 0]]}  # fmt: skip
    architecture = {"class_name": "Functional" if functional else "Sequential", "config": entries if old else whole}
    data = io.BytesIO()
    with h5py.File(data, "w") as made:
        made.attrs["backend"] = b"tensorflow" if old else "tensorflow"
        made.attrs["keras_version"] = b"2.2.4" if old else "2.21.0"
        made.attrs["model_config"] = json.dumps(architecture).encode() if old else json.dumps(architecture)
        group = made.create_group("model_weights")
        group.attrs["backend"], group.attrs["keras_version"] = made.attrs["backend"], made.attrs["keras_version"]
        group.attrs["layer_names"] = np.array(names, "S")
        number = 0
        for name, (_, _, weights) in zip(names, stack, strict=True):
            listed = [f"{name}/{weight}:0" for weight in weights]
            group.create_group(name).attrs["weight_names"] = np.array(listed, "S")
            for where, shape in zip(listed, weights.values(), strict=True):
                group[name][where] = sines(number, shape)
                number += 1
    return data.getvalue()


def sines(number: int, shape: tuple[int, ...]) -> np.ndarray:
    count = np.arange(int(np.prod(shape)), dtype=np.float64)
    return np.asarray(0.9 * np.sin(1.7 * count + number + 0.3), np.float32).reshape(shape)


HARD = {"recurrent_activation": "hard_sigmoid"}
FILES: dict[str, bytes] = {
    "SimpleRNN, functional": file(cell("SimpleRNN"), mask=True, functional=True),
    "LSTM": file(cell("LSTM"), mask=True),
    "LSTM of 2.2, hard sigmoid, padding read": file(cell("LSTM", **HARD), old=True),
    "GRU": file(cell("GRU", reset_after=True)),
    "GRU of 2.2, hard sigmoid, reset before": file(cell("GRU", reset_after=False, **HARD), mask=True, old=True),
    "CuDNNLSTM": file(cell("CuDNNLSTM")),
    "CuDNNGRU": file(cell("CuDNNGRU")),
    "both ways CuDNNLSTM": file(both_ways(cell("CuDNNLSTM"))),
    "both ways CuDNNGRU": file(both_ways(cell("CuDNNGRU"))),
    "both ways LSTM": file(both_ways(cell("LSTM")), mask=True),
}
EXPECTED = {
    "SimpleRNN, functional": [0.2194525, 0.2283884, 0.264006],
    "LSTM": [0.3753844, 0.3793139, 0.3107434],
    "LSTM of 2.2, hard sigmoid, padding read": [0.3648744, 0.3813888, 0.2983758],
    "GRU": [0.4594841, 0.4608795, 0.3277413],
    "GRU of 2.2, hard sigmoid, reset before": [0.5024751, 0.5140042, 0.3192873],
    "CuDNNLSTM": [0.4119305, 0.4180593, 0.3985831],
    "CuDNNGRU": [0.4426382, 0.4471627, 0.3105592],
    "both ways CuDNNLSTM": [0.5852572, 0.5841548, 0.5948595],
    "both ways CuDNNGRU": [0.6207188, 0.5884808, 0.7582899],
    "both ways LSTM": [0.620801, 0.626716, 0.7127644],
}


@pytest.mark.parametrize("name", FILES)
def test_read_as_keras_2_reads_it(name: str) -> None:
    model = assemble(read_plan(FILES[name], "model.h5"), WORDS, Preparation(maxlen=TIMESTEPS))
    np.testing.assert_allclose(model.predict(TEXTS), EXPECTED[name], atol=1e-6)
