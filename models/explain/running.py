"""Where a verdict came from: the logit taken apart, word by word."""

from __future__ import annotations

import numpy as np

from models.nn.cells import Reading
from models.nn.network import Network

Array = np.ndarray


def running_logits(network: Network, states: Array) -> Array:
    """The output layer applied after every word, (timesteps,), from a forward layer's states (timesteps, units)."""
    if network.hidden is not None:
        return network.logits(np.concatenate([_so_far(kind, states) for kind in network.pooling], -1))
    logits = np.full(len(states), network.bias, np.float32)
    for kind in network.pooling:
        weights = network.weights[network.block(kind)]
        if kind == "max":
            logits += _so_far(kind, states) @ weights
        else:  # weighing and taking the mean can change places, and then there is one number a timestep to add up
            logits += _so_far(kind, states @ weights)
    return logits


def _so_far(kind: str, values: Array) -> Array:
    """What a pooling makes of ``values`` (timesteps, …) up to and including each timestep."""
    if kind == "last":
        return values
    if kind == "max":
        return _largest_so_far(values)
    count = np.arange(1, len(values) + 1, dtype=np.float32)
    return np.asarray(values.cumsum(0) / count.reshape(-1, *[1] * (values.ndim - 1)))


def _largest_so_far(values: Array) -> Array:
    """``np.maximum.accumulate`` over the timesteps, several times faster: every pass looks back twice as far."""
    largest, reach = values, 1
    while reach < len(values):
        further = largest.copy()
        np.maximum(largest[reach:], largest[:-reach], further[reach:])
        largest, reach = further, 2 * reach
    return largest


def contributions(network: Network, top: tuple[Reading, Reading | None]) -> Array:
    """What each word of one review adds to the logit, (timesteps,); with the output layer's bias they sum to it.

    The logit is linear in what the output layer sees (of a network with a relu layer before it, pass
    ``network.linear_at``), so it can be taken apart exactly. A word is credited with

    - *last* state: w · (h_t − h_{t−1}), how far the word moved the state along the readout (for a layer that reads
      from the end, from the state after the word that follows); a telescoping sum, as in Murdoch & Szlam 2017,
      "Automatic Rule Extraction from Long Short Term Memory Networks";
    - *mean* of states: w · h_t / timesteps, its own share of the mean;
    - *max* of states: w_u · h_{t,u} for every unit u whose maximum it holds (the first word, in a tie).

    A word's credit contains everything the network still knew when it read it: it is no claim about the word alone.
    """
    total = np.zeros(len(top[0].hidden_states), np.float32)
    offset = 0
    for backward, reading in enumerate(top):
        if reading is None:
            continue
        states = reading.hidden_states[:, 0]
        units = slice(offset, offset + states.shape[1])
        offset += states.shape[1]
        for kind in network.pooling:
            weights = network.weights[network.block(kind)][units]
            if kind == "last":
                along = states @ weights
                total += along
                if backward:
                    total[:-1] -= along[1:]
                else:
                    total[1:] -= along[:-1]
            elif kind == "mean":
                total += states @ weights / len(states)
            else:
                holder = states.argmax(0)
                np.add.at(total, holder, weights * states[holder, np.arange(len(holder))])
    return total
