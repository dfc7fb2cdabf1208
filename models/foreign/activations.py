"""Every activation function that Keras names, as NumPy: float32 in, float32 out.

The formulas are Keras 3's; ``hard_sigmoid`` was another one in Keras 2 (slope 1/5 instead of 1/6).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from models.errors import ForeignNetworkError
from models.nn.cells import sigmoid, softmax

Array = np.ndarray
Activation = Callable[[Array], Array]

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def linear(x: Array) -> Array:
    """x itself."""
    return x


def relu(x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Array:
    """max(x, 0), and Keras's variants of it."""
    found = np.where(x >= threshold, x, negative_slope * (x - threshold))
    return np.asarray(found if max_value is None else np.minimum(found, max_value))


def elu(x: Array, alpha: float = 1.0) -> Array:
    """x above 0, alpha · (eˣ − 1) below."""
    return np.asarray(np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))))


def softplus(x: Array) -> Array:
    """log(1 + eˣ), without overflow."""
    return np.asarray(np.logaddexp(x, np.zeros((), x.dtype)))


def gelu(x: Array) -> Array:
    """x · Φ(x), exactly."""
    return np.asarray(0.5 * x * (1 + np.vectorize(math.erf, otypes=[np.float32])(x / math.sqrt(2))))


def log_softmax(x: Array) -> Array:
    """The logarithm of ``softmax``."""
    shifted = x - x.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)))


def sparsemax(x: Array) -> Array:
    """Sparsemax (Martins & Astudillo 2016) as Keras computes it: its threshold adds up all partial sums."""
    ranked = -np.sort(-x, -1)
    sums, counts = np.cumsum(ranked, -1), np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    support = ranked - (sums - 1) / counts > 0
    threshold = (np.where(support, sums, 0).sum(-1, keepdims=True) - 1) / support.sum(-1, keepdims=True)
    return np.asarray(np.maximum(x - threshold, 0))


def glu(x: Array) -> Array:
    """The first half of the features, gated by the sigmoid of the second."""
    first, second = np.split(x, 2, -1)
    return np.asarray(first * sigmoid(second))


def sparse_plus(x: Array) -> Array:
    """0 below −1, x above 1, a parabola between."""
    return np.asarray(np.where(x <= -1, 0, np.where(x < 1, 0.25 * (x + 1) ** 2, x)))


_PLAIN: dict[str, Callable[..., Array]] = {
    "linear": linear,
    "relu": relu,
    "relu6": partial(relu, max_value=6.0),
    "leaky_relu": lambda x, negative_slope=0.2: np.where(x >= 0, x, negative_slope * x),
    "elu": elu,
    "celu": elu,  # another one only where alpha is not 1
    "selu": lambda x: _SELU_SCALE * elu(x, _SELU_ALPHA),
    "gelu": gelu,
    "glu": glu,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_sigmoid_2": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "hard_silu": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * np.tanh(softplus(x)),
    "softplus": softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "squareplus": lambda x, b=4: 0.5 * (x + np.sqrt(x * x + b)),
    "soft_shrink": lambda x, threshold=0.5: np.sign(x) * np.maximum(np.abs(x) - threshold, 0),
    "hard_shrink": lambda x, threshold=0.5: np.where(np.abs(x) > threshold, x, 0),
    "tanh_shrink": lambda x: x - np.tanh(x),
    "sparse_plus": sparse_plus,
    "sparse_sigmoid": lambda x: np.clip(0.5 * (x + 1), 0, 1),
    "exponential": np.exp,
    "log_sigmoid": lambda x: -softplus(-x),
    "softmax": softmax,
    "log_softmax": log_softmax,
    "sparsemax": sparsemax,
}
_ALIASES = {"swish": "silu", "hard_swish": "hard_silu", "None": "linear"}
# Layers that are an activation, with what Keras calls their settings.
LAYERS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}
_SETTINGS = ("alpha", "negative_slope", "max_value", "threshold")


def named(value: Any, keras2: bool, layer_name: str) -> tuple[str, Activation]:
    """The activation that a configuration names, and its formula.

    Raises:
        ForeignNetworkError: if it is a function of somebody's own.
    """
    if isinstance(value, Mapping):
        kind = value.get("class_name")
        if kind in LAYERS:
            return layer(str(kind), value.get("config") or {})
        value = value.get("config")
        value = value.get("name") if isinstance(value, Mapping) else value
    name = _ALIASES.get(str(value), str(value))
    if name == "hard_sigmoid" and keras2:
        name = "hard_sigmoid_2"
    if name not in _PLAIN:
        raise ForeignNetworkError(
            f"“{layer_name}” has an activation of its own, “{name[:40]}”: Unrolled can read those that Keras names."
        )
    return name, _exactly(_PLAIN[name])


def layer(kind: str, config: Mapping[str, Any]) -> tuple[str, Activation]:
    """The activation that a layer like ``LeakyReLU`` stands for."""
    settings = {key: config[key] for key in _SETTINGS if config.get(key) is not None}
    if kind == "LeakyReLU":
        settings = {"negative_slope": settings.get("alpha", settings.get("negative_slope", 0.3))}
    if kind == "Softmax" and config.get("axis", -1) not in (-1, [-1]):
        raise ForeignNetworkError("A softmax along another axis than the last cannot be read.")
    if kind != "ReLU":
        settings.pop("threshold", None)
        settings.pop("max_value", None)
    found = {key: float(value) for key, value in settings.items() if isinstance(value, int | float)}
    return LAYERS[kind], _exactly(partial(_PLAIN[LAYERS[kind]], **found))


def _exactly(function: Callable[..., Array]) -> Activation:
    """The function, its result in float32 whatever the formula made of it."""
    return lambda x: np.asarray(function(x), np.float32)
