"""What an operator may set: every limit and switch of the app, its environment variable, its default, what it means.

Every one stands in ``settings.toml``; beside them there are only ``UNROLLED_SHELF``, ``UNROLLED_DATA`` and the switch
``UNROLLED_TRAINING``. ``value("batch_rows")`` reads ``UNROLLED_BATCH_ROWS`` where that is set and sound, and
``entries("hosts")`` a list of names. What a form of file or a chart holds at all (``MOST_…``) is no setting and stands
where it is read or drawn.
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024  # bytes, wherever a setting counts MB, as Streamlit counts uploads


@dataclass(frozen=True, slots=True)
class Setting:
    """One limit or switch. ``unit`` is what the number counts; ``meaning`` one line for the operator's table.

    A default that is text is a list, its entries separated by commas.
    """

    name: str
    default: int | str
    unit: str
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that changes it."""
        return f"UNROLLED_{self.name.upper()}"


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SETTINGS: dict[str, Setting] = {name: Setting(name, *row) for name, row in _TABLE.items()}


def value(name: str) -> int:
    """The setting that is in force: the environment's where it is a whole number of at least 0, else the default.

    Raises:
        KeyError: if there is no setting of this name.
        TypeError: if it is a list; see ``entries``.
    """
    setting = SETTINGS[name]
    if isinstance(setting.default, str):
        raise TypeError(f"{name} is a list")
    given = os.environ.get(setting.variable, "").strip().replace("_", "")
    return int(given) if given.isascii() and given.isdecimal() else setting.default


def entries(name: str) -> tuple[str, ...]:
    """The entries of a list that are in force: the environment's where it is set and not blank, else the default's.

    Raises:
        KeyError: if there is no setting of this name.
    """
    setting = SETTINGS[name]
    given = os.environ.get(setting.variable, "").strip() or str(setting.default)
    return tuple(entry for entry in (part.strip() for part in given.split(",")) if entry)


def table() -> str:
    """All settings as a Markdown table: variable, default, unit, meaning."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for setting in SETTINGS.values():
        default = f"{setting.default:,}" if isinstance(setting.default, int) else setting.default or "none"
        rows.append(f"| `{setting.variable}` | {default} {setting.unit} | {setting.meaning} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
