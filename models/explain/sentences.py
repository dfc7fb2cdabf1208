"""A reading by its sentences: where each begins and ends among the words, and what its words did together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np

from models.text import Token, has_words

# What ends a sentence: a full stop, a question or exclamation mark, and white space behind it; or a new line.
_END = re.compile(r"[.!?…][^\s]*\s|\n|<br")


def sentences(review: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """``(start, stop)`` of every sentence, counted in tokens; together they hold all of them, in order."""
    # Some networks read a question mark as a word of its own.
    ends = [
        place + 1
        for place, (token, after) in enumerate(itertools.pairwise(tokens))
        if _END.search(review[token.end if has_words([token]) else token.start : after.start])
    ]
    bounds = [0, *ends, len(tokens)]
    return list(itertools.pairwise(bounds))


def totals(values: np.ndarray, found: Sequence[tuple[int, int]]) -> np.ndarray:
    """The sum of ``values`` (timesteps,) over each sentence, (sentences,)."""
    return np.array([np.float64(values[start:stop]).sum() for start, stop in found])
