"""Twenty visitors on all pages for an hour: nothing may go wrong, and the memory stays flat.

    python -m benchmarks.soak [--minutes 60] [--visitors 20] [--accidents]

An hour is spent with two processes behind nginx. After a third of it one is killed, and started again a minute later;
after two thirds the disk that they may write to is full for five minutes. In less than ten minutes one process is
soaked, without accidents unless ``--accidents`` asks for them. Prints memory, errors and times, and exits with 1 where
the app showed an error, wrote one down, lost a connection that was not killed, or grew; times decide nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from benchmarks.pages_under_load import again, moves_the_cursor, steps_on
from benchmarks.report import quantile
from benchmarks.served import memory
from benchmarks.visitors import Act, Visitor, text_of, types, visitor
from models.wording import counted
from tests.replicas import Replicas
from tests.served import Served

ACCIDENTS = 10  # minutes from which on there are some
SETTLES = 0.4  # of the time: until then the first visits, pages and files fill what is kept
GROWTH = 50  # MB that a process may hold more at the end than when it had settled
FULL = 256 * 1024  # bytes that a file may have on a disk that is full
LOST = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError)


async def scores_lines(me: Visitor, chance: random.Random) -> float:
    """Batch: paste forty reviews and have them scored, as work in the background."""
    await me.set("batch_source", ["Paste lines"])
    took = await me.set("batch_lines", "\n".join(text_of(20, chance) for _ in range(40)))
    with contextlib.suppress(KeyError):  # few reviews are scored at once, without being asked for
        await me.set("batch_start", True)
    return took


PAGES: tuple[tuple[str, Act], ...] = (
    ("", types), ("inside", moves_the_cursor), ("compare", types), ("lessons", steps_on), ("training", again),
    ("evaluation", again), ("batch", scores_lines), ("letters", again), ("about", again),
)  # fmt: skip


@dataclass
class Soak:
    """What is met: seconds of every interaction, what went wrong, and what each process held, MB, sample by sample."""

    url: str
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    reconnects: int = 0
    killed_until: float = 0.0  # so long a lost connection is one that was killed
    held: dict[int, list[float]] = field(default_factory=dict)

    async def stay(self, number: int, until: float, thought: float) -> None:
        """One visitor, who comes again when the connection is lost, until the time is over."""
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, thought))
        while time.monotonic() < until:
            try:
                async with visitor(self.url) as me:
                    me.patience = 180
                    await self._looks_around(me, chance, until, thought)
            except LOST as error:
                if time.monotonic() > self.killed_until:
                    self.errors.append(f"visitor {number} was lost: {type(error).__name__}: {error}"[:200])
                self.reconnects += 1
                await asyncio.sleep(1)

    async def _looks_around(self, me: Visitor, chance: random.Random, until: float, thought: float) -> None:
        for visit in range(40):  # then a new tab
            page, act = ("", types) if visit == 0 else chance.choice(PAGES)
            self.seconds.append(await me.open(page))
            for _ in range(3):
                await asyncio.sleep(chance.expovariate(1 / thought))
                if time.monotonic() > until:
                    return
                try:
                    self.seconds.append(await act(me, chance))
                except KeyError as error:
                    self.errors.append(f"{page or 'read'}: {error}"[:200])
                self.errors += [f"{page or 'read'}: {error}" for error in me.errors]
                me.errors.clear()

    async def watch(self, servers: Callable[[], list[Served]], until: float) -> None:
        """Note every few seconds what the processes hold."""
        while time.monotonic() < until:
            for server in servers():
                with contextlib.suppress(OSError, StopIteration):  # it was killed
                    self.held.setdefault(server.process.pid, []).append(memory(server.process.pid))
            await asyncio.sleep(2)

    def grew(self, pid: int) -> float:
        """MB that a process holds more at the end (median of the last tenth) than once it had settled."""
        held = self.held[pid]
        settled, tenth = int(SETTLES * len(held)), max(1, len(held) // 10)
        return statistics.median(held[-tenth:]) - statistics.median(held[settled : settled + tenth])

    def report(self, minutes: float) -> bool:
        """Print what was met; returns whether nothing went wrong."""
        p50, p95 = (1e3 * quantile(self.seconds, share) for share in (0.5, 0.95))
        print(f"{minutes:g} minutes: {len(self.seconds):,} interactions, p50 {p50:.0f} ms, p95 {p95:.0f} ms")
        steady = True
        for pid, held in self.held.items():
            if len(held) < 20:
                continue
            grown = self.grew(pid)
            steady &= grown <= GROWTH
            print(
                f"memory of process {pid}: first {held[0]:.0f} MB, last {held[-1]:.0f} MB, most {max(held):.0f} MB; "
                f"{grown:+.0f} MB since it settled (at most {GROWTH} MB)"
            )
        print(f"{counted(self.reconnects, 'connection')} lost, {counted(len(self.errors), 'error')}")
        for error in sorted(set(self.errors))[:20]:
            print(f"  {error}")
        return steady and not self.errors


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[bool]:
    """A small disk of its own at ``folder``, where this machine lets us have one; says whether it does."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    own = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    try:
        yield own
    finally:
        if own:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextlib.contextmanager
def full(folder: Path, own: bool, servers: list[Served]) -> Iterator[None]:
    """The disk is full: to the last byte, or, where it is not one of its own, no file of the processes may grow."""
    filler = folder / "filler"
    before = {server.process.pid: resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE) for server in servers}
    if own:
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    else:
        for pid, (_, most) in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL, most))
    try:
        yield
    finally:
        filler.unlink(missing_ok=True)
        for pid, limits in before.items():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


async def accidents(soak: Soak, replicas: Replicas, folder: Path, own: bool, seconds: float) -> None:
    """One process is killed, and started again; then the disk is full for a while."""
    await asyncio.sleep(seconds / 3)
    print("one of two processes is killed", flush=True)
    soak.killed_until = time.monotonic() + 30
    replicas.servers[0].process.kill()
    replicas.servers[0].process.wait()
    await asyncio.sleep(min(60, seconds / 20))
    replicas.servers[0] = replicas.start(replicas.servers[0].port)
    await asyncio.sleep(seconds * 2 / 3 - seconds / 3 - min(60, seconds / 20))
    print("the disk is full" if own else "no file may grow, as on a full disk", flush=True)
    with full(folder, own, replicas.servers):
        await asyncio.sleep(min(300, seconds / 12))
    print("the disk has room again", flush=True)


async def soaked(
    soak: Soak, servers: Callable[[], list[Served]], given: argparse.Namespace, *more: Awaitable[None]
) -> None:
    """Let the visitors stay while the processes are watched."""
    until = time.monotonic() + 60 * given.minutes
    staying = [soak.stay(number, until, given.thought) for number in range(given.visitors)]
    await asyncio.gather(*staying, soak.watch(servers, until), *more)


def written_down(soak: Soak, servers: list[Served]) -> None:
    """What the processes logged as an error is one."""
    for server in servers:
        if "Traceback" in server.logged():
            soak.errors.append(f"logged: {server.logged()[server.logged().index('Traceback') :][-600:]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--thought", type=float, default=3.0, help="seconds between two acts of a visitor, on average")
    parser.add_argument("--accidents", action="store_true", help="in a short run too: one killed, a full disk")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended, too
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.minutes < ACCIDENTS and not given.accidents:
            server = Served(folder)
            try:
                soak = Soak(server.ready().url)
                asyncio.run(soaked(soak, lambda: [server], given))
            finally:
                server.end()
            written_down(soak, [server])
        else:
            with disk(folder / "disk") as own, Replicas(folder, 2, TMPDIR=str(folder / "disk")) as replicas:
                soak = Soak(replicas.url)
                seconds = 60 * given.minutes
                bad = accidents(soak, replicas, folder / "disk", own, seconds)
                asyncio.run(soaked(soak, lambda: replicas.servers, given, bad))
                written_down(soak, replicas.servers)
    return 0 if soak.report(given.minutes) else 1


if __name__ == "__main__":
    sys.exit(main())
