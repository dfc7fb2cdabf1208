"""Where scored rows go: a part beside the finished file, held by one run at a time; or a pipe or device, written to."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

if sys.platform != "win32":
    import fcntl


class OutputBusy(Exception):
    """Another run writes to the same output at this moment."""


def is_stream(output: Path) -> bool:
    """Whether the output is there and no regular file: a pipe, a terminal, ``/dev/full``. Never to be replaced."""
    try:
        return not stat.S_ISREG(output.stat().st_mode)
    except FileNotFoundError:
        return False


@dataclass(frozen=True, slots=True)
class Settled:
    """How far a run has come, as its checkpoint says.

    Attributes:
        rows: that are written, in the first ``bytes`` of the part.
        seen: how many bytes of the input were read for them, and the hash of these.
        settings: everything that the result depends on.
    """

    rows: int
    bytes: int
    seen: tuple[int, str]
    settings: dict[str, Any]


class Part:
    """``<output>.part`` with what is scored so far, and ``<output>.part.json``, how much of that is settled.

    An output that is a link means the file it leads to: two runs that name it differently are one output.
    """

    def __init__(self, output: Path) -> None:
        self.output = output.resolve()
        self.path = self.output.with_name(self.output.name + ".part")
        self.checkpoint = self.output.with_name(self.output.name + ".part.json")
        self._fresh = self.checkpoint.with_name(self.checkpoint.name + ".new")

    @contextmanager
    def held(self) -> Iterator[BinaryIO]:
        """The part, open for reading and writing and nobody else's as long as this lasts.

        Raises:
            OutputBusy: if another run holds it.
        """
        while True:
            file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
            try:
                _hold(file)
            except OSError as error:
                file.close()
                raise OutputBusy(
                    f"another run is writing to {str(self.output)!r}; wait for it, or give another --output"
                ) from error
            if self._is(file):
                break
            file.close()  # the other run has just finished: what we hold is its result under its own name
        with file:
            yield file

    def settled(self) -> Settled | None:
        """What the checkpoint says; None where it is missing or damaged, or the part is shorter than it says."""
        try:
            found = Settled(**json.loads(self.checkpoint.read_text(encoding="utf-8")))
            (length, digest), size = found.seen, self.path.stat().st_size
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        numbers = all(isinstance(number, int) for number in (found.rows, found.bytes, length))
        kinds = numbers and isinstance(digest, str) and isinstance(found.settings, dict)
        return found if kinds and found.rows > 0 and 0 < found.bytes <= size and length >= 0 else None

    def settle(self, content: Settled) -> None:
        """Write the checkpoint, in one move."""
        self._fresh.write_text(json.dumps(asdict(content)), encoding="utf-8")
        os.replace(self._fresh, self.checkpoint)

    def finish(self) -> None:
        """Give the part the output's name, in one move, and take everything else away."""
        os.replace(self.path, self.output)
        self._forget()

    def remove(self) -> None:
        """Leave nothing of the part behind."""
        self.path.unlink(missing_ok=True)
        self._forget()

    def leftovers(self) -> list[Path]:
        """Files of an earlier run of this output with which nothing can be done.

        A part that nothing is known of, a checkpoint without its part; none where the run can be gone on with.
        """
        if self.settled() is not None:
            return [self._fresh] if self._fresh.exists() else []
        there = [self.path] if self.path.exists() and self.path.stat().st_size else []
        return there + [path for path in (self.checkpoint, self._fresh) if path.exists()]

    def strangers(self) -> list[Path]:
        """Parts of other outputs in the same folder, which nobody is writing at this moment."""
        beside = [path for path in sorted(self.output.parent.glob("*.part")) if path != self.path]
        return [path for path in beside if path.with_name(path.name + ".json").exists() and not _held(path)]

    def _forget(self) -> None:
        self.checkpoint.unlink(missing_ok=True)
        self._fresh.unlink(missing_ok=True)

    def _is(self, file: BinaryIO) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False


def _hold(file: BinaryIO) -> None:
    """Hold a file, or raise OSError where another process does. Windows refuses to open it twice for itself.

    The part itself is held, and written through: filelock's would be a third file, left behind beside the output.
    """
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _held(path: Path) -> bool:
    try:
        with path.open("r+b") as file:
            _hold(file)
    except OSError:
        return True
    return False
