"""What an operator may set: every limit and switch of the app, its environment variable, its default, what it means.

``value("batch_rows")`` reads ``UNROLLED_BATCH_ROWS`` where it is set and sound, else the default; ``entries("hosts")``
reads a list of names. Every limit that an operator may set stands here; beside them there are only ``UNROLLED_SHELF``,
``UNROLLED_DATA`` and the switch ``UNROLLED_TRAINING``. What a form of file or a chart holds at all
(``MOST_…``) is no setting and stands where it is read or drawn.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

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


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("batch_rows", 10_000, "rows", "reviews of one file that Batch scores"),
        Setting(
            "hosts",
            "",
            "names",
            "names the app is asked for by, beside this machine's own; `*.school.example` stands for all below it",
        ),
        Setting("embed", "", "origins", "other sites that may show the app in a frame, as `https://school.example`"),
        Setting("metrics_port", 0, "port", "where `/metrics` is answered, apart from the pages; 0 is nowhere"),
        Setting("kept_readings", 20, "MB", "memory for readings that visits may come back to, all visits together"),
        Setting("kept_texts", 24, "MB", "what layers did over our own texts, kept for the searches of all visits"),
        Setting("drain_seconds", 20, "seconds", "time that work in hand gets to end once the server is told to stop"),
        Setting("connections", 500, "connections", "of browsers to one process at once"),
        Setting("message_rate", 20, "messages a second", "of one connection that are answered at once"),
        Setting("message_memory", 64, "MB", "of what browsers have sent and is not worked on yet, all together"),
        Setting("text_read", 100_000, "characters", "of one typed text that are read; the rest is shown as not read"),
        Setting("text_taken", 1_000_000, "characters", "that a text box takes at all"),
        Setting("work_at_once", 0, "pieces", "of long work that are computed at once; 0: as many as there are cores"),
        Setting("work_queue", 40, "jobs", "of long work that may wait; who comes then is asked to try again"),
        Setting("work_per_visit", 3, "jobs", "of long work that one visit may have"),
        Setting("work_memory", 1_500, "MB", "that one worker process may take"),
        Setting("upload_file", 20, "MB", "of one uploaded file"),
        Setting("upload_session", 40, "MB", "of all files that one visit holds"),
        Setting("upload_files", 6, "files", "that one visit holds"),
        Setting("upload_process", 160, "MB", "of all files that the server holds"),
        Setting("upload_networks", 300, "MB", "of all networks' files that the server holds, apart from other files"),
        Setting("upload_seconds", 120, "seconds", "until an upload that is not complete is given up"),
        Setting("batch_seconds", 4, "seconds", "of work that reading one file may take; 0: as much as it takes"),
        Setting("batch_cells", 500_000, "cells", "of one file that Batch holds"),
        Setting("classes", 50, "classes", "that are open for phones at once"),
        Setting("class_hours", 4, "hours", "after which a class ends by itself"),
        Setting("class_phones", 200, "phones", "that may join one class"),
        Setting("class_tries", 30, "wrong codes", "one address may try in a minute; all together ten times as many"),
        Setting("network_megabytes", 100, "MB", "size of a network's file that a visitor brings"),
        Setting("network_parameters", 30_000_000, "numbers", "parameters of a brought network"),
        Setting("network_words", 300_000, "words", "vocabulary of a brought network"),
        Setting("network_layers", 16, "layers", "recurrent and other layers of a brought network"),
        Setting("network_units", 2_048, "units", "size of one layer of a brought network"),
        Setting("network_timesteps", 2_000, "timesteps", "words and padding of one review, for a brought network"),
        Setting("network_work", 4, "billions", "of multiplications that reading one text with a brought network takes"),
        Setting("network_seconds", 10, "s", "time that taking a brought file apart may take"),
        Setting("network_memory", 1_000, "MB", "memory of the process that takes a brought file apart"),
        Setting("brought_megabytes", 1_000, "MB", "all networks together that visitors have brought, in one process"),
    )
}


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
