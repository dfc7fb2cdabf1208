"""Edits of a visitor's own text, word by word, through the offsets of its tokens.

Everything that is not edited stays as it was typed: capitals, punctuation, spacing, line breaks. Whatever an edit
makes of the text, the tokenizer finds in it exactly the words that the edit promised (``apply`` sees to it; only a
face that a word had hidden, as in ``:)a``, can come to light).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from models.text import Token, has_words, key, keys, spans

Kind = Literal["same", "replaced", "removed", "added"]

# Written for this project: what happened on the way to the cinema, without an opinion about anything.
FILLER = (
    "The screening was on a Tuesday evening, and it began at eight. We took the bus and sat in the fourth row, near "
    "the door. The hall has two hundred seats and a grey curtain. There were some trailers, and then the lights went "
    "out. The film is in colour and runs for about an hour and a half. It takes place in a town and a house, and there "
    "are four people in it. One of them has a car. After that we walked to the station and took the train."
)

_CLOSING = ".,;:!?)]}>\"'”’»…\n\r"
_OPENING = "([{<\"'“‘«-—–/"
# Comparing two long, unlike texts word by word takes too long; then frequent words are not used as anchors.
_CAREFUL = 500


@dataclass(frozen=True, slots=True)
class WordEdit:
    """One word of a review is replaced, or removed where ``after`` is None.

    Attributes:
        timestep: which token, 0-based.
        before: the token as it stands in the review.
        after: what stands there instead; may be several words ("not good").
    """

    timestep: int
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One column of two texts laid side by side: which token of each stands there, None for none."""

    before: int | None
    after: int | None
    kind: Kind


def replace(token: Token, timestep: int, word: str) -> WordEdit:
    """Put ``word`` in a token's place, with its capitals: ``Good`` → ``Bad``, ``GOOD`` → ``BAD``."""
    return WordEdit(timestep, token.text, like(word, token.text))


def remove(token: Token, timestep: int) -> WordEdit:
    """Take a token out."""
    return WordEdit(timestep, token.text, None)


def like(word: str, model: str) -> str:
    """``word`` with the capitals of ``model``: all of them, the first letter, or as it is."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def apply(review: str, tokens: Sequence[Token], edits: Iterable[WordEdit]) -> str:
    """The review with some of its tokens replaced or removed, each once; ``tokens``: all of them, or the first ones."""
    by_place = {edit.timestep: edit for edit in edits}
    text = review
    # From the end, so that the offsets in front stay true; removing only takes spaces, never a word.
    for place in sorted(by_place, reverse=True):
        token, after = tokens[place], by_place[place].after
        head, tail = text[: token.start], text[token.end :]
        text = _closed(head, tail) if after is None else head + after + tail
    expected: list[str] = []
    for place, token in enumerate(tokens):
        edit = by_place.get(place)
        expected += [key(token.text)] if edit is None else keys(edit.after or "")
    if keys(text)[: len(expected)] == expected:
        return text
    return _spaced(review, tokens, by_place)


def shuffled(tokens: Sequence[Token], seed: int) -> list[WordEdit]:
    """The words in another order, in the places of the old ones; marks and faces stay where they are."""
    places = [i for i, token in enumerate(tokens) if has_words([token])]
    order = places[:]
    random.Random(seed).shuffle(order)
    return [
        WordEdit(place, tokens[place].text, tokens[source].text)
        for place, source in zip(places, order, strict=True)
        if tokens[place].text != tokens[source].text
    ]


def with_filler(review: str, words: int) -> str:
    """``words`` words of ``FILLER``, over and over if need be, in front of the review."""
    found = list(spans(FILLER))
    rounds, rest = divmod(words, len(found))
    pieces = [FILLER] * rounds
    if rest:
        pieces.append(FILLER[: found[rest - 1][1]] + ".")
    return " ".join([*pieces, review]) if pieces else review


def aligned(before: Sequence[Token], after: Sequence[Token]) -> list[Pair]:
    """Lay two texts side by side, so that equal words stand in one column and the fewest are called different.

    A text that is only the other one in a new order is compared place by place.
    """
    old, new = [key(token.text) for token in before], [key(token.text) for token in after]
    if len(old) == len(new) and sorted(old) == sorted(new):
        return [Pair(i, i, "same" if a == b else "replaced") for i, (a, b) in enumerate(zip(old, new, strict=True))]
    matcher = SequenceMatcher(None, old, new, autojunk=min(len(old), len(new)) > _CAREFUL)
    pairs: list[Pair] = []
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        both = min(i_end - i, j_end - j)
        pairs += [Pair(i + k, j + k, "same" if old[i + k] == new[j + k] else "replaced") for k in range(both)]
        pairs += [Pair(k, None, "removed") for k in range(i + both, i_end)]
        pairs += [Pair(None, k, "added") for k in range(j + both, j_end)]
    return pairs


def in_words(edit: WordEdit) -> str:
    """``“bored” → “thrilled”``, ``“not” removed``. Quotes the visitor: show it as plain text."""
    return f"“{edit.before}” removed" if edit.after is None else f"“{edit.before}” → “{edit.after}”"


def _closed(head: str, tail: str) -> str:
    """Two ends joined where a word was taken out, without a space too many."""
    spaced = tail.lstrip(" \t")
    if (not head or head[-1].isspace() or head[-1] in _OPENING) and spaced != tail:
        return head + spaced
    if head[-1:] in (" ", "\t") and (not tail or tail[0] in _CLOSING):
        return head.rstrip(" \t") + tail
    return head + tail


def _spaced(review: str, tokens: Sequence[Token], by_place: dict[int, WordEdit]) -> str:
    """The careful way, for texts in which neighbours would grow together (``3,good 5``): a space at every edit."""
    pieces: list[str] = []
    position = 0
    for place, token in enumerate(tokens):
        pieces.append(review[position : token.start])
        edit = by_place.get(place)
        if edit is None:
            pieces.append(token.text)
        else:
            pieces.append(" " if edit.after is None else f" {edit.after} ")
        position = token.end
    return "".join([*pieces, review[position:]])
