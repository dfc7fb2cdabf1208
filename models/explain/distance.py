"""How far a network carries what it has read: one review of 200 words, and one verdict behind words without an opinion.

The same texts for every network, so that figures can stand side by side: on the page and in the model cards.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from models.card_facts import Memory
from models.examples import BY_NAME
from models.explain.memory import FILLERS
from models.nn.gradients import gradients
from models.sentiment import SentimentModel
from models.text import spans

Array = np.ndarray
WORDS = 200
COUNTS = tuple(range(0, WORDS + 1, 20))
PRAISE, BLAME = "a wonderful film", "a terrible film"


@dataclass(frozen=True, slots=True)
class Distance:
    """What one network carries.

    Attributes:
        gradient: (words,) ‖∂logit/∂‖ of what the last layer carries at each word, by way of the states alone (c_t of an
            LSTM, h_t of the others), over the first ``WORDS`` words of our longest example.
        praise: (counts,) P(positive) of ``PRAISE`` with ``COUNTS`` words without an opinion behind it.
        blame: the same of ``BLAME``.
    """

    gradient: Array
    praise: Array
    blame: Array

    @property
    def first_of_last(self) -> float:
        """The gradient at the first word as a share of the one at the last; above 1 where it grows on its way back."""
        return float(self.gradient[0] / self.gradient[-1]) if self.gradient[-1] else 0.0

    def facts(self) -> Memory:
        """As it stands in ``card.json``."""
        return Memory(
            words=len(self.gradient),
            gradient_at_last=float(f"{self.gradient[-1]:.4g}"),
            gradient_at_first=float(f"{self.gradient[0]:.4g}"),
            neutral_words=COUNTS,
            praise=tuple(round(float(p), 4) for p in self.praise),
            blame=tuple(round(float(p), 4) for p in self.blame),
        )


def review() -> str:
    """The first 200 words of our longest example."""
    text = BY_NAME["long"].text
    return text[: next(islice(spans(text), WORDS - 1, None))[1]]


def behind(text: str, count: int) -> str:
    """``text`` and, behind it, so many words without an opinion."""
    return " ".join([text, *(FILLERS[place % len(FILLERS)] for place in range(count))])


def measure(model: SentimentModel) -> Distance:
    """Read the texts (about 20 ms)."""
    top = gradients(model.network, model.trace(review())).layers[-1]
    praise, blame = (model.predict([behind(text, count) for count in COUNTS]) for text in (PRAISE, BLAME))
    return Distance(top.norms(through_time=True), praise, blame)
