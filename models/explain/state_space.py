"""What a layer's hidden states look like over many texts: principal components, a cloud, every unit's habits.

Those of the test reviews are written by ``models.training.report.states`` into ``states.npz``, and read here. No review
can be read out of them: states of single words, far apart, and words counted over all reviews. Then those of texts that
a network without such a file has read here, and the path of one reading through the space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.artifacts import read_arrays
from models.card import ModelCard
from models.errors import ArtifactError
from models.explain.view import View, readout
from models.nn.equations import state_before
from models.sentiment import Trace

Array = np.ndarray

FILE = "states.npz"
COMPONENTS = 8
MOST_STATES = 4_000  # of texts read here
FIELDS = (
    "center", "components", "explained", "cloud", "cloud_labels", "cloud_places", "spread", "raising", "rise",
    "lowering", "fall",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class LayerStates:
    """One layer in one direction on the test reviews; ``name`` is as in ``LayerTrace``.

    Attributes:
        center: (units,), the mean state of every unit, where the components cross.
        components: (k, units), orthonormal, the direction of greatest variance first; k is 8, or ``units`` if less. Of
            the top layer each points to where the verdict is more positive.
        explained: (k,), the share of the variance along each, 0…1.
        cloud: (points, 3), test states projected; fewer columns where there are fewer units.
        cloud_labels: (points,) uint8, 1 where the review is positive.
        cloud_places: (points,), how much of its review had been read, 0…1, the word itself counted in.
        readout: (units,) of the top layer, how a unit counts for the verdict; None for layers below.
        spread: (units,), the standard deviation of every unit's state.
        raising, lowering: (units, 12) ids of the words at which the unit rises and falls most, strongest first;
            −1 where fewer words were frequent enough.
        rise, fall: (units, 12), by how much: the mean of h_t − h before the word; NaN beside an id of −1.
        of: which texts' states these are; other ones than test reviews have no labels but the network's own verdicts.
    """

    name: str
    center: Array
    components: Array
    explained: Array
    cloud: Array
    cloud_labels: Array
    cloud_places: Array
    readout: Array | None
    spread: Array
    raising: Array
    rise: Array
    lowering: Array
    fall: Array
    of: str = "test reviews"

    def project(self, states: Array, components: int = 3) -> Array:
        """States (timesteps, units) in the coordinates of the first components, (timesteps, components)."""
        return np.asarray((states - self.center) @ self.components[:components].T)

    def readout_direction(self, components: int = 3) -> Array | None:
        """Where the readout points in these coordinates, (components,): the unit vector along w, projected.

        Its length, 0…1, says how much of the readout the picture shows. None for layers below the top.
        """
        if self.readout is None:
            return None
        return np.asarray(self.components[:components] @ (self.readout / (np.linalg.norm(self.readout) or 1)))


def load_states(card: ModelCard) -> tuple[LayerStates, ...]:
    """Read a model's ``states.npz``: all layers, in the order of ``Trace.layers``.

    Raises:
        ArtifactError: if it is missing or damaged.
    """
    arrays = read_arrays(card, FILE)
    try:
        layers = tuple(_layer(str(name), place, arrays) for place, name in enumerate(arrays["layers"]))
        if not layers:
            raise ValueError("no layer")
        return layers
    except (KeyError, ValueError, TypeError) as error:
        raise ArtifactError(card.name, FILE, f"it lacks something ({error})") from error


def _layer(name: str, place: int, arrays: dict[str, Array]) -> LayerStates:
    found = {field: arrays[f"{place}/{field}"] for field in FIELDS}
    units = len(found["center"])
    sizes = {"components": (len(found["explained"]), units), "spread": (units,), "raising": found["rise"].shape}
    for field, shape in sizes.items():
        if found[field].shape != shape:
            raise ValueError(f"{field} is {found[field].shape}")
    # The larger arrays are saved in half precision.
    found = {
        field: values.astype(np.float32) if values.dtype.kind == "f" else values for field, values in found.items()
    }
    return LayerStates(name, readout=arrays.get(f"{place}/readout"), of="test reviews", **found)


def principal_components(states: Array) -> tuple[Array, Array, Array]:
    """Mean (units,), the first ``COMPONENTS`` principal axes (k, units) and their shares of the variance (k,), float64.

    The eigenvectors of the covariance; each turned so that its largest entry is positive, which makes them repeatable.
    """
    center = states.mean(0)
    away = states - center
    variances, axes = np.linalg.eigh(away.T @ away / max(1, len(states) - 1))
    order = np.argsort(variances)[::-1][:COMPONENTS]
    components = axes[:, order].T
    largest = components[np.arange(len(components)), np.abs(components).argmax(1)]
    components = components * np.where(largest < 0, -1, 1)[:, None]
    return center, components, variances[order].clip(0) / max(variances.clip(0).sum(), np.finfo(float).tiny)


def fitted(states: Array, shown: Array | slice, readout: Array | None) -> dict[str, Array]:
    """What of ``LayerStates`` follows from ``states`` (n, units) alone, float32; the cloud holds those ``shown``."""
    states = states.astype(np.float64)
    center, components, explained = principal_components(states)
    if readout is not None:  # to the right is to the positive
        components *= np.where(components @ readout < 0, -1, 1)[:, None]
    found = {
        "center": center,
        "components": components,
        "explained": explained,
        "cloud": (states[shown] - center) @ components[:3].T,
        "spread": states.std(0),
    }
    return {name: values.astype(np.float32) for name, values in found.items()}


def states_of(traces: Sequence[Trace], place: int) -> LayerStates:
    """One layer's states in some readings by one network, at least one; labels are the network's own verdicts."""
    name = traces[0].layers[place].name
    states = np.concatenate([trace.layers[place].hidden_states for trace in traces])
    sides = np.concatenate([np.full(len(trace.tokens), trace.probability >= 0.5) for trace in traces])
    read = np.concatenate([np.arange(1, len(trace.tokens) + 1) / len(trace.tokens) for trace in traces])
    kept = np.unique(np.linspace(0, len(states) - 1, MOST_STATES).astype(int))
    states, sides, read = states[kept], sides[kept], read[kept]
    weights = readout(traces[0], place)
    units = states.shape[1]
    nothing, none = np.full((units, 0), np.nan, np.float32), np.full((units, 0), -1)
    return LayerStates(
        name,
        cloud_labels=sides.astype(np.uint8),
        cloud_places=read.astype(np.float32),
        readout=weights,
        raising=none,
        rise=nothing,
        lowering=none,
        fall=nothing,
        of=f"{len(traces):,} texts read here",
        **fitted(states, slice(None), weights),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """States in the order the layer read them, the one before its first word included.

    Attributes:
        words: (timesteps,) word positions in reading order; a backward layer begins with the last word.
        states: (timesteps + 1, units); row 0 is the state before any word, zero or what padding in front left, row i
            the state after ``words[i − 1]``.
        points: (timesteps + 1, k), ``states`` in the coordinates of the first components.
    """

    words: Array
    states: Array
    points: Array

    @property
    def moved(self) -> Array:
        """How far each word moved the state, over all units, (timesteps,)."""
        return np.asarray(np.linalg.norm(np.diff(self.states, axis=0), axis=1))

    def after(self, word: int) -> int:
        """The row of ``states`` and ``points`` after a word."""
        return int(np.flatnonzero(self.words == word)[0]) + 1


def path_of(view: View, space: LayerStates, hidden: Array | None = None) -> Path:
    """The path of the layer looked at; ``hidden`` (timesteps, units) stands in for its own states."""
    hidden = view.layer.hidden_states if hidden is None else hidden
    words = np.arange(len(hidden))[:: -1 if view.layer.direction == "backward" else 1]
    states = np.concatenate([state_before(view.trace, view.place)[None], hidden[words]])
    return Path(words, states, space.project(states, min(3, len(space.components))))
