"""One tokenizer and one vocabulary, for training, serving and display.

The tokenizer finds the stretches of a review that a network reads and leaves everything else on the page
untouched, so that ``review[token.start:token.end] == token.text`` always holds. What is a token:

=====================  ==========================================================================
words                  runs of letters and digits in any script, accents included: ``café``, ``80s``
apostrophes            straight or curly, inside a word they belong to it: ``didn't``, ``film’s``
ratings                ``7/10`` and ``8.5/10`` are one token, a reviewer's number is a word of its own
decimals               ``1,000`` and ``3.5`` are one token
exclamation, question  ``!`` and ``?`` are read, because they carry feeling; a run of them is one token
faces                  ``:)``, ``;-)``, ``:-(``
=====================  ==========================================================================

What is not: HTML tags (their text is read, the tag is not), what stands inside ``<script>`` or ``<style>``, signs
written for HTML (``&amp;`` is "&"; ``don&#39;t`` is ``don't``), other punctuation, hyphens (``well-made`` is two
words), emoji and control characters. Networks that learnt from reviews of 2011 never met an emoji.

A token is looked up in the vocabulary by its *key*: lower case, straight apostrophes, accents removed, a run of
``!`` or ``?`` shortened to one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from models import limited

Value = TypeVar("Value")
PADDING, OUT_OF_VOCABULARY = 0, 1
RESERVED = ("[padding]", "[out of vocabulary]")

# Most tokens are plain words with a space behind them: they are tried first and the space is taken along, and "++" and
# "*+" never turn back. That finds the same tokens in half the time.
_LETTERS = r"[^\W_]++(?:[\u0300-\u036f]++[^\W_]*+)*+"
_ESCAPED = r"&(?:\#0?39|\#[xX]27|apos|rsquo);"  # an apostrophe written for HTML
_TOKEN = re.compile(
    rf"""
      (?P<token>
          [a-zA-Z]++(?![\w'\u0300-\u036f\u2019\u02bc]|{_ESCAPED})     # plain words
        | \d+(?:\.\d+)?/\d+                                           # 7/10
        | \d+(?:[.,]\d+)+                                             # 3.5 and 1,000
        | {_LETTERS}(?:(?:['\u2019\u02bc]|{_ESCAPED}){_LETTERS})*+     # words
        | [!?]+
        | [:;=][-']?[()\[\]DPp](?![^\W_])                             # faces
      )[ ]?
    | <(?i:script|style)\b[^<>]{{0,300}}>(?:[^<]|<(?!/)){{0,5000}}+</(?i:script|style)\s*>  # no words: skipped
    | &(?:[a-zA-Z]{{2,8}}|\#\d{{1,6}}|\#[xX][0-9a-fA-F]{{1,5}});          # a sign written for HTML: skipped
    | <(?:/?[a-zA-Z][^<>]{{0,300}}|!--[^<>]{{0,300}}--)>              # an HTML tag or comment: skipped
    """,
    re.VERBOSE,
)
_STRAIGHT = str.maketrans({"\u2019": "'", "\u02bc": "'"})


def beginning(text: str, most: int) -> str:
    """The part of a text that is read: ``most`` characters, or to a gap among the last hundred of them."""
    if len(text) <= most:
        return text
    head = text[:most]
    gap = max(head.rfind(" ", len(head) - 100), head.rfind("\n", len(head) - 100))
    return head[: gap + 1] if gap >= 0 else head


class Token(NamedTuple):
    """One stretch of a review that a network reads.

    Attributes:
        text: exactly ``review[start:end]``, capitals and accents kept.
        start: offset of the first character in the review.
        end: offset after the last character.
        id: row of the embedding matrix.
        known: whether the vocabulary has the word; if not, ``id`` is ``OUT_OF_VOCABULARY``.
    """

    text: str
    start: int
    end: int
    id: int
    known: bool


def spans(review: str) -> Iterator[tuple[int, int]]:
    """Yield the ``(start, end)`` offsets of every token of ``review``, in order."""
    for match in _TOKEN.finditer(review):
        if match.lastgroup:
            yield match.span(1)


def key(text: str) -> str:
    """The form in which a token is looked up: ``key("Café’s") == "cafe's"``, ``key("?!!") == "?"``."""
    if "&" in text:
        text = re.sub(_ESCAPED, "'", text)
    if text.isascii():
        word = text.lower()
    else:
        decomposed = unicodedata.normalize("NFD", text.translate(_STRAIGHT))
        kept = "".join(c for c in decomposed if not unicodedata.combining(c))
        word = unicodedata.normalize("NFC", kept).lower()
    return word[0] if word[0] in "!?" else word


def keys(review: str) -> list[str]:
    """The keys of all tokens of ``review``: what vocabularies are counted from."""
    return next(keys_of([review]))


def keys_of(reviews: Iterable[str]) -> Iterator[list[str]]:
    """``keys`` of one review after another: of a word that many of them share, the key is made once."""
    known = _Found(key)
    # As ``spans`` finds them, several times faster; what is skipped leaves its group empty.
    return (list(map(known.__getitem__, filter(None, _TOKEN.findall(review)))) for review in reviews)


class _Found(dict[str, Value]):
    """What a function gave for every word it was asked."""

    def __init__(self, find: Callable[[str], Value]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> Value:
        self[word] = value = self._find(word)
        return value


class Vocabulary:
    """The words a network knows. Id 0 is padding, id 1 stands for every word out of vocabulary.

    ``reads_texts`` says that words are found in another way than the house's, from the text itself.

    Args:
        words: the words by id, the two reserved entries first.

    Raises:
        ValueError: if the reserved entries are missing or a word stands twice.
    """

    reads_texts = False

    def __init__(self, words: Iterable[str]) -> None:
        self.words: tuple[str, ...] = tuple(words)
        if self.words[:2] != RESERVED:
            raise ValueError(f"a vocabulary begins with {RESERVED[0]} and {RESERVED[1]}")
        self._ids = {word: i for i, word in enumerate(self.words)}
        if len(self._ids) != len(self.words):
            raise ValueError("a word stands twice in the vocabulary")

    @classmethod
    def count(cls, documents: Iterable[Iterable[str]], size: int) -> Vocabulary:
        """The ``size`` most frequent entries (reserved ones counted in); ties in alphabetical order."""
        counts: Counter[str] = Counter()
        for document in documents:
            counts.update(document)
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return cls((*RESERVED, *ranked[: size - 2]))

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a ``vocabulary.txt``. Models with the same words share one object in memory.

        Raises:
            OSError: if the file cannot be read.
            ValueError: if it is not a vocabulary.
        """
        return _shared(limited.content(path))

    def save(self, path: Path) -> None:
        """Write one word a line, line number = id."""
        path.write_bytes(("\n".join(self.words) + "\n").encode())

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def id(self, word: str) -> int:
        """The id of a key. A possessive the vocabulary lacks (``director's``) falls back to its noun."""
        found = self._ids.get(word)
        if found is None and word.endswith("'s"):
            found = self._ids.get(word[:-2])
        return OUT_OF_VOCABULARY if found is None or found == PADDING else found

    def encode(self, words: Iterable[str]) -> np.ndarray:
        """Ids of already tokenized keys, ``(timesteps,)`` int32."""
        return np.fromiter(map(self.id, words), np.int32)

    def encode_all(self, documents: Iterable[Iterable[str]]) -> list[np.ndarray]:
        """``encode`` of each document: a word that many of them share is looked up once."""
        known = _Found(self.id)
        return [np.fromiter(map(known.__getitem__, words), np.int32) for words in documents]

    def encode_texts(self, texts: Iterable[str]) -> list[np.ndarray]:
        """Ids of each text's tokens, ``(timesteps,)`` int32."""
        return self.encode_all(keys_of(texts))

    def tokenize(self, review: str) -> tuple[Token, ...]:
        """All tokens of ``review`` with their offsets and ids."""
        tokens = []
        find, token = self._ids.get, tuple.__new__  # what ``Token(…)`` does, in half the time
        for match in _TOKEN.finditer(review):
            if text := match[1]:
                start, end = match.span(1)
                token_id = find(text) or self.id(key(text))  # most words are their own key
                tokens.append(token(Token, (text, start, end, token_id, token_id != OUT_OF_VOCABULARY)))
        return tuple(tokens)


def has_words(tokens: Iterable[Token]) -> bool:
    """Whether any token has a letter or a digit; ``"?!"`` and ``":)"`` alone are no review."""
    return any(c.isalnum() for token in tokens for c in token.text)


@lru_cache(maxsize=8)
def _shared(data: bytes) -> Vocabulary:
    return Vocabulary(data.decode().removesuffix("\n").split("\n"))
