"""What can go wrong when a model is asked to read, each a type of its own so that a page can answer kindly."""

from __future__ import annotations


class SafeError(Exception):
    """An error that may be shown and sent on: what it says is ours, and what quotes a visitor stands in it apart."""


class UnknownModel(LookupError):
    """There is no model of this name on the shelf. ``name`` is what was asked for, ``known`` what there is."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no model named {name[:40]!r}; the shelf has {', '.join(known) or 'none'}")
        self.name, self.known = name, known


class ArtifactError(Exception):
    """A file of a model is missing or damaged. ``model`` and ``file`` name it, ``reason`` says what is wrong."""

    def __init__(self, model: str, file: str, reason: str) -> None:
        super().__init__(f"{file} of {model}: {reason}")
        self.model, self.file, self.reason = model, file, reason


class EmptyReview(ValueError):
    """Nothing is left to read: no text, or no word in it."""


class ForeignNetworkError(SafeError, ValueError):
    """A network that somebody brought, or what belongs to it, cannot be read; the message says in one line why.

    ``remedy`` is a line of Python that makes a file we can open, or empty.
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy
