"""A training or a download as its owner sees it: what was asked for, how it stands, why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal["busy", "recipe", "units", "epochs", "reviews", "name", "shelf", "data", "start"]


class WorkshopError(Exception):
    """A training cannot be started, or a network not be removed; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for. A download has only ``kind`` and ``started`` (seconds since the epoch)."""

    kind: Literal["training", "download"]
    started: float
    name: str = ""
    title: str = ""
    family: str = ""
    epochs: int = 0
    batches: int = 0  # of one epoch


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands. ``last_line`` of the log; ``explained``: whether that line says why it failed."""

    state: Literal["running", "finished", "failed"]
    job: Job
    last_line: str = ""
    explained: bool = False
