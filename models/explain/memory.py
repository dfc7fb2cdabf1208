"""How long a network remembers a word: words that say nothing are put behind it, more and more of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.explain.attribution import ids_of
from models.nn.cells import sigmoid
from models.nn.gradients import Gradients, gradients, norms
from models.sentiment import SentimentModel
from models.text import OUT_OF_VOCABULARY

Array = np.ndarray
Quantity = Literal["probability", "gradient"]

# Frequent, neutral words in something like a sentence, repeated as often as needed. After "The
# film" 20 and more of them move a verdict by about half a nat at most.
FILLERS = (
    "going", "out", "to", "a", "place", "at", "the", "same", "time", "by", "the", "way", "where", "they", "have", "to",
    "come", "over", "and", "set", "some", "of", "them", "away",
)  # fmt: skip
COUNTS = (0, 5, 10, 20, 40, 80, 160, 320)


@dataclass(frozen=True, slots=True)
class Fading:
    """One word under more and more filler words behind it; all arrays (counts,).

    Attributes:
        counts: filler words put directly behind the word; the rest of the review follows them.
        timesteps: words read in all.
        logits: of the verdict, nats.
        worth: the logit minus the logit with the word replaced by the out-of-vocabulary word: what it still does.
        word_gradient: ‖∂logit/∂x‖ at the word's vector.
        state_gradient: ‖∂logit/∂‖ of what the layer carries there: c_t for an LSTM, h_t for the others.
        through_time: the same of the last state's readout alone (see ``LayerGradients.through_time``); differs from
            ``state_gradient`` where the readout is pooled.
    """

    counts: Array
    timesteps: Array
    logits: Array
    worth: Array
    word_gradient: Array
    state_gradient: Array
    through_time: Array

    def line(self, quantity: Quantity) -> Array:
        """(counts,) P(positive), or the gradient that reaches the word's state through the recurrence."""
        return self.through_time if quantity == "gradient" else sigmoid(self.logits)


@dataclass(frozen=True, slots=True)
class Line:
    """One model's line, or one direction of it.

    Attributes:
        name: for the legend and sentences.
        family: of the cell; gives the colour.
        direction: of the layer; None for the models made to be compared, which all read forward.
        values: positive, (words,) or (counts,), NaN where the model read nothing; unfloored.
    """

    name: str
    family: str
    direction: Literal["forward", "backward"] | None
    values: Array


def fading(
    model: SentimentModel,
    review: str,
    timestep: int,
    counts: Sequence[int] = COUNTS,
    fillers: Sequence[str] = FILLERS,
) -> Fading:
    """Put filler words behind the word at ``timestep`` of ``review`` (0-based) and read again.

    Counts with which the review no longer fits into what the model reads are left out. Of several layers the top
    forward one is looked at.

    Raises:
        EmptyReview: if there is no word to read.
        IndexError: if the model reads no word at ``timestep``.
    """
    trace = model.trace(review)
    if not 0 <= timestep < len(trace.tokens):
        raise IndexError(f"no word at timestep {timestep}")
    spans = [(token.start, token.end) for token in trace.tokens]
    room = model.card.max_timesteps - len(spans)
    fitting = [n for n in counts if 0 <= n <= room]
    end = spans[timestep][1]
    top = max(place for place, layer in enumerate(trace.layers) if layer.direction == "forward")
    rows, documents = [], []
    for n in fitting:
        between = " ".join(fillers[i % len(fillers)] for i in range(n))
        longer = model.trace(f"{review[:end]} {between} {review[end : spans[-1][1]]}") if n else trace
        found = gradients(model.network, longer)
        rows.append((len(longer.tokens), longer.logit, *_norms_at(found, top, timestep)))
        ids = ids_of(longer)
        ids[longer.padding + timestep] = OUT_OF_VOCABULARY
        documents.append(ids)
    without = model.logits_of_ids(documents)
    timesteps, logits, word, state, through = (np.array(column) for column in zip(*rows, strict=True))
    return Fading(np.array(fitting), timesteps, logits, logits - without, word, state, through)


def _norms_at(found: Gradients, place: int, timestep: int) -> tuple[float, float, float]:
    layer = found.layers[place]
    return (
        float(norms(found.word_vectors[timestep])),
        float(layer.norms()[timestep]),
        float(layer.norms(through_time=True)[timestep]),
    )
