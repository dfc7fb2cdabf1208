"""Ask TensorFlow to read the same review, in a process of its own, and compare.

The pages read networks with ``cells.py``; this is the proof that a visitor can ask for. The review goes to the other
process through a pipe, never on a command line, into a file or into a log. Knows no TensorFlow itself. The file of a
brought network lies in a folder of its own while Keras opens it, for nobody else to read (``models.foreign.proof``).
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from models.errors import SafeError
from models.sentiment import Trace

Array = np.ndarray

TIME_LIMIT = 120.0
UNOPENED = 3  # how the other process ends where Keras refuses a brought file
_LOOK = 0.2
_ROOT = Path(__file__).resolve().parents[2]
# TensorFlow takes half a gigabyte: one visitor at a time.
_TURN = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two computations of one quantity lie apart at most. ``numbers`` were compared."""

    quantity: str
    largest: float
    numbers: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """The Keras network's own P(positive), and how far ours is from it, quantity by quantity."""

    probability: float
    differences: tuple[Difference, ...]
    seconds: float

    @property
    def largest(self) -> float:
        """The largest of all differences."""
        return max(difference.largest for difference in self.differences)


class CheckFailed(SafeError):
    """TensorFlow gave no answer.

    ``reason``: "time", "busy", "failed" (not installed, damaged file, no memory), and for a brought network "unopened"
    (Keras cannot open its file or read with it), "changed" (its file on the shelf is another one now) or "code" (it
    names code that is not Keras's own).
    """

    def __init__(self, reason: Literal["time", "busy", "failed", "unopened", "changed", "code"]) -> None:
        super().__init__(reason)
        self.reason = reason


def installed() -> bool:
    """Whether this host has TensorFlow; a host that only serves has none."""
    return all(importlib.util.find_spec(name) for name in ("tensorflow", "keras"))


def against_tensorflow(
    trace: Trace,
    folder: Path,
    review: str,
    time_limit: float = TIME_LIMIT,
    check: Callable[[], None] = lambda: None,
) -> Agreement:
    """Let the saved Keras network of ``folder`` read ``review`` and compare with our ``trace`` of it.

    Args:
        check: called several times a second; whatever it raises ends the other process.

    Raises:
        CheckFailed: if there is no answer within ``time_limit`` seconds, or no answer at all.
    """
    return compare(trace, ask({"folder": str(folder), "review": review}, time_limit, check))


def ask(
    question: dict[str, object],
    time_limit: float = TIME_LIMIT,
    check: Callable[[], None] = lambda: None,
    temporary: Path | None = None,
) -> dict[str, Array]:
    """What the other process says to a question (see ``models.training.report.check``).

    Args:
        temporary: where it may write what it needs for a moment; None where any place will do.

    Raises:
        CheckFailed: if there is no answer.
    """
    patience = time.monotonic() + min(20.0, time_limit)
    while not _TURN.acquire(timeout=_LOOK):
        check()
        if time.monotonic() > patience:
            raise CheckFailed("busy")
    try:
        return _ask(question, time_limit, check, {} if temporary is None else {"TMPDIR": str(temporary)})
    finally:
        _TURN.release()


def differences(pairs: Iterable[tuple[str, Array | float, Array]]) -> tuple[Difference, ...]:
    """How far ours and theirs lie apart, quantity by quantity.

    Raises:
        CheckFailed: if their shapes differ.
    """
    found = []
    for name, ours, theirs in pairs:
        if np.shape(ours) != theirs.shape:
            raise CheckFailed("failed")
        apart = np.abs(np.float64(ours) - np.float64(theirs))
        found.append(Difference(name, float(apart.max()), int(apart.size)))
    return tuple(found)


def compare(trace: Trace, answer: dict[str, Array]) -> Agreement:
    """Differences between our reading and Keras's arrays (see ``models.training.report.check.read``).

    Raises:
        CheckFailed: if the arrays do not belong to this reading.
    """
    try:
        pairs: list[tuple[str, Array | float, Array]] = [("P(positive)", trace.probability, answer["probability"])]
        if trace.running_logits is not None and "running_logits" in answer:
            pairs.append(("the logit after every word", trace.running_logits, answer["running_logits"]))
        for place, layer in enumerate(trace.layers):
            name = "hidden states" if len(trace.layers) == 1 else f"hidden states, {layer.name}"
            pairs.append((name, layer.hidden_states, answer[f"states_{place}"]))
        return Agreement(float(answer["probability"]), differences(pairs), float(answer["seconds"]))
    except KeyError as error:
        raise CheckFailed("failed") from error


def _ask(
    question: dict[str, object], time_limit: float, check: Callable[[], None], more: dict[str, str]
) -> dict[str, Array]:
    # A process that serves pages has no accelerator to spare, and TensorFlow's messages may quote paths.
    surroundings = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", **more}
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "models.training.report.check"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=surroundings,
        ) as process:
            try:
                answer = _answer(process, json.dumps(question).encode(), time_limit, check)
            finally:
                process.kill()
        if process.returncode == UNOPENED:
            raise CheckFailed("unopened")
        if process.returncode:
            raise CheckFailed("failed")
        with np.load(io.BytesIO(answer), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, subprocess.SubprocessError):
        raise CheckFailed("failed") from None


def _answer(
    process: subprocess.Popen[bytes], question: bytes | None, time_limit: float, check: Callable[[], None]
) -> bytes:
    deadline = time.monotonic() + time_limit
    while True:
        try:
            return process.communicate(question, timeout=max(0.0, min(_LOOK, deadline - time.monotonic())))[0]
        except subprocess.TimeoutExpired:
            question = None  # it is on its way
            check()
            if time.monotonic() >= deadline:
                raise CheckFailed("time") from None
