"""What the networks made to be compared remember of one review: their gradients on the words of the chosen reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.session import reading as readings
from components.session import resources
from models.card import ModelCard, compared_with
from models.errors import ArtifactError, EmptyReview, UnknownModel
from models.explain.memory import Fading, Line, Quantity
from models.explain.view import View, readout
from models.nn.gradients import Gradients, LayerGradients, gradients
from models.sentiment import SentimentModel, Trace

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Remembering:
    """One model, its reading of the review and the gradients of its verdict."""

    card: ModelCard
    model: SentimentModel
    trace: Trace
    found: Gradients

    @property
    def of_trio(self) -> bool:
        """Whether it is one of the three made to be compared."""
        return self.card.part in ("trio", "plain")

    @property
    def top(self) -> LayerGradients:
        """The gradients of the forward layer that the verdict is read from."""
        return [layer for layer in self.found.layers if layer.direction == "forward"][-1]

    def place(self, view: View) -> int | None:
        """Where this model read the word under the cursor; None if it did not."""
        starts = [token.start for token in self.trace.tokens]
        return starts.index(view.token.start) if view.token.start in starts else None


def remembering(card: ModelCard, trace: Trace, review: str) -> list[Remembering]:
    """The trio, in order, then the chosen model if it is another one; beside a plain one the plain trio.

    A damaged model is left out.
    """
    found = []
    on_shelf = [one.name for one in resources.shelf_cards()]
    for name in dict.fromkeys([*(name for name in compared_with(card.part) if name in on_shelf), card.name]):
        try:
            model = resources.model(name)
            read = trace if name == card.name else readings.trace_of(name, review)
        except (ArtifactError, EmptyReview, UnknownModel):
            continue
        found.append(Remembering(model.card, model, read, gradients(model.network, read)))
    return found


def gradient_lines(models: Sequence[Remembering], view: View) -> list[Line]:
    """‖gradient through time‖ of every network's top layer on the words of ``view``; both directions of one with two.

    Of a layer that reads from the end, the state read last is the one at the first word.
    """
    lines = []
    for one in models:
        top = [place for place in range(len(one.trace.layers)) if readout(one.trace, place) is not None]
        for place in top:
            layer = one.found.layers[place]
            direction = None if one.of_trio else layer.direction
            name = f"{one.card.title}, {layer.direction}" if len(top) > 1 else one.card.title
            values = _on_words_of(view, one.trace, layer.norms(through_time=True))
            lines.append(Line(name, one.card.family, direction, values))
    return lines


def gradient_table(models: Sequence[Remembering], view: View) -> pd.DataFrame:
    """One row a word: through time and in all, every network and direction; unfloored."""
    table = readings.words_of(view.trace.tokens)
    for one in models:
        for layer in one.found.layers:
            name = f"{one.card.name} {layer.name}"
            table[f"{name} through_time"] = _on_words_of(view, one.trace, layer.norms(through_time=True))
            table[f"{name} total"] = _on_words_of(view, one.trace, layer.norms())
    return table


def fading_lines(models: Sequence[Remembering], found: Sequence[Fading], quantity: Quantity) -> list[Line]:
    """One line a network; of a bidirectional one the forward direction, which has to carry the word over the filler."""
    return [
        Line(one.card.title, one.card.family, None if one.of_trio else "forward", faded.line(quantity))
        for one, faded in zip(models, found, strict=True)
    ]


def fading_table(models: Sequence[Remembering], found: Sequence[Fading]) -> pd.DataFrame:
    """One row a model and number of filler words."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "model": one.card.name,
                    "filler_words": faded.counts,
                    "timesteps": faded.timesteps,
                    "p_positive": faded.line("probability"),
                    "through_time": faded.through_time,
                    "state_gradient": faded.state_gradient,
                    "word_gradient": faded.word_gradient,
                    "worth": faded.worth,
                }
            )
            for one, faded in zip(models, found, strict=True)
        ]
    )


def _on_words_of(view: View, trace: Trace, values: Array) -> Array:
    """One reading's values on the words of ``view``, NaN where that model read nothing (it may read less far)."""
    places = {token.start: place for place, token in enumerate(view.trace.tokens)}
    spread = np.full(len(places), np.nan)
    for token, value in zip(trace.tokens, values, strict=True):
        if token.start in places:
            spread[places[token.start]] = value
    return spread
