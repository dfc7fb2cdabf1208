"""What kind of text a review is, as far as its words show it: another subject than films, sarcasm, words of opinion.

Hand-made lists, ``kinds.json``, for a reader's warning: they would rather say nothing than something wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.compare.opposites import OPPOSITES
from models.text import Token, key

_LISTS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
_FILM = frozenset(_LISTS["films"].split())
# Named as the challenges name them.
_SUBJECTS = {name: frozenset(words.split()) for name, words in _LISTS["subjects"].items()}
_FEWEST = 2  # words of a subject
# Of words with an opposite those that are no opinion in most sentences.
_NO_OPINION = frozenset(_LISTS["no opinion"].split())


def subject(tokens: Sequence[Token]) -> str | None:
    """What a text is about, if plainly not a film: ``restaurants``, ``phones``, ``books`` or ``hotels``."""
    words = {key(token.text) for token in tokens}
    if words & _FILM:
        return None
    found = {name: len(words & theirs) for name, theirs in _SUBJECTS.items()}
    most = max(found, key=found.__getitem__)
    return most if found[most] >= _FEWEST else None


def sounds_sarcastic(tokens: Iterable[Token]) -> bool:
    """Whether a turn of phrase stands in it that mostly means its opposite."""
    text = f" {' '.join(key(token.text) for token in tokens)} "
    return any(f" {turn} " in text for turn in _LISTS["sarcasm"])


def unknown_opinions(tokens: Iterable[Token]) -> list[str]:
    """The words of opinion, as typed, where the network knows none of them; empty where it knows one, or has none."""
    opinions = [token for token in tokens if key(token.text) in OPPOSITES and key(token.text) not in _NO_OPINION]
    return [] if any(token.known for token in opinions) else list(dict.fromkeys(token.text for token in opinions))
