"""Settings of a figure as they are sent: plain values, and arrays as typed arrays, which plotly.js need not parse."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

_DTYPES = {
    np.dtype(name): short
    for name, short in (
        ("int8", "i1"), ("uint8", "u1"), ("int16", "i2"), ("uint16", "u2"), ("int32", "i4"), ("uint32", "u4"),
        ("float32", "f4"), ("float64", "f8"),
    )
}  # fmt: skip
_INTEGERS = (np.int8, np.int16, np.int32)


def packed(values: np.ndarray, dtype: str) -> str:
    """The bytes of an array of this type, as base64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype).tobytes()).decode("ascii")


def plain(value: Any) -> Any:
    """A setting as JSON writes it, arrays as typed arrays; all dictionaries are new ones."""
    kind = type(value)
    if kind is str or kind is float or kind is int or kind is bool:
        return value
    if kind is dict:
        return {name: plain(inner) for name, inner in value.items()}
    if kind is list or kind is tuple:
        if value and type(value[0]) is str:
            return list(value)
        return [plain(inner) for inner in value]
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, np.ndarray):
        return _typed(value)
    return value.item() if isinstance(value, np.generic) else value


def _typed(values: np.ndarray) -> Any:
    """An array as plotly.js reads it without parsing; of words, truth values and empty ones a list."""
    if values.dtype.kind == "i" and values.size:
        low, high = values.min(), values.max()
        fits = [dtype for dtype in _INTEGERS if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max]
        values = values.astype(fits[0]) if fits else values
    short = _DTYPES.get(values.dtype)
    if short is None or not values.size:
        return values.tolist()
    written: dict[str, Any] = {"dtype": short, "bdata": packed(values, values.dtype.str)}
    if values.ndim > 1:
        written["shape"] = ", ".join(map(str, values.shape))
    return written
