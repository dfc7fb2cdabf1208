"""What can be said exactly of a verdict whose head is not straight: credits that sum to the logit, and slopes.

A word's credit is how far the head's logit moves when that word's states join those of the words read before it. With
two directions there are two orders of putting them in (forward first or backward first); the mean of both is taken.
Of a straight head on last states these are the credits of ``models.explain.running``.
"""

from __future__ import annotations

import numpy as np

from models.foreign.general import GeneralNetwork, Run, applied
from models.foreign.stages import Masking, Reduce

Array = np.ndarray
_AT_ONCE = 4_000_000  # numbers of states that the head is asked about at once


def running_logits(network: GeneralNetwork, run: Run, words: slice) -> Array | None:
    """The logit if the text ended after each word, (words,); None where the network does not walk word by word.

    None too where padding behind the words is read, a layer takes every timestep in its own place, or states are
    skipped before they are pooled.
    """
    head, states = network.plan.head(), run.readings[-1][0].hidden_states[:, 0]
    timesteps = len(states)
    padding_read = words.stop < timesteps and (run.mask is None or run.mask[words.stop :].any())
    if not network.streams or padding_read:
        return None
    if any(isinstance(stage, Masking) or (isinstance(stage, Reduce) and stage.kind == "flatten") for stage in head):
        return None
    if not network.plan.recurrent[-1].sequences:
        return network.head([states[words]], None)
    x: Array = states
    place, pool = next((place, stage) for place, stage in enumerate(head) if isinstance(stage, Reduce))
    for stage in head[:place]:
        x, _ = applied(stage, x, None)
    if pool.kind == "max":
        x = np.maximum.accumulate(x, 0)
    else:
        real = np.ones(timesteps, bool) if run.mask is None else run.mask[:, 0]
        x = np.cumsum(x * real[:, None], 0) / np.maximum(np.cumsum(real), 1)[:, None].astype(np.float32)
    x = x[words]
    for stage in head[place + 1 :]:
        x, _ = applied(stage, x, None)
    # A maximum over padding behind the words, which repeats their last state, is that of the words alone, or it is not.
    ends = pool.kind == "mean" or words.stop == timesteps or np.isclose(x[-1, 0], run.logits[0], atol=1e-5)
    return np.asarray(x[:, 0], np.float32) if ends else None


def contributions(network: GeneralNetwork, run: Run) -> Array:
    """What each timestep adds to the logit, (timesteps,); with the logit of no state at all they sum to the logit."""
    forward, backward = run.readings[-1]
    first = _walked(network, forward.hidden_states[:, 0], run, 0)
    if backward is None:
        return _walked(network, np.diff(_along(network, run, [first], 0, [])), run, 0)
    second = _walked(network, backward.hidden_states[:, 0], run, 1)
    both = [first, second]
    ahead = np.diff(_along(network, run, both, 0, [])) + np.diff(_along(network, run, both, 0, [1]))
    behind = np.diff(_along(network, run, both, 1, [])) + np.diff(_along(network, run, both, 1, [0]))
    return np.asarray(_walked(network, ahead / 2, run, 0) + _walked(network, behind / 2, run, 1))


def nothing(network: GeneralNetwork, run: Run) -> float:
    """The head's logit where every state is zero."""
    parts = [np.zeros_like(reading.hidden_states) for reading in run.readings[-1] if reading is not None]
    if not network.plan.recurrent[-1].sequences:
        parts = [part[0] for part in parts]
    return float(network.head(parts, run.mask)[0])


def slopes(network: GeneralNetwork, run: Run) -> Array:
    """How the logit moves with each unit of the top layer, (units,), raised alike at all timesteps that count."""
    parts = [reading.hidden_states for reading in run.readings[-1] if reading is not None]
    parts = [part[::-1] if run.flipped else part for part in parts]
    top = network.plan.recurrent[-1]
    if not top.sequences:
        parts = top.last(parts)
    found = []
    for which, part in enumerate(parts):
        step = np.float32(1e-2)
        for unit in range(part.shape[-1]):
            sides = []
            for sign in (step, -step):
                moved = [other.copy() if i == which else other for i, other in enumerate(parts)]
                moved[which][..., unit] += sign
                sides.append(float(network.head(moved, run.mask)[0]))
            found.append((sides[0] - sides[1]) / (2 * float(step)))
    return np.array(found, np.float32)


def _walked(network: GeneralNetwork, states: Array, run: Run, which: int) -> Array:
    """States (timesteps, units) in the order in which the layer made them; values in that order back in the text's."""
    turned = run.flipped ^ network.plan.recurrent[-1].backwards[which]
    return states[::-1] if turned else states


def _along(network: GeneralNetwork, run: Run, parts: list[Array], which: int, complete: list[int]) -> Array:
    """The head's logits with 0, 1, … timesteps of one direction there, the ``complete`` others whole, (timesteps + 1,).

    ``parts`` are in the order of walking; what is not there is zero.
    """
    top = network.plan.recurrent[-1]
    timesteps, n = len(parts[0]), len(parts[0]) + 1
    if not top.sequences:
        given = [np.zeros((n, part.shape[1]), np.float32) for part in parts]
        given[which][1:] = parts[which]
        for other in complete:
            given[other][:] = parts[other][-1]
        return network.head(given, None).astype(np.float64)
    logits = np.empty(n)
    size = max(1, _AT_ONCE // (timesteps * sum(part.shape[1] for part in parts)))
    for start in range(0, n, size):
        counts = np.arange(start, min(n, start + size))
        given = []
        for i, part in enumerate(parts):
            there = np.arange(timesteps)[:, None] < counts if i == which else np.full((timesteps, 1), i in complete)
            block = np.where(there[..., None], part[:, None], np.float32(0))
            block = np.broadcast_to(block, (timesteps, len(counts), part.shape[1]))
            given.append(block[::-1] if top.backwards[i] else block)
        mask = None if run.mask is None else np.broadcast_to(run.mask, (timesteps, len(counts)))
        logits[counts] = network.head(given, mask)
    return logits
