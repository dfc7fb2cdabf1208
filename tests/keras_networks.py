"""Networks as students build them, made by Keras, in every format: what ``models.foreign`` is held to.

Only functions import TensorFlow: page tests run in the process that collected these.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

WORDS = tuple(f"w{i}" for i in range(1, 28))
ROWS, FEATURES, LENGTH = 30, 5, 9
INDEX = {word: i for i, word in enumerate(WORDS, 2)}  # 0 padding, 1 unknown
CELLS = ("SimpleRNN", "LSTM", "GRU", "GRU before")
PREPARED: dict[str, dict[str, Any]] = {
    "alone": {"oov_id": 1},
    "pre": {"oov_id": 1, "maxlen": LENGTH},
    "post": {"oov_id": 1, "maxlen": LENGTH, "padding": "post", "truncating": "post"},
}
ACTIVATIONS = (
    "linear relu relu6 leaky_relu elu celu selu gelu sigmoid tanh hard_sigmoid hard_tanh hard_silu silu mish softplus "
    "softsign squareplus soft_shrink hard_shrink tanh_shrink sparse_plus sparse_sigmoid log_sigmoid softmax "
    "log_softmax sparsemax"
).split()
GATES = "sigmoid hard_sigmoid sparse_sigmoid tanh relu softsign hard_tanh linear".split()


@dataclass(frozen=True)
class Case:
    """One network: its layers as a list of (class, settings), and how its texts are prepared."""

    layers: tuple[tuple[Any, ...], ...]
    prepared: str
    mask: bool = False
    functional: bool = False
    keras2_activations: bool = False

    @property
    def id(self) -> str:
        described = "-".join(_described(layer) for layer in self.layers)
        return f"{'masked-' if self.mask else ''}{self.prepared}-{described}"[:150]


def _described(layer: tuple[Any, ...]) -> str:
    kind, settings = layer[0], layer[1] if len(layer) > 1 else {}
    parts = [kind.replace(" ", "_")]
    for value in settings.values():
        parts.append(_described(value) if isinstance(value, tuple) else str(value))
    return "_".join(parts)


def cell(kind: str, units: int = 4, **settings: Any) -> tuple[Any, ...]:
    return (kind, {"units": units, **settings})


ENDINGS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "sigmoid": (("Dense", {"units": 1, "activation": "sigmoid"}),),
    "logit": (("Dense", {"units": 1}),),
    "softmax": (("Dense", {"units": 2, "activation": "softmax"}),),
    "apart": (("Dense", {"units": 1}), ("Activation", {"activation": "sigmoid"})),
    "relu": (("Dense", {"units": 6, "activation": "relu"}), ("Dropout", {"rate": 0.5}), ("Dense", {"units": 1})),
    "norm": (("BatchNormalization", {}), ("Dense", {"units": 3, "activation": "tanh"}), ("Dense", {"units": 1})),
}
POOLS = {"max": "GlobalMaxPooling1D", "mean": "GlobalAveragePooling1D", "flatten": "Flatten"}


def cases() -> list[Case]:
    """Every kind of network in the table; a little over two hundred."""
    return list(_cases())


def _cases() -> Iterator[Case]:
    endings = itertools.cycle(ENDINGS.values())
    for kind, mask, prepared in itertools.product(CELLS, (False, True), PREPARED):
        yield Case((cell(kind), *next(endings)), prepared, mask)
        yield Case((cell(kind), *next(endings)), prepared, mask, functional=True)
    for number, name in enumerate(ACTIVATIONS):
        kind = CELLS[number % 4]
        yield Case((cell(kind, activation=name), *next(endings)), ("alone", "pre", "post")[number % 3], number % 2 == 0)
    for number, name in enumerate(GATES):
        for kind in CELLS[1:]:
            yield Case((cell(kind, recurrent_activation=name), *next(endings)), ("alone", "pre", "post")[number % 3])
    masks = itertools.cycle((False, True))
    for kind, merge in itertools.product(CELLS, ("concat", "sum", "mul", "ave")):
        prepared = itertools.cycle(PREPARED)
        yield Case(
            (("Bidirectional", {"layer": cell(kind), "merge_mode": merge}), *next(endings)), next(prepared), next(masks)
        )
        for pool in POOLS:
            every = ("Bidirectional", {"layer": cell(kind, return_sequences=True), "merge_mode": merge})
            how = "pre" if pool == "flatten" else next(prepared)
            yield Case((every, (POOLS[pool],), *next(endings)), how, next(masks))
    for kind, pool in itertools.product(CELLS, POOLS):
        for how in ("pre", "post") if pool == "flatten" else PREPARED:
            yield Case((cell(kind, return_sequences=True), (POOLS[pool],), *next(endings)), how, next(masks))
    between = (
        ("Dropout", {"rate": 0.2}), ("SpatialDropout1D", {"rate": 0.2}), ("GaussianNoise", {"stddev": 0.1}),
        ("LayerNormalization", {}), ("BatchNormalization", {}),
        ("TimeDistributed", {"layer": ("Dense", {"units": 3, "activation": "relu"})}),
        ("Dense", {"units": 3}), ("Activation", {"activation": "relu"}), ("LeakyReLU", {}), ("ELU", {}),
    )  # fmt: skip
    for number, layer in enumerate(between):
        kind, other = CELLS[number % 4], CELLS[(number + 1) % 4]
        yield Case(
            (cell(kind, return_sequences=True), layer, cell(other, 3), *next(endings)),
            ("alone", "pre", "post")[number % 3],
            next(masks),
        )
        two = ("Bidirectional", {"layer": cell(kind, return_sequences=True)})
        yield Case(
            (layer, two, layer, ("Bidirectional", {"layer": cell(other, 3)}), *next(endings)), "post", next(masks)
        )
    for kind, mask in itertools.product(CELLS, (False, True)):
        yield Case((cell(kind, go_backwards=True), *next(endings)), "post" if mask else "pre", mask)
        yield Case((cell(kind, go_backwards=True, return_sequences=True), cell(kind, 3), *next(endings)), "alone")
        yield Case((cell(kind, use_bias=False), *next(endings)), "pre", mask)
        yield Case((("RNN", {"cell": kind}), *next(endings)), "post", mask)
    for kind in CELLS:
        deep = [cell(kind, return_sequences=True)] * 3
        yield Case((*deep, cell(kind), *next(endings)), "pre", next(masks))
        yield Case((("Masking", {"mask_value": 0.0}), cell(kind), *next(endings)), "pre")
        gate = {} if kind == "SimpleRNN" else {"recurrent_activation": "hard_sigmoid"}
        yield Case((cell(kind, activation="softsign", **gate), *next(endings)), "pre", keras2_activations=True)


def build(case: Case, seed: int = 0) -> Any:
    """The network with random weights of a size at which mistakes show."""
    import keras

    length = LENGTH if case.prepared != "alone" else None
    parts = [
        keras.layers.Embedding(ROWS, FEATURES, mask_zero=case.mask),
        *(_layer(layer, case) for layer in case.layers),
    ]
    if case.functional:
        start = x = keras.Input((length,))
        for part in parts:
            x = part(x)
        network = keras.Model(start, x)
    else:
        network = keras.Sequential([keras.Input((length,)), *parts])
    random = np.random.default_rng(seed)
    for variable in network.weights:
        spread = {"embeddings": 1.0, "bias": 0.4, "recurrent_kernel": 0.3, "gamma": 0.5}.get(variable.name, 0.5)
        values = random.normal(0, spread, variable.shape)
        variable.assign(np.abs(values) + 0.3 if variable.name == "moving_variance" else values)
    return network


def _layer(described: tuple[Any, ...], case: Case) -> Any:
    import keras

    kind, settings = described[0], dict(described[1]) if len(described) > 1 else {}
    if kind == "GRU before":
        return keras.layers.GRU(**_activated(settings, case), reset_after=False)
    if kind == "RNN":
        cells = {"GRU before": "GRU"}
        made = getattr(keras.layers, cells.get(settings["cell"], settings["cell"]) + "Cell")
        more = {"reset_after": False} if settings["cell"] == "GRU before" else {}
        return keras.layers.RNN(made(4, **more))
    if "layer" in settings:
        inner = _layer(settings.pop("layer"), case)
        return getattr(keras.layers, kind)(inner, **settings)
    return getattr(keras.layers, kind)(**_activated(settings, case))


def _activated(settings: dict[str, Any], case: Case) -> dict[str, Any]:
    if case.keras2_activations and settings.get("recurrent_activation") == "hard_sigmoid":
        settings = {**settings, "recurrent_activation": _hard_sigmoid_of_keras2}
    return settings


def _hard_sigmoid_of_keras2(x: Any) -> Any:
    import keras

    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


def saved(network: Any, case: Case, form: str, folder: Path) -> Path:
    """The network in a file of one of ``FORMS``."""
    path = folder / ("network.keras" if form == "keras" else "network.h5")
    if form == "keras":
        network.save(path)
    else:
        network.save(path)
        if form == "keras 2":
            as_keras2(path, case)
    return path


FORMS = ("keras", "keras 3 h5", "keras 2")


def as_keras2(path: Path, case: Case | None = None) -> None:
    """Rewrite a whole-model HDF5 file of Keras 3 as Keras 2 (tf.keras 2.15) wrote it."""
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        config["config"]["layers"] = [_entry2(entry, case) for entry in config["config"]["layers"]]
        config["class_name"] = {"Functional": "Functional"}.get(config["class_name"], config["class_name"])
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "2.15.0"
        file["model_weights"].attrs["keras_version"] = b"2.15.0"


def _entry2(entry: dict[str, Any], case: Case | None) -> dict[str, Any]:
    config = dict(entry["config"])
    if "batch_shape" in config:
        config["batch_input_shape"] = config.pop("batch_shape")
    if isinstance(config.get("dtype"), dict):
        config["dtype"] = config["dtype"]["config"]["name"]
    if case is not None and case.keras2_activations and "recurrent_activation" in config:
        config["recurrent_activation"] = "hard_sigmoid"
    if isinstance(config.get("layer"), dict):
        config["layer"] = _entry2(config["layer"], case)
    found = {**entry, "config": config}
    if entry.get("inbound_nodes"):
        text = json.dumps(entry["inbound_nodes"])
        name = json.loads(text)[0]["args"][0]["config"]["keras_history"]
        found["inbound_nodes"] = [[[*name, {}]]]
    return found


def texts(count: int, seed: int = 0) -> list[str]:
    """Texts of 1 to 14 words, known ones and unknown ones."""
    random = np.random.default_rng(seed)
    return [" ".join(random.choice([*WORDS, "zz"], random.integers(1, 15))) for _ in range(count)]


def padded(text: str, prepared: str) -> np.ndarray:
    """(1, timesteps) ids of a text as Keras's own ``pad_sequences`` has them."""
    import keras

    ids = [INDEX.get(word, 1) for word in text.split()]
    settings = PREPARED[prepared]
    if "maxlen" not in settings:
        return np.array([ids])
    ends = {key: settings[key] for key in ("padding", "truncating") if key in settings}
    return keras.utils.pad_sequences([ids], settings["maxlen"], **ends)


def probability(output: np.ndarray) -> np.ndarray:
    """P of the second class from what a network ends in, given the logit, sigmoid or softmax it has."""
    return output[:, 1] if output.shape[1] == 2 else output[:, 0]
