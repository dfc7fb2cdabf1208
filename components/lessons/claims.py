"""The sentences that the lessons say of their numbers: each holds for whatever the numbers are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from components.ui.format import signed
from models.explain.distance import COUNTS, PRAISE, Distance
from models.wording import listed

Array = np.ndarray
_SEEN = 0.01  # of P(positive): less is no difference to speak of


def orders(found: Mapping[str, Array]) -> str:
    """What the order alone makes of P(positive): (versions,) of every network, by its title."""
    most = max(found, key=lambda title: float(np.ptp(found[title])))
    low, high = found[most].min(), found[most].max()
    if high - low < _SEEN:
        return "To these words their order makes next to no difference: no network moves by a hundredth."
    return (
        f"The same words, and yet the {most} gives them P(positive) from {low:.2f} to {high:.2f}, depending on their "
        "order alone."
    )


def without_a_word(found: Array, title: str, word: str) -> str:
    """What leaving a word out does: P(positive) of the sentence, then without each word, (1 + words,)."""
    moved = np.abs(found[1:] - found[0])
    most = int(moved.argmax())
    if moved[most] < _SEEN:
        return f"No word alone moves the {title} by a hundredth."
    return (
        f"Without {word} the {title} goes from {found[0]:.2f} to {found[most + 1]:.2f}, further than without any other "
        "word."
    )


def over_200_words(carried: Mapping[str, Distance]) -> str:
    """What becomes of the gradient on its way from the last word back to the first."""
    parts = [f"the {title}’s {_becomes(found.first_of_last)}" for title, found in carried.items()]
    sentence = f"On its way back over {len(next(iter(carried.values())).gradient)} words {listed(parts)}."
    simple, *others = carried.values()
    if simple.first_of_last < 0.01 * min(other.first_of_last for other in others):
        return f"{sentence} So the gates keep what the SimpleRNN loses."
    if simple.first_of_last >= 1:
        return f"{sentence} A gradient that is still there is not yet a memory: see the next step."
    return sentence


def behind_neutral_words(carried: Mapping[str, Distance]) -> str:
    """Where P(positive) of the praise ends, and what is left of the difference between praise and blame."""
    ends = [f"{found.praise[0]:.2f} to {found.praise[-1]:.2f} ({title})" for title, found in carried.items()]
    left = {title: float(found.praise[-1] - found.blame[-1]) for title, found in carried.items()}
    remainders = [f"{signed(value)} ({title})" for title, value in left.items()]
    moved = {title: abs(float(found.praise[-1] - found.praise[0])) for title, found in carried.items()}
    worst, best = max(moved, key=moved.__getitem__), max(left, key=left.__getitem__)
    return (
        f"Behind {COUNTS[-1]} such words P(positive) of “{PRAISE}” goes from {listed(ends)}: the {worst} ends furthest "
        f"from where it began. What is left of the difference to “a terrible film”: {listed(remainders)}, most in the "
        f"{best}."
    )


def _becomes(ratio: float) -> str:
    if 0.9 <= ratio <= 1.1:
        return "stays about the same"
    if ratio > 1:
        return f"grows {ratio:.2g}-fold"
    return f"falls to {ratio:.2g} of it" if ratio >= 0.001 else f"falls to {ratio:.0e} of it"
