"""What the serving process knows of itself: whether it is ready, and who is connected."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Visit:
    """One open connection of a browser. ``began`` is when the interaction that is under way was asked for."""

    close: Callable[[], Awaitable[None]]
    began: float | None = None

    def ask(self) -> None:
        """An interaction has come in; one that comes while another is under way joins it."""
        if self.began is None:
            self.began = time.perf_counter()

    def answer(self) -> float | None:
        """It is answered; returns the seconds it took, None where none was under way."""
        began, self.began = self.began, None
        return None if began is None else time.perf_counter() - began


@dataclass(eq=False, slots=True)
class State:
    """One process.

    ``networks``: how many were read at the start. ``draining``: nobody new is let in. ``closing``: connections are
    closed as soon as they have their answer.
    """

    networks: int = 0
    draining: bool = False
    closing: bool = False
    visits: set[Visit] = field(default_factory=set)

    @property
    def ready(self) -> bool:
        """Whether visitors may be sent here."""
        return self.networks > 0 and not self.draining

    @property
    def under_way(self) -> int:
        """How many visitors wait for an answer."""
        return sum(visit.began is not None for visit in tuple(self.visits))
