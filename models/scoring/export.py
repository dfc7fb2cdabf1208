"""Scored rows as CSV: all original columns in their order, then what scoring adds. Harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence

from models.scoring.scoring import NEGATIVE, POSITIVE, Scores, verdicts

_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)*|[.,]\d+)(?:[eE][-+]?\d+)?\s?%?")
# What a spreadsheet may pass over before it looks for a formula: every kind of blank, control and format character.
_INVISIBLE = re.compile(
    r"^[\s\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800"
    r"\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]+"
)
# As a spreadsheet may see them; the wide ones count in some languages.
_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def live(cell: str) -> bool:
    """Whether a spreadsheet could run this cell as a formula: it begins with = + - @, a tab or a line end.

    A number is no formula, and blanks or invisible characters in front do not help: ``-1.5`` is not live, ``" =1+1"``
    is.
    """
    if cell[:1] in ("\t", "\r", "\n"):
        return True
    bare = _INVISIBLE.sub("", cell)
    return bare.startswith(_STARTS) and _NUMBER.fullmatch(bare.strip()) is None


def safe(cell: str) -> str:
    """The cell as it may stand in a CSV that people open in a spreadsheet: a live one gets an apostrophe in front."""
    return "'" + cell if live(cell) else cell


def csv_bytes(rows: Iterable[Sequence[str]], protect: bool = True) -> bytes:
    """Rows as UTF-8 CSV; ``protect`` makes live cells ``safe``."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerows([safe(cell) for cell in row] if protect else row for row in rows)
    return buffer.getvalue().encode("utf-8", "replace")


def added_columns(names: Sequence[str], taken: Iterable[str], one: str = POSITIVE) -> list[str]:
    """The names of the columns that scoring with these models adds; one that the file has already gets a number.

    Args:
        one: what 1 means to the models.
    """
    side = re.sub(r"\W+", "_", one)
    wanted = [f"p_{side}_{name}" for name in names] + ["verdict", "tokens"]
    wanted += [f"unknown_share_{name}" for name in names] + ["note"]
    free, used = [], set(taken)
    for name in wanted:
        candidate, number = name, 2
        while candidate in used:
            candidate, number = f"{name}_{number}", number + 1
        used.add(candidate)
        free.append(candidate)
    return free


def added_cells(scores: Scores, sides: tuple[str, str] = (NEGATIVE, POSITIVE)) -> Iterator[list[str]]:
    """What scoring adds to every row, as text: probabilities with six decimals, nothing where there is none."""
    for row, verdict in enumerate(verdicts(scores, sides).tolist()):
        yield [
            *(_number(float(values[row]), 6) for values in scores.probabilities.values()),
            verdict,
            str(int(scores.tokens[row])),
            *(_number(float(values[row]), 4) for values in scores.unknown.values()),
            scores.notes[row],
        ]


def _number(value: float, decimals: int) -> str:
    return "" if math.isnan(value) else f"{value:.{decimals}f}"
