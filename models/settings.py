"""What an operator may set: every limit and switch of the app, its environment variable, its default, what it means.

``value("batch_rows")`` reads ``UNROLLED_BATCH_ROWS`` where it is set and sound, else the default. Every limit stands
here; beside them there are only ``UNROLLED_SHELF``, ``UNROLLED_DATA`` and the switch ``UNROLLED_TRAINING``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One limit or switch. ``unit`` is what the number counts; ``meaning`` one line for the operator's table."""

    name: str
    default: int
    unit: str
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that changes it."""
        return f"UNROLLED_{self.name.upper()}"


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (Setting("batch_rows", 10_000, "rows", "reviews of one file that Batch scores"),)
}


def value(name: str) -> int:
    """The setting that is in force: the environment's where it is a whole number of at least 0, else the default.

    Raises:
        KeyError: if there is no setting of this name.
    """
    setting = SETTINGS[name]
    given = os.environ.get(setting.variable, "").strip().replace("_", "")
    return int(given) if given.isascii() and given.isdecimal() else setting.default
