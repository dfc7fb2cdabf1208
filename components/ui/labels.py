"""What the two sides of a verdict are called: "negative" and "positive", or the two words of whoever brought a network.

A page says once which networks it shows (``use``); everything that is drawn afterwards in this run goes through
``relabelled``. What stands between quotation marks is a visitor's and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pandas as pd

from models.card import SIDES, ModelCard

Labels = tuple[str, str]
USUAL: Labels = SIDES
_now: ContextVar[Labels] = ContextVar("labels", default=USUAL)
_texts: ContextVar[bool] = ContextVar("texts", default=False)
_QUOTED = re.compile("(“[^”]*”)")
_SIDES = re.compile(r"\b(positive|negative|Positive|Negative)(?![\w-])")
_REVIEWS = re.compile(r"\b(?:test )?(r|R)eview(s?)(?![\w-])")
# The words of a figure that are ours; the others are a visitor's or numbers.
_OURS = ("title", "name", "hovertemplate", "texttemplate")


def use(cards: Iterable[ModelCard], *, texts: bool = False) -> Labels:
    """From here on say the words of these models; where they differ, both, with a stroke between.

    Args:
        texts: what was read are the visitor's own texts, whatever they are: none is called a review.
    """
    _texts.set(texts)
    sides = list(zip(*dict.fromkeys(card.sides for card in cards), strict=True)) or [(word,) for word in USUAL]
    found = tuple(" / ".join(dict.fromkeys(side)) for side in sides)
    _now.set((found[0], found[1]))
    return _now.get()


def now() -> Labels:
    """The two words as they are said now; for what is written later, when nobody looks at a page."""
    return _now.get()


@contextmanager
def using(labels: Labels) -> Iterator[None]:
    """Say these two words for a while: where a file is written, long after its page was."""
    before = _now.set(labels)
    try:
        yield
    finally:
        _now.reset(before)


def relabelled(text: str, labels: Labels | None = None) -> str:
    """A text of ours with the sides named as they are now, or by these words."""
    labels = labels or _now.get()
    if _texts.get() and "eview" in text:
        text = "".join(part if part.startswith("“") else _REVIEWS.sub(_text, part) for part in _QUOTED.split(text))
    if labels == USUAL or ("ositive" not in text and "egative" not in text):
        return text
    named = {"negative": labels[0], "positive": labels[1]}

    def name(match: re.Match[str]) -> str:
        word = match[1]
        found = named[word.lower()]
        return found[:1].upper() + found[1:] if word[0].isupper() else found

    return "".join(part if part.startswith("“") else _SIDES.sub(name, part) for part in _QUOTED.split(text))


def _text(review: re.Match[str]) -> str:
    return ("T" if review[1] == "R" else "t") + "ext" + review[2]


def in_table(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """A table of ours with the sides named: its ``p_positive`` columns, and the cells that say a verdict or a label."""
    if labels == USUAL:
        return table
    words = dict(zip(USUAL, labels, strict=True))
    found = table.rename(columns=lambda name: column(str(name), labels))
    for name in set(found.columns) & {"verdict", "label"}:
        found[name] = found[name].replace(words)
    return found


def column(name: str, labels: Labels) -> str:
    """The name of a column of numbers: ``p_positive_gru`` → ``p_spam_gru``."""
    word = re.sub(r"\W+", "_", labels[1])
    return re.sub(r"(?<![^\W_])positive(?![^\W_])", word, name) if labels != USUAL else name


def in_figure(ready: Any, ours: bool = False) -> Any:
    """A figure's dictionary with the sides named in titles, names and hover texts; lists of words stay."""
    if _now.get() == USUAL and not _texts.get():
        return ready
    if isinstance(ready, str):
        return relabelled(ready) if ours else ready
    if isinstance(ready, Mapping):
        inside = ours or ("text" in ready and ("xref" in ready or "font" in ready))
        return {key: in_figure(value, key in _OURS or (inside and key == "text")) for key, value in ready.items()}
    if isinstance(ready, list) and len(ready) < 200 and any(isinstance(part, Mapping) for part in ready):
        return [in_figure(part) for part in ready]
    return ready
