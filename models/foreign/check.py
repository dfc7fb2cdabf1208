"""A preparation held against a notebook's own ids: what differs, and which setting would explain it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from models.foreign.preparation import FIELDS, FILTERS, PUNCTUATION, Preparation
from models.foreign.words import Words

Change = dict[str, Any]
_IMDB: Change = {"offset": 3, "start_id": 1, "oov_id": 2}


@dataclass(frozen=True, slots=True)
class Difference:
    """What to say about two lists of ids.

    Attributes:
        same: whether they are equal.
        sentence: what differs, in words.
        changes: settings under which ours would be theirs, and what they mean; empty where none was found.
    """

    same: bool
    sentence: str
    changes: Change
    meaning: str = ""


def ids_of(words: Words, preparation: Preparation, text: str, rows: int) -> list[int]:
    """A text's ids as the network gets them."""
    most = min(rows, preparation.num_words or rows)
    found = []
    for _, _, word in preparation.words(text):
        number = words.ids.get(word)
        number = None if number is None else number + preparation.offset
        if number is not None and number < most:
            found.append(number)
        elif preparation.oov_id is not None:
            found.append(preparation.oov_id)
    return preparation.framed(found)[0]


def pasted_ids(text: str) -> list[int] | None:
    """The whole numbers of a pasted list, array or tensor; None where there are none, or far too many."""
    text = re.sub(r"(dtype|shape)=[^,)]*(\([^)]*\))?|int\d+|tf\.Tensor|array", " ", text)
    found = [int(number) for number in re.findall(r"(?<![\w.])-?\d{1,9}(?![\w.])", text)]
    return found if 0 < len(found) <= 20_000 else None


def abbreviated(text: str) -> bool:
    """Whether a printed array leaves out its middle, as NumPy does with long ones."""
    return "..." in text or "…" in text


def compare(words: Words, preparation: Preparation, text: str, theirs: Sequence[int], rows: int) -> Difference:
    """Our ids of a text beside the notebook's."""
    ours = ids_of(words, preparation, text, rows)
    bare = preparation.changed({"maxlen": None})
    if ours != list(theirs) and ids_of(words, bare, text, rows) == list(theirs):
        return Difference(
            True,
            "The ids are the same; the notebook’s are not cut and filled up yet, so padding and truncating are not "
            "compared: paste them as the network gets them.",
            {},
        )
    if ours == list(theirs):
        return Difference(True, f"All {len(ours):,} ids are the same.", {})
    place = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    sentence = f"The first difference is at place {place + 1:,}"
    if place < len(ours) and place < len(theirs):
        sentence += f": {ours[place]} here, {theirs[place]} in the notebook."
    else:
        sentence += f": {len(ours):,} ids here, {len(theirs):,} in the notebook."
    for change, meaning in _explanations(preparation, len(theirs)):
        if ids_of(words, preparation.changed(change), text, rows) == list(theirs):
            return Difference(False, sentence, change, meaning)
    return Difference(False, sentence, {})


def _explanations(now: Preparation, length: int) -> Iterator[tuple[Change, str]]:
    """Settings that people often have otherwise, one at a time and then two."""
    present = {field: getattr(now, field) for field in FIELDS}
    single = [(change, meaning) for change, meaning in _usual(now, length) if not change.items() <= present.items()]
    yield from single
    if not _IMDB.items() <= present.items():
        yield _IMDB, "the ids are those of Keras’s IMDB reviews (imdb.load_data)"
    for (first, fact), (second, too) in combinations(single, 2):
        if not first.keys() & second.keys():
            yield first | second, f"{fact}, and {too}"


def _usual(now: Preparation, length: int) -> Iterator[tuple[Change, str]]:
    """What people have, the likeliest first; one of each kind is how it is set now."""
    for offset in range(4):
        yield {"offset": offset}, f"the ids are shifted by {offset - now.offset:+d}"
    if now.maxlen is not None:
        for end in ("pre", "post"):
            yield {"padding": end}, "the padding stands at the other end"
        for end in ("pre", "post"):
            yield {"truncating": end}, "a long text is cut at the other end"
    yield {"maxlen": length}, f"texts are cut and filled up to {length:,}"
    if now.maxlen is None:
        behind: Change = {"maxlen": length, "padding": "post"}
        yield behind, f"texts are filled up to {length:,} behind their words"
        yield behind | {"truncating": "post"}, f"texts are filled up to {length:,} and cut at their ends"
    yield {"lower": False}, "capitals are kept"
    yield {"lower": True}, "capitals are made small"
    yield {"filters": FILTERS, "joined": False}, "filtered as by Tokenizer"
    yield {"filters": PUNCTUATION, "joined": True, "split": "whitespace"}, "filtered as by TextVectorization"
    yield {"filters": "", "joined": False}, "nothing is filtered"
    yield {"filters": FILTERS + "'", "joined": False}, "the apostrophe is filtered too"
    yield {"split": "whitespace"}, "words are parted at any white space"
    yield {"oov_id": None}, "unknown words are left out"
    for oov in range(3):
        yield {"oov_id": oov}, f"unknown words get the id {oov}"
    yield {"start_id": None}, "no id stands before the text"
    yield {"start_id": 1}, "an id of 1 stands before the text"
    yield {"num_words": None}, "the vocabulary is not cut"
