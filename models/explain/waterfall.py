"""The exact decomposition added up: from the bias over the strongest words to the logit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.explain.view import View
from models.wording import shortened

_STRONGEST = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall, from ``start`` to ``end``, nats.

    Attributes:
        label: may hold a visitor's word; escaped where it is drawn.
        kind: "word" (also all others together) or "bias" or "logit".
        timestep: 0-based, of a single word.
    """

    label: str
    start: float
    end: float
    kind: str
    timestep: int | None = None

    @property
    def value(self) -> float:
        """What the bar adds."""
        return self.end - self.start


def waterfall_steps(view: View) -> list[Step]:
    """Bias, the strongest words from the largest credit down, all other words together, and the logit they make."""
    credits, tokens = np.asarray(view.trace.contributions, np.float64), view.trace.tokens
    order = np.argsort(-np.abs(credits), kind="stable")
    strongest, others = order[:_STRONGEST], order[_STRONGEST:]
    if len(others) == 1:
        strongest, others = order, others[:0]
    level = float(view.trace.bias)
    steps = [Step("bias, padding" if view.trace.padding else "bias", 0.0, level, "bias")]
    for timestep in strongest:
        end = level + float(credits[timestep])
        label = f"{shortened(tokens[timestep].text, 16)} ({timestep + 1})"
        steps.append(Step(label, level, end, "word", int(timestep)))
        level = end
    if len(others):
        end = level + float(credits[others].sum())
        steps.append(Step(f"all {len(others):,} others", level, end, "word"))
        level = end
    steps.append(Step("logit", 0.0, level, "logit"))
    return steps
