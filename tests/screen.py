"""What a page shows, read out of AppTest."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest


def spec(at: AppTest, place: int = 0) -> dict[str, Any]:
    """The whole Plotly figure of a chart, as it is sent to the browser."""
    return dict(json.loads(at.get("plotly_chart")[place].proto.spec))


def html_of(at: AppTest) -> str:
    """All HTML of the page's own making, with plain spaces."""
    return "\n".join(element.proto.body for element in at.get("html")).replace("&nbsp;", " ")


def numbers(values: Any) -> np.ndarray:
    """A figure's array: Plotly writes them as base64 of a dtype, or as lists."""
    if isinstance(values, dict):
        data = np.frombuffer(base64.b64decode(values["bdata"]), np.dtype(values["dtype"]))
        return data.reshape([int(n) for n in values["shape"].split(",")]) if "shape" in values else data
    found = np.asarray(values)
    return found.astype(float) if found.dtype == object else found  # a gap in a line is None, here NaN


def listed(values: Any) -> list[Any]:
    """The same as a list, gaps as they are."""
    return list(numbers(values).tolist() if isinstance(values, dict) else values)
