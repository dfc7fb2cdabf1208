"""A network's layers as ``config.json`` inside ``model.keras`` tells them: shapes and parameters, without Keras."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import limited
from models.errors import ArtifactError
from models.wording import listed

Shape = tuple[int | str, ...]

REVIEWS, WORDS = "reviews", "words"
_MOST_BYTES = 5_000_000
_GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a network.

    Attributes:
        name: as in the saved file.
        kind: Keras's class name; for a Bidirectional, with the cell in brackets.
        role: "ids", "embedding", "recurrent", "pool", "dropout", "hidden", "dense", "last word", "activation" or
            "other".
        shape: of the output; ``REVIEWS`` and ``WORDS`` stand for sizes that vary.
        parameters: how many numbers training sets in it.
        detail: what makes it this layer and no other, in words.
    """

    name: str
    kind: str
    role: str
    shape: Shape
    parameters: int
    detail: str

    @property
    def bidirectional(self) -> bool:
        """Whether it also reads from the end."""
        return self.kind.startswith("Bidirectional")


def read_summary(folder: Path) -> tuple[Layer, ...]:
    """The layers of the model in ``folder``, input side first; the mask that hides padding is left out.

    Raises:
        ArtifactError: if ``model.keras`` is missing, damaged, or its layers are not told as we know them.
    """
    try:
        limited.regular(folder / "model.keras")
        with zipfile.ZipFile(folder / "model.keras") as archive:
            config = json.loads(limited.member(archive, "config.json", _MOST_BYTES))
        return _layers(config["config"]["layers"])
    except FileNotFoundError as error:
        raise ArtifactError(folder.name, "model.keras", "it is missing") from error
    except Exception as error:  # a damaged zip fails in many ways, all of them meaning the same
        raise ArtifactError(folder.name, "model.keras", f"it cannot be read ({type(error).__name__})") from error


def _layers(configs: list[dict[str, Any]]) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    shape: Shape = (REVIEWS, WORDS)
    for entry in configs:
        kind, config = str(entry["class_name"]), entry["config"]
        if kind == "NotEqual":
            continue
        layer = _layer(kind, config, shape)
        shape = layer.shape
        layers.append(layer)
    if not any(layer.role == "recurrent" for layer in layers):
        raise ValueError("there is no recurrent layer")
    return tuple(layers)


def _layer(kind: str, config: dict[str, Any], shape: Shape) -> Layer:
    name = str(config["name"])
    if kind == "InputLayer":
        sizes = [size if isinstance(size, int) else None for size in config["batch_shape"][1:]]
        words = sizes[0] if sizes and sizes[0] is not None else WORDS
        return Layer(name, kind, "ids", (REVIEWS, words), 0, "one whole number a word")
    if kind == "Embedding":
        rows, size = int(config["input_dim"]), int(config["output_dim"])
        return Layer(name, kind, "embedding", (*shape[:2], size), rows * size, f"a row of {size} numbers for each word")
    if kind in _GATES:
        return _recurrent(name, kind, kind, config, shape, 1)
    if kind == "Bidirectional":
        inner = config["layer"]
        return _recurrent(name, str(inner["class_name"]), kind, inner["config"], shape, 2)
    if kind == "RunningPool":
        pooling = [str(part) for part in config["pooling"]]
        named = {"last": "the last", "mean": "the mean", "max": "the maximum"}
        detail = listed([named[part] for part in pooling])
        return Layer(
            name, kind, "pool", (*shape[:-1], _size(shape) * len(pooling)), 0, f"{detail} of the states so far"
        )
    if kind == "Dense":
        units, inputs = int(config["units"]), _size(shape)
        parameters = inputs * units + (units if config["use_bias"] else 0)
        role = "hidden" if config["activation"] == "relu" else "dense"
        return Layer(name, kind, role, (*shape[:-1], units), parameters, f"activation {config['activation']}")
    if kind == "PadInFront":
        n = int(config["timesteps"])
        return Layer(
            name, kind, "other", (REVIEWS, n), 0, f"padding in front up to {n}; of longer reviews the last {n}"
        )
    if "Dropout" in kind:
        rate = float(config["rate"])
        what = "of all features" if kind.startswith("Spatial") else "of the numbers"
        return Layer(name, kind, "dropout", shape, 0, f"hides {100 * rate:g} % {what}, in training only")
    if kind == "GetItem":
        return Layer(name, "last word", "last word", (REVIEWS, shape[-1]), 0, "the value after the last word")
    if kind == "Activation":
        return Layer(name, kind, "activation", shape, 0, str(config["activation"]))
    return Layer(name, kind, "other", shape, 0, "")


def _recurrent(name: str, cell: str, kind: str, config: dict[str, Any], shape: Shape, directions: int) -> Layer:
    units, inputs = int(config["units"]), _size(shape)
    biases = 0 if not config.get("use_bias", True) else 2 if cell == "GRU" and config.get("reset_after", True) else 1
    parameters = directions * _GATES[cell] * units * (inputs + units + biases)
    every_word = bool(config.get("return_sequences", False))
    size = directions * units
    title = cell if directions == 1 else f"{kind}({cell})"
    detail = f"a state of {units} units" + (" in each direction" if directions == 2 else "")
    out: Shape = (*shape[:2], size) if every_word else (REVIEWS, size)
    return Layer(name, title, "recurrent", out, parameters, detail + ("" if every_word else ", the last one only"))


def _size(shape: Shape) -> int:
    size = shape[-1]
    if not isinstance(size, int):
        raise ValueError("a layer stands where there are no features")
    return size
