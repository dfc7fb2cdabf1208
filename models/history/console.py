"""What Keras's ``fit`` prints: steps over one another, colours, both of Keras 2 and of Keras 3."""

from __future__ import annotations

import re
from typing import Any

from models.history.run import Run, of_rows
from models.wording import agreeing, counted

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")
_LINE = re.compile(r"[\r\n\b]+")
_EPOCH = re.compile(r"\s*Epoch\s+(\d{1,6})\s*/\s*(\d{1,6})\s*$")
_METRIC = re.compile(
    r"\b([A-Za-z]\w{0,60}):\s*([-+]?(?:\d{1,12}(?:\.\d{0,20})?(?:[eE][-+]?\d{1,3})?|nan|inf))(?![\w:])"
)
_STEP = re.compile(r"^\s*(\d{1,9})/(\d{1,9})\s")
_SECONDS = re.compile(r"(?:^|[\s\]━])(\d{1,7})s(?=\s|$)")
_LOOK = 200_000


def is_console(text: str) -> bool:
    """Whether a text is such output: epochs announced, and losses printed."""
    head = text[:_LOOK]
    return "loss: " in head and re.search(r"Epoch\s+\d{1,6}\s*/\s*\d{1,6}", head) is not None


def read(text: str) -> Run:
    """The last numbers that were printed in each epoch; an epoch that was broken off is left out, and said."""
    rows: list[dict[str, Any]] = []
    broken = 0
    row: dict[str, Any] | None = None
    step = (0, 0)

    def finish() -> None:
        nonlocal broken
        if row is None or len(row) == 1:
            return
        if step[0] < step[1]:
            broken += 1
            return
        rows.append(row)

    for line in _LINE.split(_COLOURS.sub("", text)):
        if (epoch := _EPOCH.match(line)) is not None:
            finish()
            row, step = {"epoch": int(epoch[1]) - 1}, (0, 0)
            continue
        metrics = _METRIC.findall(line)
        if row is None or not any("loss" in name for name, _ in metrics):
            continue
        if (at := _STEP.match(line)) is not None:
            step = int(at[1]), int(at[2])
        row.update({name: value for name, value in metrics if name != "ETA"})
        if seconds := _SECONDS.findall(line.split("loss:")[0]):
            row["seconds"] = seconds[-1]
    finish()
    run = Run(of_rows(rows))
    if broken:
        run.notes.append(f"{counted(broken, 'epoch')} that did not end {agreeing(broken, 'is', 'are')} left out.")
    return run
