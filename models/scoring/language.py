"""Whether a review is in a language that the networks never read: they learnt from English film reviews.

Most of its words are then out of vocabulary. French, Spanish and others share so many short words with the vocabulary
(from titles and quotations) that this alone does not show it: their commonest words are counted against the English.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.word_lists import word_lists

UNKNOWN = "most of its words are unknown to the model"
FOREIGN = "it does not seem to be in English"
_FEWEST = 5  # words: of fewer, only their being unknown counts

# The commonest words of English, then of other languages, one or two a line: written as the tokenizer writes them,
# without accents, and none of the others a common English word.
_WORDS = word_lists(Path(__file__).with_suffix(".txt"))
_ENGLISH, _OTHERS = frozenset(_WORDS["english"]), frozenset(_WORDS["others"])


def foreign(words: Sequence[str]) -> bool:
    """Whether common words of other languages outnumber the English ones clearly; ``words``: keys of the tokens."""
    if len(words) < _FEWEST:
        return False
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    return others >= 2 and others > 2 * english and others >= 0.12 * len(words)
