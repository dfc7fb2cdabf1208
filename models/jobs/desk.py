"""Where a task in a worker process says how far it is, and learns that nobody waits for it any more."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import Any


class Interrupted(Exception):
    """Nobody waits for the task any more; raised inside the worker."""


class Desk:
    """The worker's side: tasks say here how far they are, and learn here that they are not wanted any more."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def look(self, progress: Any = None) -> None:
        """Call it several times a second.

        Raises:
            Interrupted: if nobody waits for the task any more.
        """
        if self._pipe.poll():
            try:
                self._pipe.recv()
            except (EOFError, OSError):  # who asked is gone
                raise SystemExit from None
            raise Interrupted
        if progress is not None:
            self._pipe.send(("progress", progress))
