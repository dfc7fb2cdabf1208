"""Which units mark a stretch of a review: high over some words and low elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class SpanUnit:
    """A unit and how well it marks a span of words.

    Attributes:
        unit: which.
        separation: chance that the unit is higher at a random word inside than at a random word outside, 0…1
            (the area under the ROC curve; 0.5 is no relation, 0 means always lower inside).
        inside, outside: its mean hidden state in the span and elsewhere, −1…1.
    """

    unit: int
    separation: float
    inside: float
    outside: float


def units_marking(states: Array, start: int, stop: int) -> list[SpanUnit]:
    """All units of a layer, from those that are high over the words ``start … stop − 1`` and low elsewhere downward.

    Equal separations go by the difference of the means.

    Args:
        states: (timesteps, units).

    Raises:
        ValueError: if the span is empty or nothing is left outside it.
    """
    timesteps = len(states)
    start, stop = max(0, start), min(stop, timesteps)
    if stop <= start or stop - start == timesteps:
        raise ValueError("there must be words inside the span and words outside it")
    chosen = np.zeros(timesteps, bool)
    chosen[start:stop] = True
    inside, outside = states[chosen].astype(np.float64), states[~chosen].astype(np.float64)
    separation = _auc(inside, outside)
    high, low = inside.mean(0), outside.mean(0)
    order = np.lexsort((low - high, -separation.round(6)))
    return [SpanUnit(int(u), float(separation[u]), float(high[u]), float(low[u])) for u in order]


def _auc(inside: Array, outside: Array) -> Array:
    """P(inside > outside) + ½ P(equal), per column, by counting in the sorted outside."""
    found = np.empty(inside.shape[1])
    for unit in range(inside.shape[1]):
        ordered = np.sort(outside[:, unit])
        below = np.searchsorted(ordered, inside[:, unit], "left")
        up_to = np.searchsorted(ordered, inside[:, unit], "right")
        found[unit] = (below + up_to).mean() / (2 * len(ordered))
    return found
