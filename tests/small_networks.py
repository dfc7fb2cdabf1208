"""Small ``.keras`` files of many kinds without TensorFlow, as somebody might bring them."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.foreign.model import ForeignModel
from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from models.nn.network import snake
from tests import network_files

_GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
WORDS = {word: i for i, word in enumerate("the film was not good bad a great plot".split(), 2)}
Layer = tuple[str, dict[str, Any]]


def file(*stack: Layer, mask: bool = True, end: str = "sigmoid") -> bytes:
    """Embedding, these layers, one output."""
    random = np.random.default_rng(1)
    layers = network_files.layers(embedding={"mask_zero": mask})[:2]
    arrays: dict[str, Any] = {"layers/embedding/vars/0": random.normal(size=(network_files.ROWS, 3)).astype("f4")}
    seen: dict[str, int] = {}
    features = 3

    def put(path: str, *shape: int) -> None:
        arrays[f"layers/{path}"] = np.asarray(random.normal(0, 0.5, shape), "f4")

    def cell(path: str, kind: str, settings: dict[str, Any]) -> None:
        units, gates = settings["units"], _GATES[kind]
        put(f"{path}/cell/vars/0", features, gates * units)
        put(f"{path}/cell/vars/1", units, gates * units)
        put(f"{path}/cell/vars/2", *((2, 3 * units) if kind == "GRU" else (gates * units,)))

    for kind, settings in (*stack, ("Dense", {"units": 1, "activation": end})):
        key = snake(kind)
        name = key + (f"_{seen[key]}" if seen.get(key) else "")
        seen[key] = seen.get(key, 0) + 1
        layers.append({"class_name": kind, "config": {"name": name, "return_sequences": False, **settings}})
        if kind in _GATES:
            cell(name, kind, settings)
            features = settings["units"]
        elif kind == "Bidirectional":
            inner = settings["layer"]
            inner["config"] = {"return_sequences": False, **inner["config"]}
            for way in ("forward_layer", "backward_layer"):
                cell(f"{name}/{way}", inner["class_name"], inner["config"])
            features = inner["config"]["units"] * (2 if settings.get("merge_mode", "concat") == "concat" else 1)
        elif kind == "Dense":
            put(f"{name}/vars/0", features, settings["units"])
            put(f"{name}/vars/1", settings["units"])
            features = settings["units"]
        elif kind == "LayerNormalization":
            put(f"{name}/vars/0", features)
            put(f"{name}/vars/1", features)
    return network_files.keras({"class_name": "Sequential", "config": {"layers": layers}}, network_files.h5(arrays))


def both(kind: str, units: int, merge: str = "concat", **settings: Any) -> Layer:
    """A Bidirectional layer."""
    return "Bidirectional", {
        "layer": {"class_name": kind, "config": {"units": units, **settings}},
        "merge_mode": merge,
    }


POST = {"maxlen": 20, "padding": "post", "truncating": "post"}
KINDS: dict[str, tuple[bytes, dict[str, Any]]] = {
    "SimpleRNN": (file(("SimpleRNN", {"units": 4})), {}),
    "LSTM": (file(("LSTM", {"units": 4})), {"maxlen": 20}),
    "GRU, relu before the output": (file(("GRU", {"units": 4}), ("Dense", {"units": 5, "activation": "relu"})), {}),
    "LSTM that reads padding in front": (file(("LSTM", {"units": 4}), mask=False), {"maxlen": 20}),
    "LSTM that reads padding behind": (file(("LSTM", {"units": 4}), mask=False), POST),
    "two directions": (file(both("LSTM", 3)), {"oov_id": 1}),
    "two directions, added": (file(both("GRU", 3, "sum")), {"oov_id": 1}),
    "two layers": (file(both("LSTM", 3, return_sequences=True), both("LSTM", 2), end="linear"), {"maxlen": 20}),
    "pooled": (file(("GRU", {"units": 4, "return_sequences": True}), ("GlobalMaxPooling1D", {})), {"maxlen": 20}),
    "pooled both ways": (
        file(both("LSTM", 3, return_sequences=True), ("GlobalAveragePooling1D", {}),
             ("Dense", {"units": 3, "activation": "tanh"})),
        {"maxlen": 20},
    ),
    "other activations": (
        file(("LSTM", {"units": 4, "activation": "relu", "recurrent_activation": "hard_sigmoid"})), {},
    ),
    "backwards": (file(("GRU", {"units": 4, "go_backwards": True}), ("LayerNormalization", {})), {"start_id": 11}),
}  # fmt: skip


def model(kind: str, number: int = 1, labels: tuple[str, str] = ("ham", "spam")) -> ForeignModel:
    """One of ``KINDS``, as a visitor would have it."""
    data, settings = KINDS[kind]
    words = Words("a dictionary of words", WORDS, Preparation())
    prepared = Preparation().changed(settings)
    return assemble(read_plan(data, "x.keras"), words, prepared, name=f"yours_{number}", title="Mine", labels=labels)
