"""Files of small networks, written as Keras writes them but without it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

ROWS, FEATURES, UNITS = 12, 3, 2


def layers(**changes: Any) -> list[dict[str, Any]]:
    """The configuration of Embedding → LSTM → Dense; ``changes`` by the layer's name."""
    found = [
        ("InputLayer", {"name": "input", "batch_shape": [None, None]}),
        ("Embedding", {"name": "embedding", "input_dim": ROWS, "output_dim": FEATURES, "mask_zero": True}),
        ("LSTM", {"name": "lstm", "units": UNITS, "activation": "tanh", "recurrent_activation": "sigmoid",
                  "use_bias": True, "return_sequences": False, "go_backwards": False}),
        ("Dense", {"name": "dense", "units": 1, "activation": "sigmoid", "use_bias": True}),
    ]  # fmt: skip
    return [{"class_name": kind, "config": {**config, **changes.get(config["name"], {})}} for kind, config in found]


def config(**changes: Any) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "mine", "layers": layers(**changes)}}


def weights(**changes: Any) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes = {
        "layers/embedding/vars/0": (ROWS, FEATURES),
        "layers/lstm/cell/vars/0": (FEATURES, 4 * UNITS),
        "layers/lstm/cell/vars/1": (UNITS, 4 * UNITS),
        "layers/lstm/cell/vars/2": (4 * UNITS,),
        "layers/dense/vars/0": (UNITS, 1),
        "layers/dense/vars/1": (1,),
    }
    return {path: random.normal(size=shape).astype(np.float32) for path, shape in shapes.items()} | changes


def h5(arrays: dict[str, Any], more: Callable[[h5py.File], None] | None = None) -> bytes:
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        for path, array in arrays.items():
            if array is not None:
                file[path] = array
        if more:
            more(file)
    return data.getvalue()


def keras(
    configured: Any = None,
    arrays: bytes | None = None,
    more: Callable[[zipfile.ZipFile], None] | None = None,
    names: tuple[str, str] = ("config.json", "model.weights.h5"),
    packing: int = zipfile.ZIP_STORED,
) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        text = configured if isinstance(configured, str) else json.dumps(configured or config())
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archive.writestr(names[0], text)
        archive.writestr(names[1], arrays if arrays is not None else h5(weights()))
        if more:
            more(archive)
    return data.getvalue()


def whole_model(
    configured: Any = None, more: Callable[[h5py.File], None] | None = None, skip: str = "", names: bool = True
) -> bytes:
    """A whole-model HDF5 file as Keras 2 wrote it."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        if skip != "config":
            file.attrs["model_config"] = json.dumps(configured or config())
        file.attrs["keras_version"] = "2.15.0"
        group = file.create_group("model_weights")
        by_layer: dict[str, list[np.ndarray]] = {"input": []}
        for path, array in weights().items():
            by_layer.setdefault(path.split("/")[1], []).append(array)
        if names:
            group.attrs["layer_names"] = np.array(list(by_layer), "S")
        for layer, arrays in by_layer.items():
            here = group.create_group(layer)
            listed = [f"{layer}/{i}:0" for i in range(len(arrays))]
            here.attrs["weight_names"] = np.array(listed, "S")
            for name, array in zip(listed, arrays, strict=True):
                here[name] = array
        if more:
            more(file)
    return data.getvalue()


VALID = {"network.keras": keras, "network.h5": whole_model}
