"""The file that is scored, watched while it is read: has it changed since, or under our hands?"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

_BLOCK = 1 << 18


class InputChanged(Exception):
    """The file of reviews is not the one that the run began with."""


class WatchedSource(io.RawIOBase):
    """A file read in any order, with a hash of everything up to the furthest byte read, made on the way.

    ``buffered`` is what readers want. A run writes ``seen`` down; a later one asks ``begins_as`` before it goes on.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._path, self._hash, self._hashed = path, hashlib.blake2b(digest_size=16), 0
        self._state = self._look()
        self.size = self._state[0]
        self.buffered = io.BufferedReader(self, _BLOCK)

    @property
    def seen(self) -> tuple[int, str]:
        """How many bytes from the beginning were read so far, and their hash."""
        return self._hashed, self._hash.hexdigest()

    def begins_as(self, length: int, digest: str) -> bool:
        """Whether the first ``length`` bytes have this hash; they are read for it, at the speed of the disk."""
        again = hashlib.blake2b(digest_size=16)
        left = length
        with self._path.open("rb") as file:
            while left and (block := file.read(min(left, 1 << 20))):
                again.update(block)
                left -= len(block)
        return left == 0 and again.hexdigest() == digest

    def still_the_same(self) -> None:
        """Look at size and time of the file.

        Raises:
            InputChanged: if somebody has written to it since it was opened.
        """
        if self._look() != self._state:
            raise InputChanged("the file was changed while it was read; --restart begins anew")

    def readinto(self, buffer: Any) -> int:
        """As of every file; what was not read before goes into the hash."""
        start = self._file.tell()
        count = self._file.readinto(buffer) or 0
        if start <= self._hashed < start + count:
            self._hash.update(memoryview(buffer)[self._hashed - start : count])
            self._hashed = start + count
        return count

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As of every file."""
        return self._file.seek(offset, whence)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _look(self) -> tuple[int, int]:
        # By its name, so that a file put in its place counts as well.
        found = self._path.stat()
        return found.st_size, found.st_mtime_ns
