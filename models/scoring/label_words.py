"""Words that people write for positive, negative and neutral, in the languages such files come in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from models.word_lists import word_lists

Side = Literal["positive", "negative", "neutral", "missing"]

_PREFIX = re.compile(r"^(?:__label__|label[_ :-]|class[_ :-]|sentiment[_ :-])")
_DEGREE = re.compile(
    r"^(?:very|extremely|somewhat|slightly|mostly|strongly|weakly|rather|highly|muy|molto|sehr|très|tres) "
)
_NOUN = re.compile(r" (?:review|sentiment|opinion|class|label|feedback)$")


def plain_label(cell: str) -> str:
    """A cell as it is compared: lower case, without accents, prefixes, quotation marks and brackets."""
    text = cell.strip().strip("\"'“”‘’()[]").strip().casefold()
    text = _PREFIX.sub("", text)
    if not text.isascii():
        text = _without_accents(text)
    if re.search(r"[^\W\d]", text):
        text = re.sub(r"[_\-]+", " ", text).strip()
    return text


def own_words(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What the words of brought networks for 0 and 1 mean in a column of labels; those that disagree are left out.

    Args:
        pairs: the two words of each network.
    """
    found: dict[str, str] = {}
    unclear = set()
    for pair in pairs:
        for word, meant in zip(map(plain_label, pair), ("negative", "positive"), strict=True):
            if found.setdefault(word, meant) != meant:
                unclear.add(word)
    return {word: meant for word, meant in found.items() if word and word not in unclear}


def side(plain: str) -> Side | None:
    """What a label says, as ``plain_label`` gives it: a side, "missing" for an empty one; None: it is no such word."""
    if not plain:
        return "missing"
    for shorter in (plain, _NOUN.sub("", plain), _DEGREE.sub("", _NOUN.sub("", plain))):
        if shorter in _SIDES:
            return _SIDES[shorter]
    return None


def speaks_for_itself(plain: str) -> bool:
    """Whether the word can only be somebody's verdict: ``positive`` can, ``yes`` could be anything."""
    return any(shorter in _CLEAR for shorter in (plain, _DEGREE.sub("", _NOUN.sub("", plain))))


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")


# A paragraph a side; a low line stands for a blank. The words that are "also" on one are too common to make a column of
# labels by themselves; the others do, whatever its heading.
_WORDS = {
    name: {_without_accents(word.casefold()).replace("_", " ") for word in words}
    for name, words in word_lists(Path(__file__).with_suffix(".txt")).items()
}
_CLEAR = frozenset(_WORDS["positive"] | _WORDS["negative"])
_SIDES: dict[str, Side] = {
    **dict.fromkeys(_WORDS["missing"], "missing"),
    **dict.fromkeys(_WORDS["neutral"], "neutral"),
    **dict.fromkeys(_WORDS["negative"] | _WORDS["also negative"], "negative"),
    **dict.fromkeys(_WORDS["positive"] | _WORDS["also positive"], "positive"),
}
