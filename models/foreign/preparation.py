"""How a notebook made ids out of a text, as data: the settings of Keras's Tokenizer and TextVectorization.

Nearly every wrong number in public demos is a preparation that is not the one of training. Each setting here is one
that Keras has, with Keras's default; ``FIELDS`` explains each in a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Literal

from models.errors import ForeignNetworkError

End = Literal["pre", "post"]
FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'  # what Tokenizer takes out, a blank in its place
PUNCTUATION = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"  # what TextVectorization takes out, nothing in its place
_BLANKS = " \t\n\v\f\r"
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")

FIELDS = {
    "lower": "Capitals are made small letters.",
    "filters": "These characters never reach the network.",
    "joined": "A filtered character vanishes and joins what stood on either side, as in TextVectorization; else a "
    "blank takes its place, as in Tokenizer.",
    "breaks": "The tag <br /> becomes a blank first, as in TensorFlow’s own tutorials.",
    "split": "What stands between two words: a character, or “whitespace”.",
    "num_words": "Ids from this number on count as unknown.",
    "oov_id": "The id of unknown words. Without one they are left out, as Keras’s Tokenizer does.",
    "offset": "Added to every id of the vocabulary: 3 for the Keras IMDB index.",
    "start_id": "An id put before every text: 1 for Keras’s IMDB reviews.",
    "maxlen": "Every text is cut and filled up to so many timesteps. Without it nothing is filled up.",
    "padding": "Where ids of 0 fill up a short text: in front (“pre”), as pad_sequences does by default, or behind.",
    "truncating": "Where a long text loses words: in front (“pre”, pad_sequences’ default), or at its end.",
}


@dataclass(frozen=True, slots=True)
class Preparation:
    """Settings of a preparation; ``FIELDS`` says what each means."""

    lower: bool = True
    filters: str = FILTERS
    joined: bool = False
    breaks: bool = False
    split: str = " "
    num_words: int | None = None
    oov_id: int | None = None
    offset: int = 0
    start_id: int | None = None
    maxlen: int | None = None
    padding: End = "pre"
    truncating: End = "pre"
    ascii: bool = False  # TextVectorization makes only A to Z small

    def changed(self, values: Mapping[str, Any] | Preparation | None) -> Preparation:
        """The preparation with some settings replaced.

        Raises:
            ForeignNetworkError: if there is no such setting, or the value is not one it can have.
        """
        if values is None:
            return self
        if isinstance(values, Preparation):
            return values
        unknown = set(values) - {field.name for field in fields(self)}
        if unknown:
            raise ForeignNetworkError(
                f"There is no setting {sorted(unknown)[0]!r} of the preparation; there are {', '.join(FIELDS)}."
            )
        changed = replace(self, **{key: _checked(key, value) for key, value in values.items()})
        if len(changed.split) != 1 and changed.split != "whitespace":
            raise ForeignNetworkError("“split” is one character, or “whitespace”.")
        return changed

    def words(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every word with its start and end in ``text``, in the form in which the vocabulary has it.

        As Keras's ``text_to_word_sequence``: filtered characters part words as white space does; or, ``joined``, as
        ``TextVectorization``: white space (ASCII's) parts the words, and filtered characters vanish from them.
        """
        shown, places = self._lowered(text)
        filtered = str.maketrans("", "", self.filters)
        for found in _runs(self._ends).finditer(shown):
            word = found[0].translate(filtered) if self.joined else found[0]
            if word:
                yield places[found.start()], places[found.end()], word

    def bare_words(self, text: str) -> list[str]:
        """The same words without their places, several times as fast."""
        if self.joined:
            return [word for _, _, word in self.words(text)]
        return _runs(self._ends).findall(self._lowered(text)[0])

    def framed(self, ids: list[int]) -> tuple[list[int], int, slice]:
        """A text's ids as the network gets them, with what stands in front of the words and which words are read."""
        front = [] if self.start_id is None else [self.start_id]
        whole = front + ids
        if self.maxlen is None:
            return whole, len(front), slice(0, len(ids))
        over = max(0, len(whole) - self.maxlen)
        if self.truncating == "pre":
            kept, gone = whole[over:], max(0, over - len(front))
            ahead, read = max(0, len(front) - over), slice(gone, len(ids))
        else:
            kept = whole[: self.maxlen]
            ahead, read = min(len(front), len(kept)), slice(0, max(0, len(kept) - len(front)))
        filled = [0] * (self.maxlen - len(kept))
        if self.padding == "pre":
            return filled + kept, len(filled) + ahead, read
        return kept + filled, ahead, read

    @property
    def _ends(self) -> str:
        """The characters that part words."""
        return (_BLANKS if self.split == "whitespace" else self.split) + ("" if self.joined else self.filters)

    def _lowered(self, text: str) -> tuple[str, Sequence[int]]:
        """The text in small letters, and where each of its characters stands in ``text`` (and where it ends)."""
        shown = text
        if self.lower:
            shown = text.translate(_ASCII_LOWER) if self.ascii else text.lower()
        places: Sequence[int] = range(len(text) + 1)
        if len(shown) != len(text):  # a few letters have no single small one
            places = [i for i, character in enumerate(text) for _ in character.lower()] + [len(text)]
        if self.breaks:
            shown = shown.replace("<br />", "      ")
        return shown, places


@lru_cache(maxsize=64)
def _runs(ends: str) -> re.Pattern[str]:
    """What stands between any of these characters."""
    return re.compile(f"[^{re.escape(ends)}]+")


def _checked(key: str, value: Any) -> Any:
    if key in ("padding", "truncating"):
        if value not in ("pre", "post"):
            raise ForeignNetworkError(f"{key} is “pre” or “post”.")
        return value
    if key in ("filters", "split"):
        if key == "split" and value is None:
            return "whitespace"
        if not isinstance(value, str) or len(value) > 500:
            raise ForeignNetworkError(f"{key} is a text of at most 500 characters.")
        return value
    if key in ("lower", "joined", "breaks", "ascii"):
        return bool(value)
    if value is None and key != "offset":
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000_000:
        raise ForeignNetworkError(f"{key} is a whole number of at least 0.")
    if key == "maxlen" and value < 1:
        raise ForeignNetworkError("maxlen is at least 1.")
    return value
