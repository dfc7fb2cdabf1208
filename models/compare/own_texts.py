"""All texts that were written for this project, each with what it was written for: a corpus to look things up in."""

from __future__ import annotations

import functools

from models.compare import challenges
from models.examples import EXAMPLES


@functools.cache
def own_texts() -> dict[str, str]:
    """By text, what it is, in words for people: ``"example: Glowing"``, ``"contrast pair: negation"``.

    Of reviews that were edited the original alone is there: the two differ in a word or two of hundreds.
    """
    found = {example.text: f"example: {example.title}" for example in EXAMPLES}
    for pair in challenges.pairs():
        kind = challenges.PAIRS[pair.kind]
        if pair.kind == challenges.REVIEWS:
            found.setdefault(pair.original, "a whole review")
        else:
            for text in (pair.original, pair.edited):
                found.setdefault(text, f"contrast pair: {kind}")
    for single in challenges.singles():
        found.setdefault(single.text, f"single text: {challenges.SINGLES[single.kind]}")
    return found
