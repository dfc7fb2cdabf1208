"""A ``.keras`` file is a zip: looked at before anything in it is unpacked, and unpacked only into memory.

Imported by the child process alone (``child.py``); standard library only.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from typing import BinaryIO

MOST_MEMBERS = 200
MOST_TEXT = 40_000_000  # bytes of config.json, or of a vocabulary: 300,000 words of 128 bytes
_RATIO = 200
_NESTED = (".zip", ".keras", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".7z", ".rar", ".jar", ".whl", ".npz", ".pt", ".pth")
_NESTED_STARTS = (b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh")


class Refused(Exception):
    """The file is not read; the message says why in one line."""


def unpack(file: BinaryIO, most_bytes: int) -> dict[str, bytes]:
    """The members of a ``.keras`` file that describe a network: its configuration, weights and vocabularies.

    Raises:
        Refused: if the archive is damaged, or built as no ``.keras`` file is.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _inspect(archive.infolist(), most_bytes)
            return {info.filename: _read(archive, info, most_bytes) for info in archive.infolist() if _wanted(info)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Refused("The zip archive is damaged: a part of it is not what its directory says.") from error


def _wanted(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    return name in ("config.json", "metadata.json", "model.weights.h5") or (
        name.startswith("assets/") and name.endswith("/vocabulary.txt")
    )


def _inspect(members: list[zipfile.ZipInfo], most_bytes: int) -> None:
    names = [info.filename for info in members]
    if not names:
        raise Refused("The zip archive is empty.")
    if len(names) > MOST_MEMBERS:
        raise Refused(f"The zip archive has {len(names):,} members, more than the {MOST_MEMBERS} that a network needs.")
    if len({name.lower() for name in names}) != len(names):
        raise Refused("The zip archive has two members of the same name.")
    if any("data.pkl" in name.rsplit("/", 1)[-1] for name in names):
        raise Refused("pytorch")
    if any(name.rsplit("/", 1)[-1] == "saved_model.pb" for name in names):
        raise Refused("savedmodel")
    for info in members:
        _inspect_one(info)
    if sum(info.file_size for info in members) > 2 * most_bytes:
        raise Refused("The zip archive unpacks to more than a network may have.")
    end = 0
    for info in sorted(members, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Refused("The members of the zip archive lie over each other.")
        end = info.header_offset + info.compress_size
    if not {"config.json", "model.weights.h5"} <= set(names):
        raise Refused("weights" if "model.weights.h5" in names else "no keras zip")


def _inspect_one(info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts or "\0" in name or len(name) > 400:
        raise Refused("The zip archive has a member whose name leads out of it.")
    if info.flag_bits & 0x1 or info.flag_bits & 0x40:
        raise Refused("The zip archive is encrypted.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("The zip archive is packed in a way that Keras does not use.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused("The zip archive has a link in it.")
    if name.lower().endswith(_NESTED):
        raise Refused("The zip archive has another archive in it.")
    if info.file_size > _RATIO * max(info.compress_size, 1) + 65_536:
        raise Refused("A part of the zip archive unpacks to more than 200 times its size.")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most_bytes: int) -> bytes:
    most = most_bytes if info.filename == "model.weights.h5" else MOST_TEXT
    if info.file_size > most:
        raise Refused(f"{info.filename[:60]} is larger than a network may be.")
    with archive.open(info) as member:
        data = member.read(most + 1)
        if len(data) != info.file_size or member.read(1):
            raise Refused("The zip archive is damaged: a part of it is not what its directory says.")
    if data.startswith(_NESTED_STARTS):
        raise Refused("The zip archive has another archive in it.")
    return data
