"""Scoring on all cores: every process reads the models once and scores one chunk of texts after another."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from models.scoring.scorer import Scorer
from models.scoring.scoring import Scores, score
from models.sentiment import SentimentModel

Chunk = TypeVar("Chunk")
_THREADS = 2
_MODELS: list[SentimentModel] = []  # of a worker process


class WorkerLost(Exception):
    """A process that scored was ended from outside, most likely for want of memory."""


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def scored_ahead(
    models: Sequence[SentimentModel], chunks: Iterable[tuple[Chunk, Sequence[str]]], jobs: int = 1
) -> Iterator[tuple[Chunk, Scores]]:
    """Score the texts of each chunk, in order, the next ones already while the last is being written.

    Every chunk is scored by itself: the numbers do not depend on ``jobs``, and only ``jobs`` + 1 chunks are in memory.

    Args:
        jobs: processes; with 1, or where there is a single chunk, no other process is started: NumPy lets go of the
            interpreter while it computes, so that one thread can look for words while the other reads.

    Raises:
        WorkerLost: if a process was killed; what was yielded before is right.
    """
    coming = iter(chunks)
    first = [chunk for _, chunk in zip(range(2), coming, strict=False)]
    alone = jobs == 1 or len(first) < 2
    pool: Executor = ThreadPoolExecutor(_THREADS) if alone else _processes(models, jobs)
    ahead = _THREADS if alone else jobs
    waiting: deque[tuple[Chunk, Future[Scores]]] = deque()
    try:
        for part in (first, coming):
            for chunk, texts in part:
                waiting.append((chunk, pool.submit(score, models, texts) if alone else pool.submit(_score, texts)))
                if len(waiting) > ahead:
                    yield _done(waiting)
        while waiting:
            yield _done(waiting)
    except BrokenProcessPool as error:
        raise WorkerLost("a process that scored was ended from outside; the same command goes on from here") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _done(waiting: deque[tuple[Chunk, Future[Scores]]]) -> tuple[Chunk, Scores]:
    chunk, scores = waiting.popleft()
    return chunk, scores.result()


def _processes(models: Sequence[SentimentModel], jobs: int) -> ProcessPoolExecutor:
    scorers = [Scorer.of(model) for model in models]
    # A fresh interpreter and not a copy of this one: copies of a process with threads may wait for locks for ever.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, _begin, (scorers,))


def _begin(scorers: Sequence[Scorer]) -> None:
    """In a worker: read the models, leave Ctrl-C to the process that was started, and end when that one has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _MODELS[:] = [scorer.model() for scorer in scorers]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _score(texts: Sequence[str]) -> Scores:
    return score(_MODELS, texts)
