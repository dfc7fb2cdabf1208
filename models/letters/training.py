"""Learning, one update at a time: read, compare, go back through time, and step against the gradient.

Plain gradient descent, ``weight − learning rate · gradient``, with the gradient clipped to a length that may be set:
no momentum and no batch, so that every update can be done by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.letters import network
from models.letters.backpropagation import backward, clipped, d_logits
from models.letters.network import Weights
from models.letters.word import Word

Array = np.ndarray
UNITS = range(2, 9)
DEFAULT_UNITS, DEFAULT_RATE, DEFAULT_CLIP, MOST_SEED = 3, 1.0, 1.0, 9_999
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
CLIPS = (0.1, 0.3, 1.0, 3.0, 10.0, None)
LEARNT = 0.96  # P of every right answer at which learning ends
TO_THE_END = 1_000  # updates at most, at one go
_SNAPSHOTS = 32  # kept at most, for looking back
_LATELY = 20  # updates over which it is judged whether learning diverges
_SATURATED = 0.99


@dataclass(frozen=True)
class Example:
    """One sequence to learn: which letters go in, what is right after each of them; below 0: nothing is asked."""

    letters: tuple[int, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Settings:
    """How a network is made and taught.

    Attributes:
        cell: one of ``network.CELLS``; units: numbers in its state; seed: of its first weights.
        rate: the learning rate; clip: the longest gradient, None for no clipping.
    """

    cell: str = "SimpleRNN"
    units: int = DEFAULT_UNITS
    seed: int = 1
    rate: float = DEFAULT_RATE
    clip: float | None = DEFAULT_CLIP


@dataclass
class Run:
    """A network while it learns.

    Attributes:
        weights: as they are now.
        losses: before the first update, and after each.
        norms: how long each update's gradient was before clipping.
        snapshots: (update, all weights as float32) to look back at; the first and the last are always there.
        edited: updates at which somebody set the weights by hand.
        spells: the characters of the word it learns, if it learns one.
        least: P of the right answer that is least sure; gradient: of all weights. Both of the weights as they are.
    """

    settings: Settings
    examples: tuple[Example, ...]
    letters: int
    outputs: int
    weights: Weights
    losses: list[float] = field(default_factory=list)
    norms: list[float] = field(default_factory=list)
    snapshots: list[tuple[int, Array]] = field(default_factory=list)
    edited: list[int] = field(default_factory=list)
    spells: tuple[str, ...] = ()
    least: float = 0.0
    gradient: Array = field(default_factory=lambda: np.zeros(0))

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return len(self.norms)

    @property
    def learnt(self) -> bool:
        """Whether every right answer has come to ``LEARNT``."""
        return self.least >= LEARNT

    @property
    def even(self) -> float:
        """The loss of who gives every answer the same probability."""
        return float(np.log(self.outputs))

    @property
    def diverged(self) -> bool:
        """Whether the loss of the last updates is worse than even guessing."""
        lately = self.losses[-_LATELY:]
        return self.updates >= _LATELY and float(np.median(lately)) > 1.1 * self.even

    def update(self, times: int = 1) -> None:
        """Make so many updates, learnt or not."""
        for _ in range(times):
            self._step()
        self._look()

    def to_the_end(self, most: int = TO_THE_END) -> None:
        """Learn until it is learnt, at most ``most`` updates."""
        for _ in range(most):
            if self.learnt:
                break
            self._step()
        self._look()

    def set_weights(self, flat: Sequence[float]) -> None:
        """Go on from weights that somebody set by hand.

        Raises:
            ValueError: if they are not as many finite numbers as this network has.
        """
        given = np.asarray(flat, float)
        if given.shape != self.weights.flat().shape or not np.isfinite(given).all():
            raise ValueError("not this network's weights")
        self.weights = self.weights.filled(given)
        self.edited.append(self.updates)
        self.snapshots = [shot for shot in self.snapshots if shot[0] != self.updates]
        self.losses.pop()
        self._measure()
        self._look()

    def saturated(self) -> float:
        """The share of all states whose tanh is nearly flat: beyond ±0.99."""
        states = [network.forward(self.settings.cell, self.weights, e.letters).states[1:] for e in self.examples]
        return float((np.abs(np.concatenate(states)) > _SATURATED).mean())

    def _step(self) -> None:
        gradient, norm = clipped(self.gradient, self.settings.clip)
        self.weights = self.weights.filled(self.weights.flat() - self.settings.rate * gradient)
        self.norms.append(norm)
        self._measure()
        if self.updates % max(1, 2 ** int(np.log2(max(1, self.updates / 8)))) == 0:
            self._look()

    def _measure(self) -> None:
        loss, self.gradient, self.least = measure(self.settings.cell, self.weights, self.examples)
        self.losses.append(loss)

    def _look(self) -> None:
        """Keep these weights; of too many kept every second one goes."""
        now = (self.updates, self.weights.flat().astype(np.float32))
        if not self.snapshots or self.snapshots[-1][0] != self.updates:
            self.snapshots.append(now)
        if len(self.snapshots) > _SNAPSHOTS:
            self.snapshots = [*self.snapshots[:-1:2], self.snapshots[-1]]


def measure(cell: str, weights: Weights, examples: Sequence[Example]) -> tuple[float, Array, float]:
    """The mean loss of some sequences, its gradient as one row, and the least P of a right answer."""
    losses, gradients, least = [], [], 1.0
    for example in examples:
        reading = network.forward(cell, weights, example.letters)
        losses.append(network.loss(reading, example.targets))
        gradients.append(backward(cell, weights, reading, d_logits(reading, example.targets)).weights.flat())
        right = [reading.probabilities[t, target] for t, target in enumerate(example.targets) if target >= 0]
        least = min(least, *map(float, right))
    return float(np.mean(losses)), np.asarray(np.mean(gradients, axis=0)), least


def begin(settings: Settings, examples: Sequence[Example], letters: int, outputs: int) -> Run:
    """A network that has learnt nothing yet."""
    weights = network.start(settings.cell, letters, settings.units, outputs, settings.seed)
    run = Run(settings, tuple(examples), letters, outputs, weights)
    run._measure()
    run._look()
    return run


def spell(settings: Settings, word: Word) -> Run:
    """A network that is to say the next letter of ``word`` after every letter."""
    count = len(word.vocabulary)
    run = begin(settings, [Example(word.read, word.following)], count, count)
    run.spells = word.characters
    return run


def alike(run: Run, cell: str, word: Word, kept: Run | None = None) -> Run:
    """A network of another cell, taught as ``run`` was; ``kept``, made before, goes on if it is the same."""
    wanted = replace(run.settings, cell=cell)
    if kept is None or kept.settings != wanted or kept.spells != word.characters or kept.updates > run.updates:
        kept = spell(wanted, word)
    if kept.updates < run.updates:
        kept.update(run.updates - kept.updates)
    return kept
