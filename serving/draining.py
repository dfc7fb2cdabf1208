"""How the server ends: no new visitors, work in hand finished, browsers told to connect again, then gone.

A second signal ends it at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

import uvicorn

from serving.state import State

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LAST_WORDS = 2  # seconds that uvicorn gives connections to close


class Drain:
    """Stands between the signals and uvicorn.

    Args:
        server: told to stop once nobody waits for an answer.
        state: of the process.
        patience: seconds after which it is told in any case.
        at_work: whether long work is under way, which would end with its visitor's connection.
    """

    def __init__(self, server: uvicorn.Server, state: State, patience: float, at_work: Callable[[], bool]) -> None:
        self.server, self.state, self.patience, self.at_work = server, state, patience, at_work
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None

    def install(self) -> None:
        """Take the signals over from uvicorn, which puts the handlers before it back when it ends."""
        self.server.config.timeout_graceful_shutdown = _LAST_WORDS
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.state.draining:
            os._exit(128 + number)  # not by the signal itself: the first process of a container would survive it
        self.state.draining = True
        self._loop.call_soon_threadsafe(self._begin, number)

    def _begin(self, number: int) -> None:
        self._task = self._loop.create_task(self._drain(number))

    async def _drain(self, number: int) -> None:
        deadline = time.monotonic() + self.patience
        while self.at_work() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        self.state.closing = True
        for visit in tuple(self.state.visits):
            if visit.began is None:  # the others are told when they have their answer
                await visit.close()
        while self.state.under_way and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        self.server.handle_exit(number, None)
