"""Reading a model's files with limits: only regular files, no larger than told, sizes known before anything is read.

What is on the shelf may be damaged or put there by somebody: a link to a device, five gigabytes in a small file.
"""

from __future__ import annotations

import math
import os
import stat
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

Array = np.ndarray
MOST_TEXT = 30_000_000  # bytes of a card, of figures, curves or a vocabulary
MOST_NETWORK = 1_000_000_000
MOST_ARRAYS = 500_000_000
_MOST_MEMBERS = 200
_HEADER = 4_096


def regular(path: Path, most: int = MOST_NETWORK) -> os.stat_result:
    """The status of a file that may be read; a link to a regular file is one.

    Raises:
        OSError: if it is missing, or a device, a pipe or a folder.
        ValueError: if it is larger than ``most`` bytes.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError("it is no regular file")
    if found.st_size > most:
        raise ValueError(f"it is larger than {most // 1_000_000:,} MB")
    return found


def content(path: Path, most: int = MOST_TEXT) -> bytes:
    """All bytes of a file; raises like ``regular``."""
    regular(path, most)
    with path.open("rb") as file:
        return _read(file, most, "it")


def member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member of a zip archive, if it is no larger than told, by what it says and by what comes out.

    Raises:
        KeyError, ValueError, zipfile.BadZipFile: if it is not there, too large, or damaged.
    """
    if archive.getinfo(name).file_size > most:
        raise ValueError(f"{name} is larger than {most // 1_000_000:,} MB")
    with archive.open(name) as file:
        return _read(file, most, name)


def _read(file: IO[bytes], most: int, name: str) -> bytes:
    found = file.read(most + 1)
    if len(found) > most:
        raise ValueError(f"{name} is larger than {most // 1_000_000:,} MB")
    return found


def arrays(path: Path) -> dict[str, Array]:
    """All arrays of an ``.npz``: numbers and texts of fixed length, never objects; their sizes are looked at first.

    Raises:
        OSError, ValueError, KeyError, zipfile.BadZipFile: if it is missing, damaged, or too large unpacked.
    """
    regular(path, MOST_ARRAYS)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise ValueError(f"it holds more than {_MOST_MEMBERS} arrays")
        total = 0
        for info in members:
            with archive.open(info) as file:
                total += _declared(file)
            if total > MOST_ARRAYS or info.file_size > MOST_ARRAYS:
                raise ValueError(f"its arrays are larger than {MOST_ARRAYS // 1_000_000:,} MB")
    with np.load(path, allow_pickle=False) as saved:
        return {name: saved[name] for name in saved.files}


def _declared(file: Any) -> int:
    """How many bytes an ``.npy`` says that its numbers take."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file, max_header_size=_HEADER)
    if dtype.hasobject:
        raise ValueError("it holds objects")
    return math.prod(shape) * max(1, dtype.itemsize)


def weights(dataset: Any, most: int = MOST_NETWORK) -> Array:
    """The numbers of an HDF5 dataset as float32, if they stand in the file itself and are no more than told.

    Raises:
        ValueError: if they stand in another file, are no numbers, or more than the file can hold.
    """
    import h5py

    if not isinstance(dataset, h5py.Dataset) or dataset.dtype.kind not in "fiu":
        raise ValueError("it is no array of numbers")
    if dataset.external or dataset.is_virtual:
        raise ValueError("its numbers stand in another file")
    declared = math.prod(dataset.shape) * dataset.dtype.itemsize
    if declared > most:
        raise ValueError(f"an array is larger than {most // 1_000_000:,} MB")
    if dataset.compression is None and dataset.id.get_storage_size() < declared:
        raise ValueError("an array is larger than the file")
    return np.asarray(dataset, np.float32)


def group(parent: Any, name: str) -> Any:
    """What stands under a name in an HDF5 group, if it stands in this file: no link is followed.

    Raises:
        KeyError: if there is nothing.
        ValueError: if it is a link to another place or file.
    """
    import h5py

    if not isinstance(parent.get(name, getlink=True), h5py.HardLink):
        raise ValueError("it links to another place or file")
    return parent[name]
