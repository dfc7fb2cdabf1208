"""Charts on a stage: as high as the room there is, and with letters that the last row can read.

A page that presents says how much room its charts have; every chart that is drawn meanwhile is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from components.ui.figure import Figure

# Of the 720 that the presenter view divides a screen's height into: 1/45 is 16.
LETTERS = 17
_room: ContextVar[int | None] = ContextVar("room", default=None)


@contextmanager
def room(height: int | None) -> Iterator[None]:
    """Every chart drawn in here is so high; None leaves all as they are."""
    token = _room.set(height)
    try:
        yield
    finally:
        _room.reset(token)


def fitted(figure: Figure) -> Figure:
    """The figure, fitted into the room there is."""
    height = _room.get()
    return figure if height is None else figure.resized(height, LETTERS)
