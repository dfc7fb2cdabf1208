"""Charts on a stage: as high as the room there is, and with letters that the last row can read.

A page that presents says so; every chart that is drawn meanwhile fills its box, whose height the page's sheet gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from components.ui.figure import Figure

# Of the 720 that the presenter view divides a screen's height into: 1/45 is 16.
LETTERS = 17
_TOOLBAR = 32  # pixels above the plot, where the toolbar appears that would stand on the data
_LEAST = 300  # pixels, until the browser has measured the room
_presenting: ContextVar[bool] = ContextVar("presenting", default=False)


@contextmanager
def presented(active: bool) -> Iterator[None]:
    """Every chart drawn in here fills the room it is given, if ``active``."""
    token = _presenting.set(active)
    try:
        yield
    finally:
        _presenting.reset(token)


def on_stage() -> bool:
    """Whether what is drawn now is presented, so that the last row has to be able to read it."""
    return _presenting.get()


def fitted(figure: Figure) -> tuple[Figure, dict[str, Any]]:
    """The figure as it is shown, and what ``st.plotly_chart`` has to be told beside it."""
    if not _presenting.get():
        return figure.headed(_TOOLBAR), {}
    return figure.resized(_LEAST, LETTERS), {"height": "stretch"}
