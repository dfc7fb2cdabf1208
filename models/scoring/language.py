"""Whether a review is in a language that the networks never read: they learnt from English film reviews.

Most of its words are then out of vocabulary. French, Spanish and others share so many short words with the vocabulary
(from titles and quotations) that this alone does not show it: their commonest words are counted against the English.
"""

from __future__ import annotations

from collections.abc import Sequence

UNKNOWN = "most of its words are unknown to the model"
FOREIGN = "it does not seem to be in English"
_FEWEST = 5  # words: of fewer, only their being unknown counts

_ENGLISH = frozenset(
    "the and of to is it i this that was with for but you not are be have on as he his her they at by from an so all "
    "my we she or who what just very its it's if about like more when there no out up would really don't".split()
)
# Written as the tokenizer writes them, without accents; none of them is a common English word.
_OTHERS = frozenset(
    "le les des du et est une un que qui dans pour pas je c'est tres avec sur ce cette mais au aux il elle nous "
    "el los las una es que en y por con para pero muy esta este del su lo se "
    "il della di che non per una sono questo e la gli dei molto anche piu "
    "o os um uma nao muito com para e mas filme do da no na "
    "der das und ist ein eine nicht ich mit es auf sehr von den dem zu wie war aber auch "
    "het een en van niet ik dat maar zijn met voor heel "
    "det och ar jag inte som pa en ett med den og ikke jeg er til av "
    "ve bir bu cok icin ama ile da de "
    "yang dan ini itu tidak sangat dengan di "
    "i w na nie sie jest to z ale film bardzo".split()
) - (_ENGLISH | {"i", "a", "o", "e", "no", "as", "do", "to", "on", "film", "den", "z", "w", "y", "per", "en", "la"})


def foreign(words: Sequence[str]) -> bool:
    """Whether common words of other languages outnumber the English ones clearly; ``words``: keys of the tokens."""
    if len(words) < _FEWEST:
        return False
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    return others >= 2 and others > 2 * english and others >= 0.12 * len(words)
