"""How long calls take, in turns: whatever else the machine does meets all of them, and the best time counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple


class Best(NamedTuple):
    """The shortest times of a call, by the clock and of the processor, in seconds."""

    clock: float
    processor: float


def best_times(
    *calls: Callable[[], object], rounds: int, seconds: float = 0.0, often: tuple[int, ...] = ()
) -> list[Best]:
    """The best of so many rounds, or more until ``seconds`` have passed; ``often``: calls of each a round."""
    found = [Best(float("inf"), float("inf"))] * len(calls)
    for call in calls:
        call()
    began, done = time.perf_counter(), 0
    while done < rounds or time.perf_counter() - began < seconds:
        done += 1
        for place, call in enumerate(calls):
            for _ in range(often[place] if often else 1):
                clock, processor = time.perf_counter(), time.process_time()
                call()
                took, worked = time.perf_counter() - clock, time.process_time() - processor
                found[place] = Best(min(found[place].clock, took), min(found[place].processor, worked))
    return found
