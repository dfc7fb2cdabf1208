"""Words and numbers in sentences: how many of what, lists of names, and signs that are never those of nothing."""

from __future__ import annotations

from collections.abc import Sequence

_IRREGULAR = {"story": "stories", "vocabulary": "vocabularies", "this": "these", "loss": "losses", "batch": "batches"}


def counted(number: float, thing: str, things: str = "", *, places: int = 0) -> str:
    """A number and its noun, agreeing: ``1 row``, ``2 rows``, ``1,204 losses``, ``0 reviews``, ``1.5 epochs``.

    Args:
        thing: the noun for one, an adjective or two in front of it allowed.
        things: the noun for all other numbers; "": as English usually makes it.
        places: decimals; only a number that is shown as exactly one is one.
    """
    shown = plain_number(number, places)
    return f"{shown} {thing if shown == '1' else things or plural(thing)}"


def agreeing(number: float, one: str, others: str) -> str:
    """The word that agrees with a number: ``agreeing(1, "has", "have")`` is ``has``."""
    return one if number == 1 else others


def plural(thing: str) -> str:
    """``row`` → ``rows``, ``film story`` → ``film stories``, ``unlabelled batch`` → ``unlabelled batches``."""
    before, blank, noun = thing.rpartition(" ")
    ending = "es" if noun.endswith(("s", "x", "sh")) else "s"
    return f"{before}{blank}{_IRREGULAR.get(noun) or noun + ending}"


def plain_number(number: float, places: int = 0) -> str:
    """``1,204``, ``−0.25``, ``0.0``: thousands apart, a true minus sign, and none before nothing."""
    text = f"{number:,.{places}f}".replace("-", "−")
    return text if any(digit in text for digit in "123456789") else text.removeprefix("−")


def ordinal(number: int) -> str:
    """``first`` to ``fifth``, then ``6th``, ``21st``."""
    words = ("first", "second", "third", "fourth", "fifth")
    if number <= len(words):
        return words[number - 1]
    return f"{number}{'th' if number % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def percent(share: float, places: int = 0) -> str:
    """A share, 0…1, as ``93 %`` or ``93.2 %``; where it becomes HTML, no line ends before the sign."""
    return f"{100 * share:.{places}f} %"


def command(line: str) -> str:
    """A module and its arguments as they are typed in a checkout that was set up as the README says."""
    return f".venv/bin/python -m {line}"


def shortened(text: str, most: int) -> str:
    """At most so many characters of a text, the last of them an ellipsis where it is cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


def listed(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
