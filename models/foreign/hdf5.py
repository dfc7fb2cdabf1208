"""HDF5 from a stranger: the whole tree is looked at before any number is read, and only plain arrays are read.

Imported by the child process alone (``child.py``). Refused before any data is read: links to other files or places,
data stored outside the file, virtual datasets, filters other than gzip's, other things than numbers, sizes that the
file cannot hold, groups that contain themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

from models.foreign.archive import MOST_TEXT, Refused

MOST_OBJECTS, DEEPEST = 4_000, 24
_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}
_PACKED = 1_000  # times that gzip can shrink a constant


def inspect(file: h5py.File, most_bytes: int, file_bytes: int) -> list[str]:
    """Walk over the whole tree; the paths of all datasets, none of them read.

    Raises:
        Refused: at the first thing that a saved network does not have.
    """
    seen: set[Any] = set()
    paths: list[str] = []
    total = 0
    waiting: list[tuple[Any, str, int]] = [(file, "", 0)]
    while waiting:
        group, path, depth = waiting.pop()
        if depth > DEEPEST:
            raise Refused("The HDF5 file has groups nested more deeply than a network's.")
        for name in group:
            _plain_link(group, name)
            item = group.get(name)
            if item is None:
                raise Refused("The HDF5 file is damaged: a part of it cannot be found.")
            info = h5py.h5o.get_info(item.id)
            if (info.fileno, info.addr) in seen:
                raise Refused("A part of the HDF5 file stands in it twice, or contains itself.")
            seen.add((info.fileno, info.addr))
            if len(seen) > MOST_OBJECTS:
                raise Refused(f"The HDF5 file has more than {MOST_OBJECTS:,} parts.")
            if isinstance(item, h5py.Group):
                waiting.append((item, f"{path}{name}/", depth + 1))
            elif isinstance(item, h5py.Dataset):
                total += _plain_data(item, file_bytes)
                if total > 4 * most_bytes:
                    raise Refused("The arrays of the HDF5 file are larger than a network may be.")
                paths.append(f"{path}{name}")
            else:
                raise Refused("The HDF5 file holds something that is neither a group nor an array.")
    return paths


def text(attribute_owner: Any, name: str) -> str | None:
    """A text among the attributes, None where there is none."""
    if name not in attribute_owner.attrs:
        return None
    _plain_attribute(attribute_owner, name)
    value = attribute_owner.attrs[name]
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(-1)[0]
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise Refused(f"The HDF5 file's {name} is no text.")
    return str(value)


def names(group: Any, key: str) -> Iterator[str]:
    """A list of names among the attributes; Keras cuts long ones into ``key0``, ``key1`` and so on."""
    parts = [key] if key in group.attrs else []
    while not parts or parts[0] != key:
        following = f"{key}{len(parts)}"
        if following not in group.attrs:
            break
        parts.append(following)
    if not parts:
        raise Refused(f"The HDF5 file does not tell its {key.replace('_', ' ')}.")
    for part in parts:
        _plain_attribute(group, part)
        values = np.atleast_1d(np.asarray(group.attrs[part]))
        if values.size > MOST_OBJECTS:
            raise Refused(f"The HDF5 file's {key} is too long.")
        for value in values.tolist():
            yield value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _plain_attribute(owner: Any, name: str) -> None:
    kind = owner.attrs.get_id(name)
    size = int(np.prod(kind.shape, dtype=np.float64)) if kind.shape else 1
    if size == 0:
        return
    if kind.dtype.kind not in "SOU" or h5py.check_ref_dtype(kind.dtype) is not None or size > MOST_OBJECTS:
        raise Refused(f"The HDF5 file's {name} is no text.")
    if kind.dtype.kind == "S" and kind.dtype.itemsize * size > MOST_TEXT:
        raise Refused(f"The HDF5 file's {name} is too long.")


def _plain_link(group: Any, name: str) -> None:
    if not isinstance(name, str) or len(name) > 400:
        raise Refused("The HDF5 file has a name that no network has.")
    link = group.get(name, getlink=True)
    if isinstance(link, h5py.ExternalLink):
        raise Refused("The HDF5 file has a link to another file.")
    if not isinstance(link, h5py.HardLink):
        raise Refused("The HDF5 file has a soft link in it.")


def _plain_data(dataset: h5py.Dataset, file_bytes: int) -> int:
    """Bytes of an array, as its description says; refused where it is not a plain one."""
    plist, kind = dataset.id.get_create_plist(), dataset.dtype
    if plist.get_external_count() > 0:
        raise Refused("An array of the HDF5 file is stored in another file.")
    if plist.get_layout() == h5py.h5d.VIRTUAL:
        raise Refused("An array of the HDF5 file is put together from other files.")
    if kind.kind not in "fiub" or kind.subdtype is not None or kind.fields is not None or kind.itemsize > 16:
        raise Refused("An array of the HDF5 file holds something other than numbers.")
    filters = {plist.get_filter(i)[0] for i in range(plist.get_nfilters())}
    if filters - _FILTERS:
        raise Refused("An array of the HDF5 file is packed with a filter that Keras does not use.")
    shape = dataset.shape
    if shape is None or len(shape) > 8 or any(size < 0 for size in shape):
        raise Refused("An array of the HDF5 file has an impossible shape.")
    size = int(kind.itemsize) * math.prod(map(int, shape))
    stored = dataset.id.get_storage_size()
    if stored > file_bytes or size > (_PACKED if filters else 1) * max(stored, 0):
        raise Refused("An array of the HDF5 file is said to be larger than what is stored of it.")
    if dataset.chunks is not None and np.prod(dataset.chunks, dtype=np.float64) * kind.itemsize > 4 * size + 65_536:
        raise Refused("An array of the HDF5 file is cut into pieces larger than itself.")
    return size
