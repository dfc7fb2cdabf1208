"""Reviews written for this project, in ``examples.txt``: what visitors see first, and what growth is recorded on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Example:
    """A review to start from. ``name`` is the link's value, ``title`` what the button says."""

    name: str
    title: str
    text: str


def _read() -> tuple[Example, ...]:
    """The reviews of the file: each stands under a line ``# name: title``."""
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    _, *pieces = re.split(r"^# (\w+): (.+)$", text, flags=re.MULTILINE)
    parts = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return tuple(Example(name, title, review.strip()) for name, title, review in parts)


EXAMPLES = _read()
BY_NAME = {example.name: example for example in EXAMPLES}
NAME_OF = {example.text: example.name for example in EXAMPLES}  # by text: which example it is
