"""A page opened in AppTest, and what it shows."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

ROOT = Path(__file__).resolve().parents[1]


def opened(page: str = "read", state: Mapping[str, Any] | None = None, **query: Any) -> AppTest:
    """A page as a link opens it: through ``app.py``, at once, with no other page before it.

    Args:
        page: the stem of its file, which is its address too.
        state: what the session holds before the first run.
        query: the parameters of the address.

    A page that is opened after another one, by a click in the menu, is ``at.switch_page(…)``. It is an error of the
    test if the page meets one.
    """
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in query.items():
        at.query_params[name] = value
    for key, value in (state or {}).items():
        at.session_state[key] = value
    if page != "read":  # which stands at the bare address
        at.switch_page(f"pages/{page}.py")
    at.run()
    assert not at.exception, at.exception
    return at


def click(at: AppTest, key: str) -> AppTest:
    """Press a button; it is an error of the test if the page meets one."""
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def labelled(at: AppTest, label: str) -> Button:
    """The button that says so."""
    return next(button for button in at.button if label in button.label)


def typed(review: str | None) -> dict[str, Any]:
    """The state of a session whose visitor has typed a review; None where nobody has."""
    return {} if review is None else {"review": review, "example": None}


def in_address(at: AppTest, key: str, otherwise: str | None = None) -> str | None:
    """A parameter of the address; ``otherwise`` where it is as the page opens, and not told there."""
    value = at.query_params.get(key, otherwise)
    return value[0] if isinstance(value, list) else value


def charts(at: AppTest) -> dict[str, dict[str, Any]]:
    """Every Plotly figure on the page by what it is called for those who cannot see it."""
    return {element.proto.alt: json.loads(element.proto.spec) for element in at.get("plotly_chart")}


def chart(at: AppTest, alt: str) -> dict[str, Any]:
    """The one whose text alternative begins so."""
    found = [figure for text, figure in charts(at).items() if text.startswith(alt)]
    assert len(found) == 1, list(charts(at))
    return found[0]


def has(at: AppTest, alt: str) -> bool:
    """Whether there is a figure whose text alternative begins so."""
    return any(text.startswith(alt) for text in charts(at))


def named(figure: dict[str, Any], name: str) -> dict[str, Any]:
    """The trace of a figure that has this name."""
    return next(trace for trace in figure["data"] if trace.get("name") == name)


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


def played(at: AppTest) -> dict[str, Any]:
    """What the player on the page is sent, with its float32 arrays unpacked where they hold one number a word."""
    sent = (one.proto for one in at.get("bidi_component"))
    (found,) = (json.loads(one.bytes) for one in sent if one.component_name == "unrolled_player_courier")
    for name in ("credit", "probabilities"):
        if found[name]:
            found[name] = np.frombuffer(base64.b64decode(found[name]), "<f4")
    return dict(found)
