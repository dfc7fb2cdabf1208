"""Where names fit into a chart of curves: the corner that fewest pass, the height that is farthest from all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Array = np.ndarray
# x and y of one curve, (points,) each; y may be NaN.
Line = tuple[Array, Array]


def empty_corner(lines: Sequence[Line], falling: bool, share: float) -> tuple[int, int]:
    """``(right, top)`` of the corner where fewest curves pass.

    Args:
        falling: whether curves usually fall, which decides a tie.
        share: the height that the names need, 0…1.
    """
    crowd = crowds(lines, share)
    corners = [(1, 1), (1, 0), (0, 0), (0, 1)] if falling else [(1, 0), (1, 1), (0, 1), (0, 0)]
    return min(corners, key=lambda corner: crowd[corner]) if crowd else (1, 1)


def crowds(lines: Sequence[Line], share: float) -> dict[tuple[int, int], int]:
    """By ``(right, top)`` of a corner how often curves pass it; empty without curves. ``share``: see above."""
    known = [(x[there], y[there]) for x, y in lines if (there := np.isfinite(y)).any()]
    if not known:
        return {}
    xs, ys = (np.concatenate([pair[axis] for pair in known]).astype(float) for axis in (0, 1))
    width, height = float(np.ptp(xs)) or 1.0, float(np.ptp(ys)) or 1.0
    along = np.linspace(0, 1, 60)
    crowd = {(right, top): 0 for right in (0, 1) for top in (0, 1)}
    for x, y in known:
        up = (np.interp(xs.min() + along * width, x, y, right=np.nan) - ys.min()) / height
        for right, top in crowd:
            beside, level = (along > 0.45 if right else along < 0.55), (up > 1 - share if top else up < share)
            crowd[right, top] += int((beside & level).sum())
    return crowd


def range_with_room(lines: Sequence[Line], top: int, share: float) -> list[float]:
    """The y-axis with a share of its height, 0…1, that no curve reaches: at its top, or else at its foot."""
    ys = np.concatenate([y[np.isfinite(y)] for _, y in lines]).astype(float)
    low, high = float(ys.min()), float(ys.max())
    margin = 0.05 * ((high - low) or 1.0)  # as Plotly leaves
    room = (high - low + margin) * share / (1 - share)
    return [low - margin, high + room] if top else [low - room, high + margin]


def free_height(lines: Sequence[Line], between: tuple[float, float], taken: tuple[float, float]) -> float:
    """The height, 0…1, farthest from every curve in a stretch of the axis, outside ``taken``."""
    known = [(x[there], y[there]) for x, y in lines if (there := np.isfinite(y)).any()]
    ys = np.concatenate([y for _, y in known]).astype(float)
    xs = np.linspace(*between, 40)
    level = np.concatenate([np.interp(xs, x, y, np.nan, np.nan) for x, y in known])
    level = 0.05 + 0.9 * (level[np.isfinite(level)] - ys.min()) / (float(np.ptp(ys)) or 1.0)  # Plotly leaves margins
    heights = np.linspace(0.08, 0.92, 43)
    room = np.abs(heights[:, None] - np.append(level, taken)).min(1)
    return float(heights[np.where((heights > taken[0]) & (heights < taken[1]), -1, room).argmax()])
