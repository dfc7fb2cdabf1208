"""What was measured, as rows of a table, and the table's place in a page of the documentation."""

from __future__ import annotations

import math
from collections.abc import Collection
from pathlib import Path

Row = tuple[str, str, str, bool]  # what was measured, what was found, what is wanted, whether that is met


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| measured | found | wanted | |", "|---|---|---|---|"]
    lines += [
        f"| {what} | {found} | {wanted} | {'' if not wanted else '✓' if good else '✗'} |"
        for what, found, wanted, good in rows
    ]
    return "\n".join(lines)


def quantile(values: Collection[float], share: float) -> float:
    """So many of the values are as small as this or smaller; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan


def put(page: Path, name: str, content: str, heading: str = "") -> None:
    """Write ``content`` between a page's marks of this name; where there are none, at its end under ``heading``."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = page.read_text(encoding="utf-8") if page.exists() else "# Performance\n"
    if begin not in old:
        old = f"{old.rstrip()}\n\n## {heading or name.capitalize()}\n\n{begin}\n{end}\n"
    head, _, rest = old.partition(begin)
    page.write_text(f"{head}{begin}\n{content}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
