"""What reading one text with a brought network costs, told from its sizes before anything is read.

A file within all other ceilings can still ask for minutes of work: thousands of timesteps times millions of weights,
or credits of pooled states, which grow with the square of the timesteps. The process that serves pages does not take
such a text whole.
"""

from __future__ import annotations

from bisect import bisect_right

from models.foreign.stages import Plan

BILLION = 1_000_000_000


def work(plan: Plan, exact: bool, timesteps: int) -> int:
    """Multiplications of one reading, about: the walk of all cells, and for a network read literally its credits.

    Args:
        exact: whether it is read as our own networks are.
    """
    cells = [cell for stage in plan.recurrent for cell in (stage.forward, stage.backward) if cell is not None]
    walked = sum(cell.kernel.size + cell.recurrent.size for cell in cells)
    if exact or not plan.recurrent[-1].sequences:
        return timesteps * walked
    # Credits put the timesteps in one by one, in four orders where there are two directions; slopes move each unit.
    top = plan.recurrent[-1]
    orders, units = (1, top.forward.units) if top.backward is None else (4, top.forward.units + top.backward.units)
    return timesteps * (walked + 3 * orders * timesteps * units + 2 * units * units)


def longest(plan: Plan, exact: bool, most: int, billions: int) -> int:
    """The most timesteps, up to ``most``, that can be read with so many billion multiplications; 0 if not even one."""
    return bisect_right(range(1, most + 1), billions * BILLION, key=lambda timesteps: work(plan, exact, timesteps))
