"""A process that computes for the process that serves: NumPy only, niced, bounded in memory, kept warm.

Run as ``python -m models.jobs.worker FD``: it is asked through a pipe and answers through it, so nothing of what a
visitor wrote stands on a command line, in a file or in a log. It ends when the pipe does.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from models import settings
from models.errors import SafeError
from models.jobs.desk import Desk

Answer = tuple[Literal["progress", "done", "failed"], Any]
_ROOT = Path(__file__).resolve().parents[2]
_NICENESS = 10
_PATIENCE = 0.5  # seconds between asking a worker to leave a task and ending it


class WorkerDied(Exception):
    """The worker ended without an answer: it was killed, or ran out of memory."""


class Worker:
    """The serving side of one worker; for one thread."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        self._lost = False  # the pipe ends a moment before the process has
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603, nothing in it comes from outside
                [sys.executable, "-m", "models.jobs.worker", str(theirs.fileno())],
                cwd=_ROOT,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._lost and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, task: str, arguments: tuple[Any, ...]) -> None:
        """Begin a task.

        Raises:
            WorkerDied: if the process is gone.
        """
        try:
            self._pipe.send((task, arguments))
        except OSError as error:
            self._lost = True
            raise WorkerDied from error

    def answer(self, seconds: float) -> Answer | None:
        """The next answer, within so many seconds; None if there is none yet.

        Raises:
            WorkerDied: if the process has ended.
        """
        try:
            return self._pipe.recv() if self._pipe.poll(seconds) else None
        except (OSError, EOFError) as error:
            self._lost = True
            raise WorkerDied from error

    def interrupt(self) -> None:
        """Make it leave its task; one that does not within half a second is ended."""
        with contextlib.suppress(WorkerDied):
            self.ask("", ())
            until = time.monotonic() + _PATIENCE
            while (left := until - time.monotonic()) > 0:
                answer = self.answer(left)
                if answer is not None and answer[0] != "progress":
                    return
        self.end()

    def end(self) -> None:
        """End the process, if it lives."""
        self._lost = True
        self._process.kill()
        self._process.wait()
        self._pipe.close()


def main(descriptor: int) -> None:
    """Answer tasks until the pipe ends."""
    os.nice(_NICENESS)
    _bound_memory()
    from models.jobs import tasks  # after the bound

    pipe = Connection(descriptor)
    desk = Desk(pipe)
    with contextlib.suppress(EOFError, OSError):
        while True:
            task, arguments = pipe.recv()
            if not task:  # it was asked to leave a task that it had just answered
                continue
            try:
                answer: Answer = ("done", tasks.TASKS[task](desk, *arguments))
            except SafeError as error:
                answer = ("failed", error)
            except Exception as error:  # noqa: BLE001  its text could quote a visitor's
                answer = ("failed", type(error).__name__)
            pipe.send(answer)


def _bound_memory() -> None:
    """Beyond the setting a task meets a MemoryError, and the machine goes on."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        most = settings.value("work_memory") * settings.MB
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


if __name__ == "__main__":
    main(int(sys.argv[1]))
