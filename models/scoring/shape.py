"""What kind of file its first lines make it: the format, a heading, the separator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Literal

from models.scoring import json_forms
from models.scoring.decoding import Lines
from models.scoring.records import find_delimiter, raggedness

Format = Literal["csv", "tsv", "jsonl", "text"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "jsonl", "text")
_ENDINGS: dict[str, Format] = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl", "txt": "text",
    "text": "text",
}  # fmt: skip
SAMPLE, _SAMPLE_CHARACTERS = 200, 2_000_000


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a first row names columns: short, no numbers; alone, it must be a single word."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or any(re.fullmatch(r"[-+]?[\d.,/]+", cell) for cell in filled):
        return False
    if len(cells) == 1:
        return re.fullmatch(r"[\w.-]{1,40}(?: [\w.-]{1,20})?", filled[0]) is not None and not filled[0].endswith(".")
    return all(len(cell) <= 60 and len(cell.split()) <= 6 and cell[-1] not in ".!?" for cell in filled)


def first_lines(lines: Lines) -> list[str]:
    """The first lines, enough to tell what kind of file it is."""
    head: list[str] = []
    size = 0
    for line in islice(lines, SAMPLE):
        head.append(line)
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            break
    return head


def format_of(name: str, head: list[str]) -> Format:
    """The format of a file, by its name's ending; the content has the last word."""
    first = next((line.strip("\ufeff \t\r\n") for line in head if line.strip("\ufeff \t\r\n")), "")
    if first.startswith("{") and isinstance(json_forms.parsed(first), dict):
        return "jsonl"
    if first[:1] in ("[", "{") and first[1:].lstrip()[:1] in ("", "{", "[", '"') and json_forms.needs_the_whole(head):
        return "jsonl"
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if "\t" in first:
        return "tsv"
    delimiter = find_delimiter(head)
    return "csv" if delimiter in first and raggedness(head, delimiter) <= 0.1 and len(head) > 1 else "text"


def tabbed(head: Sequence[str]) -> bool:
    """Whether lines of text are a table with tabs: three lines or more, each with as many of them, two or more."""
    tabs = [line.count("\t") for line in head if line.strip()]
    most, times = Counter(tabs).most_common(1)[0] if tabs else (0, 0)
    return most >= 2 and len(tabs) >= 3 and times >= 0.9 * len(tabs)


def declared_separator(head: Sequence[str]) -> str | None:
    """The separator that the first line names, as Excel writes it: ``sep=;``."""
    match = re.fullmatch(r'"?sep=(.)"?', head[0].strip("\ufeff\r\n")) if head else None
    return match[1] if match else None
