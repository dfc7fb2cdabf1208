"""Our example reviews as the network read them after every epoch of its training: ``growth.npz``.

Written by ``models.training.report.growth``; here it is read. The output layer of every epoch is calibrated like the
finished model's, so that epochs can be compared, and the epoch that was kept reads exactly like the model on the shelf.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.artifacts import read_arrays
from models.card import ModelCard
from models.errors import ArtifactError
from models.examples import BY_NAME
from models.nn.cells import sigmoid
from models.text import Token, Vocabulary

Array = np.ndarray

FILE = "growth.npz"


@dataclass(frozen=True, slots=True, eq=False)
class ReviewGrowth:
    """One example review, epoch by epoch.

    Attributes:
        name: as in ``examples.BY_NAME``.
        tokens: the words read, as a trace has them.
        logits: (epochs,) of the verdict, nats.
        running_logits: (epochs, timesteps); None where the network also reads from the end.
        hidden_states: of every saved layer, (epochs, timesteps, units), −1…1, half precision; where
            they would be too large, rounded to 1/256.
    """

    name: str
    tokens: tuple[Token, ...]
    logits: Array
    running_logits: Array | None
    hidden_states: tuple[Array, ...]

    @property
    def probabilities(self) -> Array:
        """P(positive) of the verdict, (epochs,)."""
        return sigmoid(self.logits)

    @property
    def running_probabilities(self) -> Array | None:
        """P(positive) after every word, (epochs, timesteps)."""
        return None if self.running_logits is None else sigmoid(self.running_logits)


@dataclass(frozen=True, slots=True)
class Growth:
    """A network growing up.

    Attributes:
        epochs: their numbers, from 1, as in ``history.csv``.
        kept: the epoch whose weights the model on the shelf has.
        layers: names of the saved layers, as in ``LayerTrace``; the top ones only where all would be too large.
        reviews: by name.
    """

    epochs: tuple[int, ...]
    kept: int
    layers: tuple[str, ...]
    reviews: dict[str, ReviewGrowth]


def load_growth(card: ModelCard, vocabulary: Vocabulary) -> Growth:
    """Read a model's ``growth.npz``. An example that has been rewritten since is left out.

    Raises:
        ArtifactError: if it is missing or damaged, or no example is left.
    """
    arrays = read_arrays(card, FILE)
    try:
        layers = tuple(str(name) for name in arrays["layers"])
        epochs = tuple(int(epoch) for epoch in arrays["epochs"])
        reviews = {}
        for name in map(str, arrays["reviews"]):
            tokens = card.cut(vocabulary.tokenize(BY_NAME[name].text))[0] if name in BY_NAME else ()
            ids = arrays[f"{name}/ids"]
            if [token.id for token in tokens] == ids.tolist():
                reviews[name] = _review(name, tokens, len(epochs), len(layers), arrays)
        if not reviews:
            raise ValueError("none of its reviews is an example any more")
        return Growth(epochs, int(arrays["kept"]), layers, reviews)
    except (KeyError, ValueError, TypeError) as error:
        raise ArtifactError(card.name, FILE, f"it lacks something ({error})") from error


def _review(name: str, tokens: tuple[Token, ...], epochs: int, layers: int, arrays: dict[str, Array]) -> ReviewGrowth:
    states = tuple(arrays[f"{name}/states_{place}"] for place in range(layers))
    running = arrays.get(f"{name}/running_logits")
    logits = arrays[f"{name}/logits"]
    shapes = [logits.shape == (epochs,), *(values.shape[:2] == (epochs, len(tokens)) for values in states)]
    if running is not None:
        shapes.append(running.shape == (epochs, len(tokens)))
    if not all(shapes):
        raise ValueError(f"{name} is not of the shape of its epochs and words")
    return ReviewGrowth(name, tokens, logits, running, states)
