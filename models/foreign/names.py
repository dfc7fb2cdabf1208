"""Names that come from a file or a visitor, made harmless: they stand in titles, pickers, figures and cards."""

from __future__ import annotations

import re

MOST_TITLE, MOST_LABEL = 40, 20


def plain_name(words: str, most: int = MOST_TITLE) -> str:
    """A name cut to letters, digits, blanks and hyphens: no Markdown, no link, no HTML."""
    return " ".join(re.sub(r"[^\w\- ]", " ", words).split()).strip("_- ")[:most].strip("_- ")
