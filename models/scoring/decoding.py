"""From the bytes of somebody's file to lines of text: the encoding found out, odd bytes mended, other files refused.

Lines are read one at a time, so a file may be larger than memory.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import math
import re
import time
from collections.abc import Iterator
from typing import BinaryIO

from models.errors import SafeError

MOST_LINE = 16_000_000
_HEAD = 65_536
_LOOK = 256  # lines between two looks at the clock
_KERAS = "a Keras model, and here reviews are read: bring it to the page “Your network”"
_ZIP = "a zip archive or an Excel workbook: unpack it, or save the sheet as CSV"
_SIGNATURES = (
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file: save it as CSV"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive: unpack it first"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"%PDF", "a PDF: copy its text out"),
    (b"PAR1", "a Parquet file: save it as CSV"),
    (b"SQLite format 3", "a SQLite database: export the table as CSV"),
    (
        b"\x89HDF",
        "an HDF5 file. If it is a Keras model (.h5), bring it to the page “Your network”; of a table, save a CSV",
    ),
    (b"\x93NUMPY", "a NumPy array: save it as CSV"),
    (b"\x80\x04\x95", "a Python pickle, which is never opened: save it as CSV"),
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# A byte that is no UTF-8 arrives as a lone surrogate; it is then read as Windows-1252, the superset of Latin-1 that
# people mean, byte by byte, so that a file of mixed encodings is read too.
_ODD = re.compile("[\udc80-\udcff]")
_WINDOWS = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in range(128, 256)
}


class TableError(SafeError, ValueError):
    """The file is no table of reviews. ``reason``: our own words; ``detail``: may quote the file, plain text only."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, detail


def encoding_of(head: bytes) -> str:
    """The encoding of a file that begins with ``head``: by its mark, by its zeros, else UTF-8.

    Raises:
        TableError: if it is empty, or not text at all.
    """
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise TableError("The file is empty.")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            if kind == _ZIP and any(name in head for name in (b"model.weights.h5", b"metadata.json")):
                kind = _KERAS
            raise TableError(f"This is not a text file but {kind}.")
    # English text in UTF-16 has a zero in every other byte; a few zeros may stand in any text.
    half = max(1, len(head) // 2)
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(head) >= 4 and head[place::2].count(0) > 0.4 * half > head[1 - place :: 2].count(0):
            return encoding
    # Text has next to no control characters; what is no UTF-8 either is something compressed or compiled.
    controls = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\f\r\x1b")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        most = 0.3
    except UnicodeDecodeError:
        most = 0.03
    if controls > most * len(head):
        raise TableError("This is not a text file.")
    return "utf-8"


class Again:
    """A few lines that were read already, as an iterator that takes lines back."""

    def __init__(self, lines: list[str]) -> None:
        self._again = lines[::-1]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._again:
            raise StopIteration
        return self._again.pop()

    def put_back(self, lines: list[str]) -> None:
        """Let these lines come again, in this order, before the rest."""
        self._again.extend(reversed(lines))


class Lines(Again):
    """The lines of a binary file, each with its line end.

    Args:
        file: seekable; read from its beginning, and left open.
        seconds: after so many of work there are no more lines; 0: as long as it takes.

    Attributes:
        cut: whether the time ran out before the file did.
        mended: how many lines had bytes that are not in the file's encoding.

    Raises:
        TableError: if the file is no text, or (while reading) if a line is longer than ``MOST_LINE`` characters.
    """

    def __init__(self, file: BinaryIO, seconds: float = 0.0) -> None:
        super().__init__([])
        file.seek(0)
        head = file.read(_HEAD)
        file.seek(0)
        self.encoding = encoding_of(head)
        self._utf8 = self.encoding.startswith("utf-8")
        errors = "surrogateescape" if self._utf8 else "replace"
        self._text = io.TextIOWrapper(file, self.encoding, errors, newline="")
        self.mended = 0
        self.cut = False
        self._given = 0
        # Of work, not of waiting for the processor: a busy machine reads as much of a file as an idle one.
        self._until = time.thread_time() + seconds if seconds else math.inf

    def __next__(self) -> str:
        self._given += 1
        if self._given % _LOOK == 0 and time.thread_time() > self._until:
            self.cut = True
            raise StopIteration
        if self._again:
            return self._again.pop()
        line = self._text.readline(MOST_LINE)
        if not line:
            raise StopIteration
        if len(line) == MOST_LINE:
            raise TableError(f"It has a line of more than {MOST_LINE // 1_000_000} million characters.")
        if not line.isascii() and self._utf8 and _ODD.search(line):
            self.mended += 1
            return line.translate(_WINDOWS)
        self.mended += not self._utf8 and "\ufffd" in line
        return line

    def close(self) -> None:
        """Let go of the file without closing it."""
        with contextlib.suppress(ValueError):  # the file was closed before its reader
            self._text.detach()
