"""Where a layer's weights lie in a file, in both ways that Keras has of putting them there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from models.errors import ForeignNetworkError
from models.foreign.safe_file import RawNetwork
from models.nn.network import snake

Array = np.ndarray


class Weights(Protocol):
    """The weights of one layer, or of the layers of a network inside it."""

    def take(self, count: int, place: str = "") -> list[Array]:
        """The next ``count`` arrays, in a ``.keras`` file those at ``place`` inside the layer."""

    def inside(self, kind: str, name: str) -> Weights:
        """The weights of a layer of this class and name."""


def weights_of(raw: RawNetwork) -> Weights:
    """The weights of the whole network."""
    if raw.layout == "keras":
        found = {re.sub(r"^(layers|_layer_checkpoint_dependencies)/", "layers/", name): a for name, a in raw.arrays}
        return _ByPath(found, "")
    by_layer: dict[str, list[Array]] = {}
    for name, array in raw.arrays:
        by_layer.setdefault(name, []).append(array)
    return _ByLayer(by_layer)


@dataclass
class _ByPath:
    """Keras 3: ``layers/<class name in small letters, numbered>/…/vars/<n>``."""

    arrays: Mapping[str, Array]
    prefix: str
    _seen: dict[str, int] = field(default_factory=dict)

    def take(self, count: int, place: str = "") -> list[Array]:
        start = "/".join(part for part in (self.prefix, place, "vars") if part)
        try:
            return [self.arrays[f"{start}/{i}"] for i in range(count)]
        except KeyError as error:
            raise _missing(self.prefix.rsplit("/", 1)[-1]) from error

    def inside(self, kind: str, name: str) -> Weights:
        key = snake(kind)
        number = self._seen.get(key, 0)
        self._seen[key] = number + 1
        own = key + (f"_{number}" if number else "")
        start = f"{self.prefix}/layers/" if self.prefix else "layers/"
        by_name = any(path.startswith(f"{start}{name}/") for path in self.arrays)
        by_class = any(path.startswith(f"{start}{own}/") for path in self.arrays)
        return _ByPath(self.arrays, start + (name if by_name and not by_class else own))


@dataclass
class _ByLayer:
    """Whole-model HDF5: the weights of each layer in order, under its name."""

    layers: Mapping[str, list[Array]]

    def take(self, count: int, place: str = "") -> list[Array]:
        raise _missing("the network")

    def inside(self, kind: str, name: str) -> Weights:
        return _InOrder(list(self.layers.get(name, [])), name)


@dataclass
class _InOrder:
    """The weights of one layer, one after another; a network inside a network shares them out in its order."""

    arrays: list[Array]
    name: str

    def take(self, count: int, place: str = "") -> list[Array]:
        if len(self.arrays) < count:
            raise _missing(self.name)
        taken = self.arrays[:count]
        del self.arrays[:count]
        return taken

    def inside(self, kind: str, name: str) -> Weights:
        return self


def _missing(layer: str) -> ForeignNetworkError:
    return ForeignNetworkError(f"The file lacks weights of the layer “{layer[:60]}”.", 'model.save("my_network.keras")')
