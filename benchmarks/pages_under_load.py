"""How fast the pages answer, how many visitors one process serves, and what memory that takes; ratios in one run.

    python -m benchmarks.pages_under_load [--before FOLDER] [--quick] [--long] [--write]

Everything is served on this machine by processes of its own: this app, a bare Streamlit page with the same widgets and
a ready figure under the same options, and, with ``--before``, another checkout of this repository. They are measured
in turns, so that whatever else the machine does meets all of them. ``--long`` adds a thousand visits, ``--write`` puts
the table into ``docs/performance.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.report import Row, put, table
from benchmarks.served import ROOT, Served, served
from benchmarks.visitors import Act, Met, Visitor, crowd, types, visitor
from models.wording import counted
from tests.replicas import Replicas

TABLE = ROOT / "docs" / "performance.md"


@dataclass
class Cost:
    """Of one interaction: seconds until it is complete, the server's processor seconds, and kB (10³ bytes) sent."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{1e3 * self.middle:.0f} ms, {1e3 * self.work:.1f} ms of processor, {self.kilobytes:.0f} kB"

    @property
    def middle(self) -> float:
        """Half of the interactions took less, seconds."""
        return statistics.median(self.seconds)

    @property
    def work(self) -> float:
        """Processor seconds of the server for each, in the middle of the rounds."""
        return statistics.median(self.processor)

    @property
    def kilobytes(self) -> float:
        """Half of the interactions sent less."""
        return statistics.median(self.sent)


async def costs(cases: dict[str, tuple[Served, str, Act]], rounds: int, turns: int = 10) -> dict[str, Cost]:
    """Cost of an interaction of one visitor, by case (server, page, what is done); all cases in turns."""
    found = {name: Cost() for name in cases}
    async with contextlib.AsyncExitStack() as stack:
        inside: dict[str, Visitor] = {}
        chance = random.Random(1)
        for name, (server, page, act) in cases.items():
            inside[name] = me = await stack.enter_async_context(visitor(server.url))
            await me.open()
            await me.set("review", " ".join(["a fine film"] * 66))
            if page:
                await me.open(page)
            for _ in range(3):
                await act(me, chance)
        for _ in range(rounds):
            for name, (server, _, act) in cases.items():
                before = server.processor()
                for _ in range(turns):
                    found[name].seconds.append(await act(inside[name], chance))
                    found[name].sent.append(inside[name].received / 1e3)
                found[name].processor.append((server.processor() - before) / turns)
        for name, me in inside.items():
            if me.errors:
                raise SystemExit(f"{name}: {me.errors[0]}")
    return found


async def moves_the_cursor(me: Visitor, chance: random.Random) -> float:
    """Inside: another word under the cursor."""
    return await me.set("timestep", (chance.randrange(1, 198),))


async def steps_on(me: Visitor, chance: random.Random) -> float:
    """Lessons: the next step, and at the end of the lesson back again."""
    try:
        return await me.set("go-arrow_forward", True)
    except KeyError:
        await me.open("lessons")
        return await me.set("go-arrow_forward", True)


async def chooses_runs(me: Visitor, chance: random.Random) -> float:
    """Training: curves of other networks."""
    return await me.set("runs", chance.sample(["■ SimpleRNN", "● LSTM", "◆ GRU", "◆ Bidirectional GRU"], 3))


async def moves_the_threshold(me: Visitor, chance: random.Random) -> float:
    """Evaluation: reviews are called positive from another score on."""
    return await me.set("threshold", [f"{chance.randrange(2, 19) / 20:.2f}"])


async def filters(me: Visitor, chance: random.Random) -> float:
    """Batch: reviews with another verdict."""
    return await me.set("batch_verdict", [chance.choice(["all", "positive", "negative"])])


async def again(me: Visitor, chance: random.Random) -> float:
    """Any page: everything once more."""
    return await me._run()


PAGES: tuple[tuple[str, str, Act], ...] = (
    ("Inside, the cursor moved", "inside", moves_the_cursor),
    ("Compare, the review changed", "compare", types),
    ("Lessons, the next step", "lessons", steps_on),
    ("Training, other runs chosen", "training", chooses_runs),
    ("Evaluation, the threshold moved", "evaluation", moves_the_threshold),
    ("Batch, another verdict chosen", "batch", filters),
)
# Pages of which the interactions above draw a part: what all of each takes, when somebody chooses other models.
WHOLE = ("training", "evaluation", "batch")


async def one_visitor(app: Served, bare: Served, rounds: int) -> list[Row]:
    """What one interaction takes on every page, against the bare page."""
    cases: dict[str, tuple[Served, str, Act]] = {"bare": (bare, "", types), "Read": (app, "", types)}
    cases |= {name: (app, page, act) for name, page, act in PAGES}
    cases |= {f"{page.title()}, all of it again": (app, page, again) for page in WHOLE}
    found = await costs(cases, rounds)
    bare_cost = found["bare"]
    ratio = found["Read"].work / bare_cost.work
    rows = [
        ("one interaction of the bare page", str(bare_cost), "", True),
        ("*Read*, 200 words", f"{found['Read']}: {ratio:.2f} × the bare page", "≤ 1.5 ×", ratio <= 1.5),
        ("*Read* sends", f"{found['Read'].kilobytes:.0f} kB", "≤ 60 kB", found["Read"].kilobytes <= 60),
    ]
    for name, _, _ in PAGES:
        ratio = found[name].work / bare_cost.work
        rows.append(
            (name, f"{found[name]}: {ratio:.2f} ×", "≤ 150 ms, ≤ 2 ×", ratio <= 2 and found[name].middle <= 0.15)
        )
    for page in WHOLE:
        name = f"{page.title()}, all of it again"
        rows.append((name, f"{found[name]}: {found[name].work / bare_cost.work:.2f} ×", "", True))
    lengths = {n: (await costs({"": (app, "", partial(types, words=n))}, 1, 8))[""] for n in (200, 1_000, 5_000)}
    shown = "; ".join(f"{n:,} words {cost}" for n, cost in lengths.items())
    straight = lengths[5_000].work <= 25 * lengths[200].work and lengths[5_000].kilobytes <= 25 * lengths[200].kilobytes
    rows.append(("*Read* by length", shown, "linear", straight))
    return rows


async def without_pause(app: Served, before: Served | None, quick: bool) -> Row:
    """How many interactions a second."""
    turns = 10 if quick else 40
    now, then = Met(), Met()
    for part in range(2 if before else 1):
        await crowd(app.url, 4, turns, types, seed=part + 1, met=now)
        if before:
            await crowd(before.url, 4, max(4, turns // 8), types, seed=part + 1, met=then)
    shown = f"{now.per_second:.1f} a second, {counted(len(now.errors), 'error')}"
    good = not now.errors
    if before:
        ratio = now.per_second / then.per_second
        shown += f"; {then.per_second:.1f} before: {ratio:.1f} ×"
        good &= ratio >= 10
    return "four visitors without pause, 200 words", shown, "≥ 10 × before" if before else "no error", good


def waited(what: str, met: Met, most: float) -> Row:
    """How long a crowd has waited; 95 of 100 of its interactions should take less than ``most`` seconds."""
    summary = f"p50 {1e3 * met.quantile(0.5):.0f} ms, p95 {1e3 * met.quantile(0.95):.0f} ms, "
    summary += counted(len(met.errors), "error")
    wanted = f"p95 < {1e3 * most:.0f} ms, no error"
    return what, summary, wanted, met.quantile(0.95) < most and not met.errors


def behind_nginx(quick: bool) -> Row:
    """How long a hundred visitors wait whom nginx spreads over two processes."""
    with tempfile.TemporaryDirectory() as folder, Replicas(Path(folder), 2) as replicas:
        met = asyncio.run(crowd(replicas.url, 100, 4 if quick else 10, types, thought=3.0))
    return waited("100 visitors, 3 s of thought, two processes behind nginx, two cores", met, 0.7)


async def held_for(app: Served, visitors: int) -> float:
    """MB that the process holds more for so many visitors, each of whom has read three texts."""
    before, chance = app.memory(), random.Random(7)
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(visitors):
            me = await stack.enter_async_context(visitor(app.url))
            await me.open()
            for _ in range(3):
                await types(me, chance)
        return app.memory() - before


async def memory(long: bool) -> list[Row]:
    """What the process holds: fresh with all networks, with 50 visitors more, and after a thousand visits."""
    rows: list[Row] = []
    with served("serve.py") as app:
        async with visitor(app.url) as me:
            await me.open()
        fresh = app.memory()
        rows.append(("memory with all networks read", f"{fresh:.0f} MB", "≤ 330 MB", fresh <= 330))
        await crowd(app.url, 4, 10, types)
        more = await held_for(app, 50)
        rows.append(("memory for 50 visitors more", f"{more:.0f} MB", "≤ 40 MB", more <= 40))
        if long:
            held = []
            for part in range(10):
                for _ in range(10):
                    await crowd(app.url, 10, 10, types, seed=part + 10)
                held.append(app.memory())
            shown = ", ".join(f"{one:.0f}" for one in held)
            level = held[-1] <= 1.05 * held[len(held) // 2]
            rows.append(
                ("memory after each 100 of 1,000 visits of 10 interactions", f"{shown} MB", "levels off", level)
            )
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, help="another checkout, to compare with")
    parser.add_argument("--quick", action="store_true", help="fewer turns")
    parser.add_argument("--long", action="store_true", help="memory over a thousand visits too")
    parser.add_argument("--only", choices=("one", "many", "nginx", "memory"), help="one part")
    parser.add_argument("--write", action="store_true", help=f"into {TABLE.relative_to(ROOT)}")
    given = parser.parse_args()
    rows: list[Row] = []
    with contextlib.ExitStack() as stack:
        if given.only in (None, "one"):
            app, bare = stack.enter_context(served("serve.py")), stack.enter_context(served("benchmarks/bare_page.py"))
            rows += asyncio.run(one_visitor(app, bare, 3 if given.quick else 8))
    with contextlib.ExitStack() as stack:
        if given.only in (None, "many"):
            app = stack.enter_context(served("serve.py"))
            with served("serve.py", given.before) if given.before else contextlib.nullcontext() as before:
                rows.append(asyncio.run(without_pause(app, before, given.quick)))
            met = asyncio.run(crowd(app.url, 60, 4 if given.quick else 10, types, thought=3.0))
            rows.append(waited("60 visitors, 3 s of thought, one process", met, 0.5))
    if given.only in (None, "nginx"):
        rows.append(behind_nginx(given.quick))
    if given.only in (None, "memory"):
        rows += asyncio.run(memory(given.long))
    print(table(rows))
    if given.write:
        put(TABLE, "pages under load", table(rows))
    return 0 if all(good for *_, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
