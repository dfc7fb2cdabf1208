"""Where a layer's weights lie in a file, in both ways that Keras has of putting them there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.errors import ForeignNetworkError
from models.foreign.safe_file import RawNetwork
from models.nn.network import snake

Array = np.ndarray


@dataclass
class _ByPath:
    """Keras 3: ``layers/<class name in small letters, numbered>/…/vars/<n>``."""

    arrays: Mapping[str, Array]
    prefix: str
    _seen: dict[str, int] = field(default_factory=dict)

    def take(self, count: int, place: str = "") -> list[Array]:
        """The ``count`` arrays at ``place`` inside the layer."""
        start = "/".join(part for part in (self.prefix, place, "vars") if part)
        try:
            return [self.arrays[f"{start}/{i}"] for i in range(count)]
        except KeyError as error:
            raise _missing(self.prefix.rsplit("/", 1)[-1]) from error

    def inside(self, kind: str, name: str) -> _ByPath:
        """The weights of the layer of this class and name."""
        key = snake(kind)
        number = self._seen.get(key, 0)
        self._seen[key] = number + 1
        own = key + (f"_{number}" if number else "")
        start = f"{self.prefix}/layers/" if self.prefix else "layers/"
        by_name = any(path.startswith(f"{start}{name}/") for path in self.arrays)
        by_class = any(path.startswith(f"{start}{own}/") for path in self.arrays)
        return _ByPath(self.arrays, start + (name if by_name and not by_class else own))


@dataclass
class _InOrder:
    """Whole-model HDF5: each layer's weights one after another; a network inside a network shares out its own.

    ``layer`` is empty for the whole network.
    """

    arrays: dict[str, list[Array]]
    layer: str = ""

    def take(self, count: int, place: str = "") -> list[Array]:
        """The next ``count`` arrays of the layer."""
        left = self.arrays.get(self.layer, [])
        if len(left) < count:
            raise _missing(self.layer or "the network")
        self.arrays[self.layer] = left[count:]
        return left[:count]

    def inside(self, kind: str, name: str) -> _InOrder:
        """The weights of the layer of this name."""
        return self if self.layer else _InOrder(self.arrays, name)


Weights = _ByPath | _InOrder  # of one layer, or of the layers of a network inside it


def weights_of(raw: RawNetwork) -> Weights:
    """The weights of the whole network."""
    if raw.layout == "keras":
        found = {re.sub(r"^(layers|_layer_checkpoint_dependencies)/", "layers/", name): a for name, a in raw.arrays}
        return _ByPath(found, "")
    by_layer: dict[str, list[Array]] = {}
    for name, array in raw.arrays:
        by_layer.setdefault(name, []).append(array)
    return _InOrder(by_layer)


def _missing(layer: str) -> ForeignNetworkError:
    return ForeignNetworkError(f"The file lacks weights of the layer “{layer[:60]}”.", 'model.save("my_network.keras")')
