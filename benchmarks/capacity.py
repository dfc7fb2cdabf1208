"""How many visitors a core carries, what a thousand and ten thousand take, and what a million reviews cost.

    python -m benchmarks.capacity [--write]

Measured is processor time, which other work on the machine disturbs little: of one reading on *Read*, of the other
networks' verdicts that the browser asks for after it, and of scoring; and memory. The rest is arithmetic, in ``plan``.
``--write`` puts the tables into ``docs/capacity.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
from dataclasses import dataclass

from benchmarks.pages_under_load import held_for
from benchmarks.report import put
from benchmarks.score_speed import reviews_like_imdb
from benchmarks.served import ROOT, Served, served
from benchmarks.timing import best_times
from benchmarks.visitors import Visitor, types, visitor
from models.catalog import load_model
from models.scoring.processes import scored_ahead
from models.scoring.streaming import CHUNK_ROWS
from models.wording import counted

PAGE = ROOT / "docs" / "capacity.md"
BUSY = 0.5  # share of a core that is given away: at more, some wait for others
THOUGHTS = (("types without rest", 3.0), ("reads what is shown", 15.0))  # s between two acts
VISITORS = (40, 100, 1_000, 10_000)
SCORED = ("simple_rnn", "lstm", "gru", "best_bigru", "best_pretrained")
PRICE = 0.05  # of an hour of one core, as an example
ASKED = "verdicts-next"


@dataclass(frozen=True)
class Measured:
    """What one machine came to.

    Attributes:
        reading: processor seconds of one reading on *Read*, 200 words.
        verdicts: processor seconds of the other networks' verdicts on the same text.
        fresh: MB (10⁶ bytes) that a process holds before anybody comes.
        visitor: MB for each visitor more.
    """

    reading: float
    verdicts: float
    fresh: float
    visitor: float


@dataclass(frozen=True)
class Plan:
    """What so many visitors take: visitors a core, cores (one process each), and memory in GB (10⁹ bytes)."""

    a_core: int
    cores: int
    memory: float


def plan(visitors: int, thought: float, measured: Measured, busy: float = BUSY) -> Plan:
    """What so many visitors take who act every ``thought`` seconds on average.

    A visitor takes (reading + verdicts) ÷ thought of a core; ``busy`` of each core is given away.

    Raises:
        ValueError: if a single visitor is more than a core carries.
    """
    a_core = int(busy * thought / (measured.reading + measured.verdicts))
    if a_core < 1:
        raise ValueError("one visitor is more than a core carries")
    cores = math.ceil(visitors / a_core)
    return Plan(a_core, cores, (cores * measured.fresh + visitors * measured.visitor) / 1e3)


def core_hours(a_second: float, reviews: int = 1_000_000) -> float:
    """Hours of one core that so many reviews take, at so many a second and core."""
    return reviews / a_second / 3600


async def _with_verdicts(me: Visitor, chance: random.Random) -> None:
    await types(me, chance)
    for _ in range(10):
        if not any(widget.endswith(f"-{ASKED}") for widget in me.widgets):
            return
        await me.fire(ASKED, "next", str(chance.random()))
    raise SystemExit("the other verdicts do not come to an end")


async def _measured(app: Served, turns: int) -> Measured:
    chance = random.Random(5)
    alone = whole = 0.0
    async with visitor(app.url) as me:
        await me.open()
        fresh = app.memory()
        for _ in range(3):
            await _with_verdicts(me, chance)
        for _ in range(4):  # in turns
            before = app.processor()
            for _ in range(turns):
                await types(me, chance)
            between = app.processor()
            for _ in range(turns):
                await _with_verdicts(me, chance)
            alone += between - before
            whole += app.processor() - between
        if me.errors:
            raise SystemExit(me.errors[0])
    more = max(0.0, await held_for(app, 50)) / 50
    return Measured(alone / 4 / turns, max(0.0, whole - alone) / 4 / turns, fresh, more)


def reviews_a_second(name: str, reviews: int = 1_024) -> float:
    """Reviews of IMDB's lengths that one core scores in a second of its time, from the text; the best of three."""
    model = load_model(name)
    texts = reviews_like_imdb(model.vocabulary, reviews)

    def score() -> None:
        chunks = ((None, texts[start : start + CHUNK_ROWS]) for start in range(0, len(texts), CHUNK_ROWS))
        for _ in scored_ahead([model], chunks, 1):
            pass

    return reviews / best_times(score, rounds=3)[0].processor


def tables(measured: Measured, scored: dict[str, float], price: float = PRICE) -> str:
    """What was measured and what follows, as Markdown."""
    lines = [
        f"One reading of 200 words on *Read* takes {1e3 * measured.reading:.0f} ms of processor time, the verdicts of "
        f"the other networks on the same text {1e3 * measured.verdicts:.0f} ms more. A process begins with "
        f"{measured.fresh:.0f} MB, and each visitor takes {measured.visitor:.1f} MB more.",
        "",
    ]
    head = [f"{what}, an act every {thought:.0f} s" for what, thought in THOUGHTS]
    carried = [plan(1, thought, measured).a_core for _, thought in THOUGHTS]
    lines += [f"| visitors | {' | '.join(f'who {one}' for one in head)} |", f"|---|{'---|' * len(head)}"]
    lines.append(f"| a core carries | {' | '.join(counted(one, 'visitor') for one in carried)} |")
    for visitors in VISITORS:
        plans = [plan(visitors, thought, measured) for _, thought in THOUGHTS]
        machines = [f"{counted(one.cores, 'core')}, {one.memory:.1f} GB" for one in plans]
        lines.append(f"| {visitors:,} | {' | '.join(machines)} |")
    lines += ["", f"| a million reviews with | reviews a second and core | core hours | at {price:.2f} an hour |"]
    lines.append("|---|---|---|---|")
    for name, a_second in scored.items():
        hours = core_hours(a_second)
        lines.append(f"| `{name}` | {a_second:,.0f} | {hours:.2f} | {price * hours:.3f} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=20, help="readings in each of four rounds")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    with served("serve.py") as app:
        measured = asyncio.run(_measured(app, given.turns))
    found = tables(measured, {name: reviews_a_second(name) for name in SCORED})
    print(found)
    if given.write:
        put(PAGE, "capacity", found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
