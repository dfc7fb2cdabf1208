"""What stands in a network, one after another, as things that can be computed; and the plan that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from models.foreign.cells import GeneralCell
from models.foreign.safe_file import RawNetwork
from models.nn.recurrence import Reading

Array = np.ndarray
Merge = Literal["concat", "sum", "mul", "ave"]


@dataclass(frozen=True, slots=True)
class Recurrent:
    """A recurrent layer; with ``backward`` both directions of a Bidirectional.

    Attributes:
        backwards: of each direction, whether it walks from the end.
        merge: how the directions are put together.
        sequences: whether every state goes on to the next layer, or only the last.
    """

    name: str
    forward: GeneralCell
    backward: GeneralCell | None = None
    backwards: tuple[bool, bool] = (False, True)
    merge: Merge = "concat"
    sequences: bool = False

    def read(self, inputs: Array, mask: Array | None) -> tuple[Reading, Reading | None]:
        """Both directions, indexed by position in ``inputs`` (timesteps, reviews, features)."""
        forward = self.forward.read(inputs, mask, self.backwards[0])
        return forward, None if self.backward is None else self.backward.read(inputs, mask, self.backwards[1])

    def output(self, both: tuple[Reading, Reading | None], mask: Array | None) -> Array:
        """What goes on: (timesteps, reviews, features), or (reviews, features) of the last state.

        As Keras has it: a layer that walks from the end gives its states in the order in which it made them (the
        second of a Bidirectional turned round once more), and in a Bidirectional masked timesteps give zero.
        """
        parts = [reading.hidden_states for reading in both if reading is not None]
        return self.together(parts if self.sequences else self.last(parts), mask)

    def last(self, parts: Sequence[Array]) -> list[Array]:
        """Of each direction's states (timesteps, …) the one that it comes to in the end."""
        return [part[0 if backwards else -1] for part, backwards in zip(parts, self.backwards, strict=False)]

    def together(self, parts: Sequence[Array], mask: Array | None) -> Array:
        """``output`` of what each direction gives: its last states (n, units), or all, as it got its timesteps."""
        if not self.sequences:
            return parts[0] if len(parts) == 1 else merged(parts[0], parts[1], self.merge)
        if mask is not None and len(parts) > 1:
            parts = [np.where(mask[..., None], part, np.float32(0)) for part in parts]
        walked = [part[::-1] if backwards else part for part, backwards in zip(parts, self.backwards, strict=False)]
        return walked[0] if len(parts) == 1 else merged(walked[0], walked[1][::-1], self.merge)

    @property
    def features(self) -> int:
        """Size of what the next layer sees."""
        beside = self.backward.units if self.backward is not None and self.merge == "concat" else 0
        return self.forward.units + beside


def merged(first: Array, second: Array, merge: Merge) -> Array:
    """Two directions put together as Keras's Bidirectional does."""
    if merge == "concat":
        return np.concatenate([first, second], -1)
    if merge == "mul":
        return np.asarray(first * second)
    return np.asarray(first + second if merge == "sum" else (first + second) / 2)


@dataclass(frozen=True, slots=True)
class Pointwise:
    """A layer that does the same to every timestep, or to the one vector that is left.

    ``dense`` holds kernel, bias and the name of the activation where it is a Dense layer and nothing else.
    """

    name: str
    kind: str
    function: Callable[[Array], Array]
    dense: tuple[Array, Array, str] | None = None


@dataclass(frozen=True, slots=True)
class Masking:
    """Timesteps at which every feature has this value are skipped from here on."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Reduce:
    """From all timesteps to one vector: "max", "mean" (of unmasked timesteps), or "flatten"."""

    name: str
    kind: Literal["max", "mean", "flatten"]


Stage = Recurrent | Pointwise | Masking | Reduce


@dataclass(frozen=True)
class Plan:
    """A network as it stands in the file.

    Attributes:
        embedding: (ids, features).
        mask_zero: whether id 0 is skipped.
        stages: after the embedding, input side first; the last one's output, before the final activation, is one
            logit, or two whose difference is the logit.
        ending: "sigmoid", "logit" or "softmax", as the file has it.
        timesteps: the fixed length that the network takes, or None.
        vectorization: the configuration and the words of a TextVectorization in it.
        summary: every layer's name, class and number of parameters, for people.
        raw: the file it was read from.
    """

    embedding: Array
    mask_zero: bool
    stages: tuple[Stage, ...]
    ending: str
    timesteps: int | None
    vectorization: tuple[dict[str, Any], list[str] | None] | None
    summary: tuple[tuple[str, str, int], ...]
    raw: RawNetwork

    @property
    def recurrent(self) -> tuple[Recurrent, ...]:
        """The recurrent layers, input side first."""
        return tuple(stage for stage in self.stages if isinstance(stage, Recurrent))

    @property
    def parameters(self) -> int:
        """How many numbers training has set."""
        return sum(count for _, _, count in self.summary)

    def head(self) -> tuple[Stage, ...]:
        """What comes after the last recurrent layer."""
        last = max(place for place, stage in enumerate(self.stages) if isinstance(stage, Recurrent))
        return self.stages[last + 1 :]
