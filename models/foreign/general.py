"""A network of any layers in the table, read literally: every timestep that Keras would compute, padding included.

Networks that are built like ours are turned into ``models.nn.network.Network`` instead (``usual.py``), which is faster
and which every page can take apart. This one gives states, gates and verdicts of all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.foreign.stages import Masking, Plan, Pointwise, Recurrent, Reduce, Stage
from models.nn.recurrence import Reading

Array = np.ndarray
Both = tuple[Reading, Reading | None]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What happened while texts of one length were read; arrays (timesteps, texts, …) in the order of the text.

    Attributes:
        readings: of each recurrent layer.
        mask: (timesteps, texts), False where the top layer skipped a timestep; None where it skipped none.
        flipped: whether the top layer got its timesteps last first.
        logits: (texts,).
    """

    readings: tuple[Both, ...]
    mask: Array | None
    flipped: bool
    logits: Array


@dataclass(frozen=True, slots=True, eq=False)
class GeneralNetwork:
    """What reads, with the embedding in our order.

    Attributes:
        embedding: (rows, features).
        skipped: (rows,) whether a row is padding that is skipped.
        plan: the layers.
        hidden, pooling, padded_to, bias: as in ``Network``; no straight readout is claimed, nor a logit of nothing.
    """

    embedding: Array
    skipped: Array
    plan: Plan
    pooling: tuple[str, ...] = ()
    padded_to: int = 0
    hidden: bool = True
    bias: float = 0.0

    @property
    def streams(self) -> bool:
        """Whether every layer walks from the first word to the last."""
        return all(stage.backward is None and not stage.backwards[0] for stage in self.plan.recurrent)

    @property
    def layers(self) -> tuple[Recurrent, ...]:
        """The recurrent layers."""
        return self.plan.recurrent

    @property
    def backwards(self) -> list[tuple[bool, bool]]:
        """Of each layer, whether its directions read the text from its end."""
        found, flipped = [], False
        for layer in self.layers:
            first, second = layer.backwards
            found.append((first ^ flipped, second ^ flipped))
            flipped ^= layer.sequences and first
        return found

    def run(self, ids: Array) -> Run:
        """Read ``ids`` (timesteps, texts), our rows, everything Keras reads and nothing else."""
        x: Array = self.embedding[ids]
        mask: Array | None = ~self.skipped[ids] if self.plan.mask_zero else None
        readings: list[Both] = []
        flipped = top_flipped = False
        top_mask = mask
        for stage in self.plan.stages:
            if isinstance(stage, Recurrent):
                both = stage.read(x, mask)
                readings.append(_turned(both) if flipped else both)
                top_flipped, top_mask = flipped, mask
                x = stage.output(both, mask)
                flipped ^= stage.sequences and stage.backwards[0]
            else:
                x, mask = applied(stage, x, mask)
        return Run(tuple(readings), top_mask, top_flipped, np.asarray(x[:, 0], np.float32))

    def head(self, parts: Sequence[Array], mask: Array | None) -> Array:
        """The logits (n,) of what the directions of the top layer give, as ``Recurrent.together`` takes it."""
        x = self.plan.recurrent[-1].together(parts, mask)
        for stage in self.plan.head():
            x, mask = applied(stage, x, mask)
        return np.asarray(x[:, 0], np.float32)


def applied(stage: Stage, x: Array, mask: Array | None) -> tuple[Array, Array | None]:
    """What a stage that is not recurrent makes of ``x``, and which timesteps count from there on."""
    if isinstance(stage, Pointwise):
        return stage.function(x), mask
    if isinstance(stage, Masking):
        kept = (x != np.float32(stage.value)).any(-1)
        return x * kept[..., None].astype(np.float32), kept
    assert isinstance(stage, Reduce)
    if stage.kind == "max":
        return np.asarray(x.max(0)), mask
    if stage.kind == "flatten":
        return np.ascontiguousarray(x.transpose(1, 0, 2)).reshape(x.shape[1], -1), mask
    if mask is None:
        return np.asarray(x.mean(0)), mask
    counted = mask[..., None].astype(np.float32)
    return np.asarray((x * counted).sum(0) / np.maximum(counted.sum(0), np.float32(1e-30))), mask


def _turned(both: Both) -> Both:
    forward, backward = (None if one is None else one.each(lambda values: values[::-1]) for one in both)
    assert forward is not None
    return forward, backward
