"""What the padding did that a network read in front of the words: how far it had gone before the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.explain import running as explain
from models.nn.network import Network
from models.sentiment import Trace
from models.text import PADDING


@dataclass(frozen=True, slots=True)
class Effect:
    """What ``timesteps`` of padding in front did to one verdict; all logits in nats.

    Attributes:
        logit: the verdict after the padding, before the first word; None where the network also reads from the end.
        credit: what the padding added to the logit; a part of ``Trace.bias``.
        without: the logit of the same words, read with no padding at all.
    """

    timesteps: int
    logit: float | None
    credit: float
    without: float


def effect(network: Network, trace: Trace) -> Effect | None:
    """What the padding did in this reading; None where there was none. Costs one more reading of the words."""
    if not trace.padding:
        return None
    top = trace.readings[-1]
    timesteps = len(top[0].hidden_states)
    straight = network.linear_at(network.pooled(top, np.array([timesteps])))
    ids = np.array([[token.id] for token in trace.tokens])
    length = np.array([len(ids)])
    without = network.final_logits(network.read(ids, length)[-1], length)
    logit = None
    if network.streams:
        logit = float(explain.running_logits(network, top[0].hidden_states[: trace.padding, 0])[-1])
    return Effect(trace.padding, logit, trace.bias - straight.bias, float(without[0]))


def filled(ids: Sequence[int], length: int, where: Literal["pre", "post"]) -> list[int]:
    """Ids filled up to ``length``, in front ("pre") or behind ("post"), as by Keras's ``pad_sequences``.

    Of a longer text the last ones are kept, which is what ``pad_sequences`` does too.
    """
    kept = list(ids)[-length:]
    padding = [PADDING] * (length - len(kept))
    return [*padding, *kept] if where == "pre" else [*kept, *padding]
