"""State space of a network without saved states: worked out from the texts that it has read here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.explain.state_space import LayerStates, fitted
from models.explain.view import readout
from models.sentiment import Trace

MOST_STATES = 4_000


def layer_states(traces: Sequence[Trace], place: int) -> LayerStates:
    """Principal components of one layer's states in some readings; ``cloud_labels`` are the network's own verdicts.

    Args:
        traces: at least one, all of the same network.
        place: of the layer, as in ``Trace.layers``.
    """
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
