"""What goes wrong is logged by its kind and place: the words of an error can quote what a visitor wrote."""

from __future__ import annotations

import logging
import time
import traceback
from typing import Any

from streamlit import config


def without_words(error: BaseException) -> str:
    """Where an error came from and of what kind it is, and those that it came from; never what it says."""
    parts = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(
            f"Traceback (most recent call last):\n{frames}{type(current).__module__}.{type(current).__qualname__}"
        )
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nwhich came from\n".join(parts)


_LAST_WRITTEN: dict[str, float] = {}
_AGAIN, _MOST = 60.0, 100  # seconds


def _once(line: str) -> str:
    """An error's whole story once a minute, else its last line: somebody may cause it many times a second."""
    now = time.monotonic()
    if now - _LAST_WRITTEN.get(line, -_AGAIN) < _AGAIN:
        return f"{line.rsplit(chr(10), 1)[-1]}, as before"
    if len(_LAST_WRITTEN) >= _MOST:
        _LAST_WRITTEN.clear()
    _LAST_WRITTEN[line] = now
    return line


def install() -> None:
    """Let every record that any logger makes from now on tell its error without its words.

    Streamlit prints a page's errors past all loggers where it finds a library for coloured tracebacks.
    """
    config.set_option("logger.enableRich", False)
    make = logging.getLogRecordFactory()

    def record(*arguments: Any, **more: Any) -> logging.LogRecord:
        made = make(*arguments, **more)
        error, made.exc_info = made.exc_info, None
        if error is not None and error[1] is not None:
            made.exc_text = _once(without_words(error[1]))
            if isinstance(made.args, tuple):
                safe = (type(value).__qualname__ if isinstance(value, BaseException) else value for value in made.args)
                made.args = tuple(safe)
        return made

    logging.setLogRecordFactory(record)
