"""Numbers as the page writes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from models.wording import agreeing as agreeing
from models.wording import command as command
from models.wording import counted as counted
from models.wording import percent as percent
from models.wording import plain_number as plain_number
from models.wording import shortened as shortened

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def signed(value: float, places: int = 2) -> str:
    """``+0.83``, ``−1.20``, ``0.00``."""
    text = f"{value:+.{places}f}".replace("-", "−")
    return text if any(c in "123456789" for c in text) else text[1:]


def agreed(calculate: Callable[..., float], numbers: list[float], places: int = 3) -> tuple[list[float], int, float]:
    """Round numbers only so far that a calculation by hand still comes out at the digits shown.

    Returns:
        the numbers, rounded to as few decimals (at least ``places``) as make ``calculate`` of them round to the true
        result; how many decimals those are; and the result with ``places`` decimals.
    """
    result = round(calculate(*numbers), places)
    for decimals in range(places, places + 6):
        shown = [round(number, decimals) for number in numbers]
        if round(calculate(*shown), places) == result:
            break
    return shown, decimals, result


def power_of_ten(exponent: int) -> str:
    """``10⁻⁸``; ``1`` and ``10`` as they are."""
    return {0: "1", 1: "10"}.get(exponent) or "10" + str(exponent).translate(_SUPERSCRIPTS)


def log_ticks(low: float, high: float) -> dict[str, Any]:
    """Ticks of a logarithmic axis over these values: about eight powers of ten, or 1, 2 and 5 where there are few."""
    if high > 100 * low:
        step = max(1, math.ceil(math.log10(high / low) / 8))
        whole = range(step * math.floor(math.log10(low) / step), math.ceil(math.log10(high)) + 1, step)
        return {"tickvals": [10.0**power for power in whole], "ticktext": [power_of_ten(power) for power in whole]}
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [(digit * 10.0**power, max(0, -power)) for power in powers for digit in (1, 2, 5)]
    return {"tickvals": [tick for tick, _ in ticks], "ticktext": [f"{tick:,.{places}f}" for tick, places in ticks]}
