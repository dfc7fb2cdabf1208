"""One gate for all long work: so many pieces at once, a bounded queue in front, and nothing for those who have gone.

A job is a generator: it yields pieces of work, is sent their results, and returns its own. Pieces are computed by
worker processes (``worker.py``), which are kept warm, or by a function here that waits for a process of its own. Who
has been served least comes next, so a short question does not wait behind a long file, and files take turns.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass, field
from typing import Any, Literal

from models import settings
from models.errors import SafeError
from models.jobs.worker import Worker

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Work = Generator["Piece", Any, Any]
_IDLE = 300.0  # seconds after which a worker without work ends
LOOK = 0.1  # seconds between two looks at whether somebody still waits for a piece


class Busy(Exception):
    """As many jobs are waiting as may wait, or as this visitor may have."""


class Cancelled(Exception):
    """Nobody waits for this piece any more; raised inside functions that ``Piece.here`` names."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a job, a few seconds long.

    Attributes:
        task: the function of ``tasks.py`` that a worker calls.
        arguments: its arguments; what they hold goes to the worker through a pipe.
        here: instead, a function that is called in this process and only waits; it is given a function to call now
            and then, which raises ``Cancelled``.
    """

    task: str = ""
    arguments: tuple[Any, ...] = ()
    here: Callable[[Callable[[], None]], Any] | None = None


@dataclass(eq=False)
class Job:
    """What somebody has asked for, and how it stands.

    Attributes:
        state: "failed" with ``error``, the name of what went wrong; never its text, which could quote a visitor.
        raised: the error itself, if it may be shown.
        progress: what the piece at work has last said.
        result: what the work came to, when done.
        served: seconds of work that it has had.
    """

    work: Work
    owner: Hashable
    alive: Callable[[], bool]
    _gate: Gate
    state: State = "waiting"
    progress: Any = None
    result: Any = None
    error: str = ""
    raised: SafeError | None = None
    served: float = 0.0
    _answer: Any = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether it waits or works."""
        return not self._ended.is_set()

    @property
    def place(self) -> int:
        """How many jobs come before it, it counted in; 0 while it is at work or has ended."""
        return self._gate.place(self)

    def cancel(self) -> None:
        """Ask it to end; within a second it has."""
        self._stop.set()
        self._gate.sweep()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, at most so long; returns whether it has come."""
        return self._ended.wait(seconds)

    def _unwanted(self) -> bool:
        return self._stop.is_set() or not self.alive()

    def _check(self) -> None:
        if self._unwanted():
            raise Cancelled


class Gate:
    """The gate of one process.

    Args:
        slots: pieces that are at work at once.
        queue: jobs that may wait besides.
        per_owner: jobs that one visitor may have.
    """

    def __init__(self, slots: int, queue: int, per_owner: int) -> None:
        self.slots, self.queue, self.per_owner = slots, queue, per_owner
        self._jobs: list[Job] = []  # waiting and at work
        self._turn = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._closed, self._lent = False, 0

    def submit(self, work: Work, owner: Hashable = None, alive: Callable[[], bool] = lambda: True) -> Job:
        """Let a job in; returns at once.

        Args:
            owner: whose it is.
            alive: asked several times a second, in other threads: whether its owner is still there.

        Raises:
            Busy: if there is no room.
        """
        self.sweep()
        with self._turn:
            mine = sum(job.owner == owner for job in self._jobs)
            full = len(self._jobs) >= self.slots + self.queue
            if self._closed or full or (owner is not None and mine >= self.per_owner):
                raise Busy
            job = Job(work, owner, alive, self)
            self._jobs.append(job)
            if len(self._threads) < self.slots:
                thread = threading.Thread(target=self._serve, name="gate", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._turn.notify()
        return job

    def place(self, job: Job) -> int:
        """How many waiting jobs come before this one, it counted in; 0 if it does not wait."""
        with self._turn:
            waiting = sorted(self._waiting(), key=lambda other: other.served)
            return waiting.index(job) + 1 if job in waiting else 0

    def sweep(self) -> None:
        """Drop the waiting jobs that nobody waits for any more."""
        with self._turn:
            for job in self._waiting():
                if job._unwanted():
                    self._end(job, "cancelled")

    def counts(self) -> tuple[int, int]:
        """How many jobs are at work, and how many wait."""
        with self._turn:
            waiting = len(self._waiting())
            return len(self._jobs) - waiting, waiting

    def lend(self) -> None:
        """A slot is used by a process that is watched elsewhere, a training; one is always left for the others."""
        with self._turn:
            self._lent += 1

    def give_back(self) -> None:
        """That process has ended."""
        with self._turn:
            self._lent -= 1
            self._turn.notify()

    def close(self) -> None:
        """Let nobody in any more and end what is there; the workers end with it."""
        with self._turn:
            self._closed = True
            for job in self._jobs:
                job._stop.set()
            self._turn.notify_all()
        self.sweep()
        for thread in self._threads:
            thread.join(3)

    def _serve(self) -> None:
        """One slot: takes turns, with a worker of its own."""
        worker: Worker | None = None
        rested = time.monotonic()
        while not (self._closed and not self._jobs):
            job = self._take()
            if job is None:
                if worker is not None and time.monotonic() - rested > _IDLE:
                    worker.end()
                    worker = None
                continue
            started = time.monotonic()
            try:
                piece = job.work.send(job._answer)
                if piece.here is not None:
                    job._answer = piece.here(job._check)
                else:
                    worker = worker or Worker()
                    job._answer = self._watch(worker, job, piece)
            except StopIteration as end:
                job.result = end.value
                self._put_back(job, started, "done")
            except Cancelled:
                self._put_back(job, started, "cancelled")
            except Exception as error:  # noqa: BLE001  its text could quote a visitor's, so only its name is kept
                job.error = str(error) if isinstance(error, TaskFailed) else type(error).__name__
                job.raised = error if isinstance(error, SafeError) else None
                self._put_back(job, started, "failed")
            else:
                self._put_back(job, started, "waiting")
            if worker is not None and not worker.alive:
                worker.end()
                worker = None
            rested = time.monotonic()
        if worker is not None:
            worker.end()

    def _watch(self, worker: Worker, job: Job, piece: Piece) -> Any:
        """Let a worker do a piece; ended as soon as nobody waits for it."""
        job.progress = None
        worker.ask(piece.task, piece.arguments)
        while True:
            answer = worker.answer(LOOK)
            if answer is not None:
                kind, value = answer
                if kind == "done":
                    return value
                if kind == "failed":
                    raise value if isinstance(value, SafeError) else TaskFailed(value)
                job.progress = value
            if job._unwanted():
                worker.interrupt()
                raise Cancelled
            self.sweep()

    def _take(self) -> Job | None:
        """The waiting job that was served least; None after half a second without one."""
        self.sweep()
        with self._turn:
            waiting = self._waiting()
            at_work = len(self._jobs) - len(waiting)
            if not waiting or at_work >= max(1, self.slots - self._lent):
                self._turn.wait(0.5)
                return None
            job = min(waiting, key=lambda job: job.served)
            job.state = "running"
            return job

    def _waiting(self) -> list[Job]:
        return [job for job in self._jobs if job.state == "waiting"]

    def _put_back(self, job: Job, started: float, state: State) -> None:
        with self._turn:
            job.served += time.monotonic() - started
            if state == "waiting" and not job._unwanted():
                job.state = "waiting"
                self._turn.notify()
                return
            self._end(job, "cancelled" if state == "waiting" else state)

    def _end(self, job: Job, state: State) -> None:
        job.state = state
        job.work.close()
        if job in self._jobs:
            self._jobs.remove(job)
        job._answer = None
        job._ended.set()


class TaskFailed(Exception):
    """A task came to an error in its worker; the text is the error's name."""


_LOCK = threading.Lock()
_gates: list[Gate] = []


def gate() -> Gate:
    """The gate of this process, made when it is first asked for."""
    with _LOCK:
        if not _gates:
            slots = settings.value("work_at_once") or os.cpu_count() or 1
            _gates.append(Gate(slots, settings.value("work_queue"), max(1, settings.value("work_per_visit"))))
        return _gates[0]
