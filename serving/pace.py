"""How often one connection may ask: a run of a page costs the same however small the message is that asks for it."""

from __future__ import annotations

import asyncio
import time

_BURST = 3  # seconds' worth that may come at once


class Pace:
    """A bucket of messages that fills again.

    Args:
        rate: messages a second; 0: as many as come.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._left, self._at = float(_BURST * rate), time.monotonic()

    async def wait(self, cost: int = 1) -> None:
        """Call it for every message: whoever asks too often is answered later, the others never are.

        Args:
            cost: as many messages as it counts for.
        """
        if not self._rate:
            return
        now = time.monotonic()
        self._left = min(_BURST * self._rate, self._left + (now - self._at) * self._rate) - cost
        self._at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / self._rate)
