"""A task to work through by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, the numbers it needs, and the answer that follows from the numbers as they are written.

    Attributes:
        asks, answer: sentences; may quote a visitor's words.
        columns, rows: of the table of given numbers; () without one.
    """

    asks: str
    answer: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
