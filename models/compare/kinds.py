"""What kind of text a review is, as far as its words show it: another subject than films, sarcasm, words of opinion.

Hand-made lists for a reader's warning, not a classifier: they would rather say nothing than something wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.compare.opposites import OPPOSITES
from models.text import Token, key

_FILM = frozenset(
    "film films movie movies actor actress actors acting director cinema scene scenes plot screen".split()
)
# Named as the challenges name them.
_SUBJECTS = {
    "restaurants": frozenset(
        "restaurant food waiter waitress dish dishes meal dinner lunch menu dessert soup chef delicious tasty table "
        "served portions".split()
    ),
    "phones": frozenset("phone battery charger charging app apps camera android iphone bluetooth device sim".split()),
    "books": frozenset("book books novel pages chapter chapters author paperback prose reader".split()),
    "hotels": frozenset("hotel room rooms reception bed beds breakfast bathroom lobby towels staff checkout".split()),
}
_FEWEST = 2  # words of a subject
_SARCASM = (
    "oh great", "oh good", "oh joy", "yeah right", "just what i needed", "just what we needed", "thanks for nothing",
    "what a surprise", "how original", "how clever", "exactly what the world needed", "if you enjoy watching paint",
    "truly a masterpiece of", "another masterpiece", "best nap", "best sleep", "can't wait to forget", "a real treat",
)  # fmt: skip
# Of words with an opposite those that are no opinion in most sentences.
_NO_OPINION = frozenset(
    "like see watch long longer short shorter first last early late always never everything nothing everyone everybody "
    "all none more less most least many few much little up down high low highly hardly life death beginning end hero "
    "villain alive dead right wrong true false real simple fast slow quick quickly slowly well light dark heavy warm "
    "cold strong weak deep rich kind natural original remember forget remembered forgot miss skip nobody no one "
    "without works flies win lose won lost hope sorry avoid gold wooden".split()
)


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
    return any(f" {turn} " in text for turn in _SARCASM)


def unknown_opinions(tokens: Iterable[Token]) -> list[str]:
    """The words of opinion, as typed, where the network knows none of them; empty where it knows one, or has none."""
    opinions = [token for token in tokens if key(token.text) in OPPOSITES and key(token.text) not in _NO_OPINION]
    return [] if any(token.known for token in opinions) else list(dict.fromkeys(token.text for token in opinions))
