"""Lists of words that stand in text files beside the code that asks for them."""

from __future__ import annotations

from pathlib import Path


def word_lists(path: Path) -> dict[str, list[str]]:
    """The words of a file by the name of their paragraph: ``name:``, then words apart by white space."""
    paragraphs = (part.partition(":") for part in path.read_text(encoding="utf-8").split("\n\n"))
    return {name: words.split() for name, _, words in paragraphs}
