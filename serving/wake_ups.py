"""Threads that call the event loop wake it once for all they have to say, and not once for each word.

A run of a page hands over each of its forty messages by itself, from a thread of its own. asyncio writes to a socket
for each, and every write lets the two threads fight for the interpreter: a fifteenth of what an interaction takes. So
the first word is heard at once, and the next ones together, a moment later; Streamlit sends to a browser no more than
once in 10 ms anyway.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from asyncio import AbstractEventLoop, Handle, SelectorEventLoop
from collections.abc import Callable, Iterator
from contextvars import Context
from typing import Any

_MOMENT = 0.002  # seconds


class Gathered:
    """``call_soon_threadsafe`` of a loop, with a socket pair of its own: nobody wakes a loop that is awake or will be.

    What is called stands in the loop's list before it is looked whether the loop has to be woken. While it need not be,
    a byte lies in the socket or the loop has set itself a timer: it comes by within a moment, and goes through its list
    after it has said that from now on it has to be woken. Nothing is left behind. Entering the list is one step for all
    threads, as for asyncio's own.

    Args:
        loop: that is to be called; it runs in the thread that makes this.
    """

    def __init__(self, loop: SelectorEventLoop) -> None:
        self._loop, self._waking, self._own = loop, False, threading.get_ident()
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        loop.add_reader(self._inside, self._awake)

    def __call__(self, callback: Callable[..., object], *arguments: Any, context: Context | None = None) -> Handle:
        """Have something called on the loop, from any thread.

        Raises:
            RuntimeError: if the loop is closed.
        """
        handle = self._loop.call_soon(callback, *arguments, context=context)
        if not self._waking and threading.get_ident() != self._own:  # the loop itself is awake
            self._waking = True
            with contextlib.suppress(OSError):  # as asyncio's own: whoever speaks while the server ends is not heard
                self._outside.send(b"\0")
        return handle

    def _awake(self) -> None:
        self._inside.recv(64)
        self._loop.call_later(_MOMENT, self._asleep)

    def _asleep(self) -> None:
        self._waking = False

    def close(self) -> None:
        """Give the sockets back."""
        self._loop.remove_reader(self._inside)
        self._inside.close()
        self._outside.close()


@contextlib.contextmanager
def gathered(loop: AbstractEventLoop) -> Iterator[None]:
    """Let whoever calls a loop from a thread wake it so; a loop that is not asyncio's own keeps its way."""
    if loop.get_debug() or not isinstance(loop, SelectorEventLoop):  # debugging, it refuses `call_soon` from threads
        yield
        return
    calls = Gathered(loop)
    asyncios = loop.call_soon_threadsafe
    loop.call_soon_threadsafe = calls  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        loop.call_soon_threadsafe = asyncios  # type: ignore[method-assign]
        calls.close()
