"""Networks built like ours become ``models.nn.network.Network``: every page can then take them apart exactly."""

from __future__ import annotations

import numpy as np

from models.foreign.preparation import Preparation
from models.foreign.stages import Plan, Pointwise, Reduce
from models.nn.network import Network, RecurrentLayer

Array = np.ndarray


def as_usual(plan: Plan, embedding: Array, preparation: Preparation) -> Network | None:
    """The network as one of our own; None where that would not be the same network.

    It is the same if all cells are the usual ones, both directions stand side by side, one pooling and at most one
    relu layer lie before the output, and padding is skipped, or read in front of the words, or not there.
    """
    layers: list[RecurrentLayer] = []
    for place, stage in enumerate(plan.recurrent):
        cells = [cell for cell in (stage.forward, stage.backward) if cell is not None]
        if stage.backwards[0] or (stage.backward and not stage.backwards[1]) or stage.merge != "concat":
            return None
        if not all(cell.usual for cell in cells) or stage is not plan.stages[place]:
            return None
        layers.append(RecurrentLayer(*(cell.as_usual() for cell in cells)))
    head = list(plan.head())
    pooling: str = "last"
    first = head[0] if head else None
    if isinstance(first, Reduce):
        if first.kind == "flatten":
            return None
        pooling, head = first.kind, head[1:]
    dense = [stage.dense for stage in head if isinstance(stage, Pointwise) and stage.dense is not None]
    if len(dense) != len(head) or not 1 <= len(dense) <= 2:
        return None
    if len(dense) == 2 and dense[0][2] != "relu":
        return None
    if plan.recurrent[-1].sequences and pooling == "last":
        return None
    two_ways = any(stage.backward is not None for stage in plan.recurrent)
    padded = _padded(plan.mask_zero, pooling, two_ways, preparation)
    if padded is None:
        return None
    kernel, bias, _ = dense[-1]
    hidden = (dense[0][0], dense[0][1]) if len(dense) == 2 else None
    return Network(embedding, tuple(layers), (pooling,), kernel[:, 0].copy(), float(bias[0]), hidden, padded)


def _padded(mask_zero: bool, pooling: str, two_ways: bool, preparation: Preparation) -> int | None:
    """How many timesteps of padding in front are read; None where padding is read in another way."""
    if preparation.maxlen is None:
        return 0
    if mask_zero:
        # Skipped timesteps repeat the state before them: nothing new for a maximum, if they come last.
        return 0 if pooling != "max" or (preparation.padding == "post" and not two_ways) else None
    # A pooling counts the states at the padding too, so a verdict after each word would not be ours.
    return preparation.maxlen if preparation.padding == "pre" and pooling == "last" else None
