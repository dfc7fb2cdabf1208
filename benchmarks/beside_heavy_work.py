"""How quick Read stays for ordinary visitors while others have long work done, and what the server holds then.

``python -m benchmarks.beside_heavy_work`` serves the app, lets ten people read reviews of 200 words alone, then beside
thirty who each start 10,000 reviews on Batch, then beside one visitor at his worst: texts of 20 MB, 60 uploads of 19 MB
under made-up names, 30 searches for a smallest change, connections from foreign pages. Prints milliseconds and
megabytes, and the ratio to reading alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from websockets.sync.client import connect

from benchmarks.report import quantile
from benchmarks.served import Served, served
from benchmarks.visitors import crowd, text_of, types
from tests.visitor import Visitor


def readers(url: str, count: int, each: int, think: float) -> list[float]:
    """Seconds of every reading of so many people."""
    return asyncio.run(crowd(url, count, each, types, thought=think)).seconds


def batch_visitor(url: str, seed: int, stop: threading.Event) -> str:
    """Starts 10,000 reviews and watches them; what the last run of the page said."""
    chance = random.Random(seed)
    with Visitor(url) as visitor:
        visitor.run()
        visitor.run(page="batch")
        visitor.set("Reviews from", ["Paste lines"])
        visitor.set("One review a line", "\n".join(text_of(18, chance) for _ in range(10_000)))
        visitor.press(next(label for label in visitor.widgets if label.startswith("Score")))
        while not stop.wait(1) and visitor.fragments:
            visitor.run(fragment=visitor.fragments[0])
        return visitor.texts[-1] if visitor.texts else ""


def at_his_worst(url: str, stop: threading.Event) -> None:
    """One visitor: everything that somebody thought of, anew every fifteen seconds."""

    def texts() -> None:
        with Visitor(url) as visitor:
            visitor.run()
            visitor.set("Your review", "a good film " * 1_700_000)

    def uploads() -> None:
        with Visitor(url) as visitor:
            visitor.run()
            path = visitor.address().rsplit("/", 1)[0]
            for number in range(60):
                if not stop.is_set():
                    visitor.upload(f"{path}/{number}", b"a" * (19 << 20))

    def search() -> None:
        with Visitor(url) as visitor:
            visitor.query = "section=smallest-change"
            visitor.run()
            visitor.run(page="compare")
            visitor.set("Your review", "a film that was good in the end and well made, not dull " * 25)
            visitor.press("Find the smallest change")
            stop.wait(5)

    def foreign() -> None:
        for _ in range(10):
            with contextlib.suppress(Exception):
                connect(
                    f"{url.replace('http', 'ws')}/_stcore/stream", origin="http://elsewhere.example", open_timeout=3
                )

    while not stop.is_set():
        began = time.monotonic()
        _together([texts, uploads, foreign, *[search] * 30])
        stop.wait(max(0.0, 15 - (time.monotonic() - began)))


def _quietly(job: Callable[[], object]) -> None:
    with contextlib.suppress(Exception):
        job()


def _together(jobs: Sequence[Callable[[], object]]) -> None:
    """Each in a thread of its own, until all have ended."""
    threads = [threading.Thread(target=_quietly, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report(name: str, seconds: list[float], alone: float | None, app: Served) -> float:
    """Print one line; the 95th percentile in seconds."""
    p50, p95, slowest = (quantile(seconds, share) for share in (0.5, 0.95, 1))
    ratio = "" if alone is None else f", {p95 / alone:.1f} times as long as alone"
    print(
        f"{name}: {len(seconds)} readings, p50 {1e3 * p50:.0f} ms, p95 {1e3 * p95:.0f} ms, slowest "
        f"{1e3 * slowest:.0f} ms{ratio}; server {app.memory():.0f} MB",
        flush=True,
    )
    return p95


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--each", type=int, default=12, help="reviews each of them reads")
    parser.add_argument("--think", type=float, default=1.5, help="seconds between two, on average")
    parser.add_argument("--heavy", type=int, default=30, help="visitors who start 10,000 reviews")
    parser.add_argument("--only", choices=("batches", "worst"), help="one of the two alone")
    parser.add_argument("--url", help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.url:
        os.nice(15)  # they have computers of their own; here they share ours
        _disturb(a.url, a.heavy)
        return
    batches, worst = f"beside {a.heavy} batches of 10,000", "beside one visitor at his worst"
    both = {"batches": (batches, a.heavy), "worst": (worst, 0)}
    for name, heavy in both.values() if a.only is None else [both[a.only]]:
        with served("serve.py", UNROLLED_MESSAGE_RATE="") as app:  # these visitors are held to the limits
            readers(app.url, a.readers, 2, a.think)
            alone = report("Read alone", readers(app.url, a.readers, a.each, a.think), None, app)
            command = [sys.executable, "-m", "benchmarks.beside_heavy_work", "--url", app.url, "--heavy", str(heavy)]
            with subprocess.Popen(command, stderr=subprocess.DEVNULL) as others, contextlib.ExitStack() as stack:
                stack.callback(others.kill)
                time.sleep(12)
                cores = Cores(app.pid)
                report(name, readers(app.url, a.readers, a.each, a.think), alone, app)
                own, workers, everybody = cores.at_work()
                print(
                    f"  of {os.cpu_count()} cores the serving process took {own:.2f}, its workers {workers:.2f}, "
                    f"everybody {everybody:.2f}",
                    flush=True,
                )
            time.sleep(2)
            cores = Cores(app.pid)
            time.sleep(1)
            left = cores.at_work()[1]
            print(f"  two seconds after they left: {left:.2f} cores at work in worker processes", flush=True)


def _disturb(url: str, heavy: int) -> None:
    """Whoever comes beside the readers, until killed: so many batches, or with 0 the one at his worst."""
    stop = threading.Event()
    jobs: list[Callable[[], object]] = [partial(batch_visitor, url, number, stop) for number in range(heavy)]
    _together(jobs or [partial(at_his_worst, url, stop)])


class Cores:
    """Who has worked since it was made: the serving process, its workers, everybody on this machine."""

    def __init__(self, pid: int) -> None:
        self.pid, self.began = pid, time.monotonic()
        self.spent = self._spent()

    def at_work(self) -> tuple[float, float, float]:
        """Processor seconds a second of each."""
        seconds = time.monotonic() - self.began
        own, workers, all_ = ((now - then) / seconds for now, then in zip(self._spent(), self.spent, strict=True))
        return own, workers, all_

    def _spent(self) -> tuple[float, float, float]:
        own = workers = 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = stat.read_text().rsplit(") ", 1)[1].split()
                seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
                own += seconds * (stat.parent.name == str(self.pid))
                workers += seconds * (int(fields[1]) == self.pid)
        ticks = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return own, workers, (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
