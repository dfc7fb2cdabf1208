"""Opposites of words that reviews use, and how a word is negated in plain English. Written by hand for this project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.compare.edits import WordEdit, like
from models.text import Token, Vocabulary, key

# A line: word: its opposites, the best one first | another word: … Read both ways.
_FILE = Path(__file__).with_suffix(".txt")
_NEGATIONS = frozenset("not never hardly barely".split())
_POSITIVE = {"can't": "can", "cannot": "can", "won't": "will", "shan't": "shall", "ain't": "is"}
_CONTRACTED = {
    "can": "can't",
    "will": "won't",
    "shall": "shan't",
    "am": "am not",
    "may": "may not",
    "might": "might not",
}
_AUXILIARIES = frozenset("is are was were has have had do does did could would should must".split())
_DETERMINERS = frozenset("a an the another".split())
_PLURAL, _SINGULAR = frozenset("i you we they".split()), frozenset("he she it who which this that".split())
_ADVERBS = frozenset("also just still even only always often both all too quite so very rather".split())
_PAST = {
    "saw": "see", "thought": "think", "felt": "feel", "found": "find", "got": "get", "made": "make", "went": "go",
    "knew": "know", "left": "leave", "cried": "cry", "wept": "weep", "came": "come", "took": "take", "said": "say",
    "gave": "give", "kept": "keep", "fell": "fall", "sat": "sit", "slept": "sleep", "wrote": "write", "told": "tell",
    "began": "begin", "became": "become", "won": "win", "lost": "lose", "paid": "pay", "stood": "stand", "ran": "run",
}  # fmt: skip


def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    entries = [entry.split(": ") for line in lines for entry in line.split(" | ")]
    forward = [(word, other) for word, others in entries for other in others.split(", ")]
    for word, other in [*forward, *((other, word) for word, other in forward)]:
        if other not in found.setdefault(word, []):
            found[word].append(other)
    return {word: tuple(others) for word, others in found.items()}


OPPOSITES = _table()


def opposites(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Opposites of a word (as typed) that the network knows, the best one first; none for most words."""
    return tuple(other for other in OPPOSITES.get(key(word), ()) if other in vocabulary)


def is_negation(word: str) -> bool:
    """Whether a word denies what follows: ``not``, ``never``, ``isn't`` …; for a reader's warning, not for an edit."""
    lower = word.lower().replace("’", "'")
    return lower in _NEGATIONS or lower in ("no", "nothing", "nobody", "without") or lower.endswith("n't")


def negation(tokens: Sequence[Token], timestep: int, vocabulary: Vocabulary) -> WordEdit:
    """Negate a word the way one would say it, or take its negation back.

    ``was`` → ``wasn't``; I ``loved`` → I ``didn't love``; ``a`` good film → ``not a`` good film; ``good`` → ``not
    good``; ``isn't`` → ``is``; not ``bad`` → bad. Where the negation belongs to the word before, that one is edited.
    """
    word = key(tokens[timestep].text)
    for place in (timestep, timestep - 1):
        if place >= 0:
            undone = _undone(tokens[place].text)
            if undone is not None:
                return WordEdit(place, tokens[place].text, undone or None)
    if word in _AUXILIARIES or word in _CONTRACTED:
        return _edit(tokens, timestep, _CONTRACTED.get(word, f"{word}n't"))
    if word in _DETERMINERS:
        return _before(tokens, timestep)
    subject = timestep - 1
    while subject >= 0 and subject > timestep - 3 and _is_adverb(key(tokens[subject].text)):
        subject -= 1
    before = key(tokens[subject].text) if subject >= 0 else ""
    if before in _DETERMINERS:
        return _before(tokens, subject)
    verb = _denied(word, before, vocabulary)
    return _edit(tokens, timestep, verb) if verb else _before(tokens, timestep)


def _undone(text: str) -> str | None:
    """A negation taken back: "" for a word that goes, None for a word that is none."""
    word = key(text)
    if word in _NEGATIONS:
        return ""
    if word in _POSITIVE or word.endswith("n't"):
        return like(_POSITIVE.get(word, word[:-3]), text)
    return None


def _denied(word: str, subject: str, vocabulary: Vocabulary) -> str | None:
    """``didn't love`` for ``loved`` after a subject; None where the word is no verb that we can tell."""
    if subject not in _PLURAL | _SINGULAR or _is_adverb(word) or not word.isalpha():
        return None
    base = _PAST.get(word)
    if base is None and word.endswith("ed"):
        stems = [word[:-1], word[:-2], word[:-3], word[:-3] + "y" if word.endswith("ied") else ""]
        base = _commonest(stems, vocabulary)
    if base is not None:
        return f"didn't {base}"
    if subject in _SINGULAR:
        if not word.endswith("s") or word.endswith("ss"):
            return None
        stems = [word[:-1], word[:-2], word[:-3] + "y" if word.endswith("ies") else ""]
        base = _commonest(stems, vocabulary)
        return None if base is None else f"doesn't {base}"
    return f"don't {word}"


def _commonest(stems: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """The stem that stands first in the vocabulary, which is sorted by frequency."""
    known = [stem for stem in stems if len(stem) > 1 and stem in vocabulary]
    return min(known, key=vocabulary.id) if known else None


def _is_adverb(word: str) -> bool:
    return word in _ADVERBS or (word.endswith("ly") and len(word) > 4)


def _edit(tokens: Sequence[Token], place: int, after: str) -> WordEdit:
    return WordEdit(place, tokens[place].text, like(after, tokens[place].text))


def _before(tokens: Sequence[Token], place: int) -> WordEdit:
    """``not`` in front of a word. At the start of the text it takes over the capital."""
    text = tokens[place].text
    if place == 0 and text[:1].isupper() and not text[1:].isupper():
        return WordEdit(place, text, f"Not {text[:1].lower()}{text[1:]}")
    return WordEdit(place, text, f"{'NOT' if len(text) > 1 and text.isupper() else 'not'} {text}")
