"""The short texts that networks are tried on, all together."""

from __future__ import annotations

from models.compare import challenges

TEXTS = [
    *(text for pair in challenges.pairs() for text in (pair.original, pair.edited)),
    *(single.text for single in challenges.singles()),
    *(opinion.text for opinion in challenges.opinions()),
    *(text for swap in challenges.swaps() for text in swap.texts),
]
