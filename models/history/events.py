"""TensorBoard's event files, read byte by byte: records of length and content, protocol buffers of a known form.

Only scalars are taken out; nothing is followed, unpacked or executed, and there are limits to everything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from models.history.run import MOST_ROWS, HistoryError, Run
from models.history.trackers import pivoted

_MOST_RECORDS = 200_000
_MOST_RECORD = 5_000_000
_DOUBLE_TYPE, _FLOAT_TYPE = 2, 1
Field = tuple[int, int, bytes | int]


def is_events(data: bytes) -> bool:
    """Whether it is an event file: its first record says so."""
    return len(data) > 40 and b"brain.Event:" in data[:80] and struct.unpack_from("<Q", data)[0] < 1_000


def read(data: bytes, name: str = "") -> Run:
    """The scalars of an event file by step, as columns.

    Args:
        name: of the file or its folder, which may say that it is of validation.

    Raises:
        HistoryError: if there are none, or too many.
    """
    rows: list[tuple[str, float, float]] = []
    for record in _records(data):
        rows += _scalars(record)
        if len(rows) > MOST_ROWS:
            raise HistoryError(f"It has more than {MOST_ROWS:,} values.")
    if not rows:
        raise HistoryError("This event file of TensorBoard has no scalars in it.")
    tags = {tag for tag, _, _ in rows}
    validation = "valid" in name.lower() or any(tag.startswith("evaluation_") for tag in tags)
    epochs = [row for row in rows if row[0].startswith("epoch_")] or rows
    run = Run(pivoted(epochs, "val_" if validation else ""), partial=True)
    if not validation:
        run.notes.append(
            "An event file does not say whether it is of training or of validation (the name of its folder does): "
            "drawn as training."
        )
    return run


def _records(data: bytes) -> Iterator[bytes]:
    """The records of a TFRecord file: eight bytes of length, four of checksum, the content, four of checksum.

    The file of a training that was killed may end inside a record: that one is left out.
    """
    place = 0
    for _ in range(_MOST_RECORDS):
        if place + 16 > len(data):
            return
        (length,) = struct.unpack_from("<Q", data, place)
        if length > _MOST_RECORD or place + 16 + length > len(data):
            return
        yield data[place + 12 : place + 12 + length]
        place += 16 + length


def _scalars(event: bytes) -> list[tuple[str, float, float]]:
    """``(tag, step, value)`` of each scalar of an ``Event``."""
    step, found = 0, []
    summaries = []
    for number, kind, value in _fields(event):
        if number == 2 and kind == 0 and isinstance(value, int):
            step = value - (1 << 64) if value >= 1 << 63 else value
        elif number == 5 and isinstance(value, bytes):
            summaries.append(value)
    for summary in summaries:
        for number, _, value in _fields(summary):
            if number == 1 and isinstance(value, bytes) and (scalar := _value(value)) is not None:
                found.append((scalar[0], float(step), scalar[1]))
    return found


def _value(data: bytes) -> tuple[str, float] | None:
    """Tag and number of a ``Summary.Value``; None where it is no scalar."""
    tag, number = "", None
    for place, kind, value in _fields(data):
        if place == 1 and isinstance(value, bytes):
            tag = value[:200].decode("utf-8", "replace")
        elif place == 2 and kind == 5 and isinstance(value, bytes):
            number = float(struct.unpack("<f", value)[0])
        elif place == 8 and isinstance(value, bytes):
            number = _tensor(value)
    return None if not tag or number is None else (tag, number)


def _tensor(data: bytes) -> float | None:
    """The number of a ``TensorProto`` with one element; None for anything else."""
    dtype, content, single = 0, b"", None
    for place, kind, value in _fields(data):
        if place == 1 and kind == 0 and isinstance(value, int):
            dtype = value
        elif place == 4 and isinstance(value, bytes):
            content = value
        elif place in (5, 6) and isinstance(value, bytes):
            single = value
    form = {_FLOAT_TYPE: "<f", _DOUBLE_TYPE: "<d"}.get(dtype)
    found = content or single
    if form is None or found is None or len(found) != struct.calcsize(form):
        return None
    return float(struct.unpack(form, found)[0])


def _fields(data: bytes) -> Iterator[Field]:
    """``(number, wire type, value)`` of a protocol buffer; ends where the bytes make no sense."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        number, kind = key >> 3, key & 7
        if kind == 0:
            found, place = _varint(data, place)
            if place <= len(data):
                yield number, kind, found
            continue
        if kind == 2:
            length, place = _varint(data, place)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            return
        if place + length > len(data):
            return
        yield number, kind, data[place : place + length]
        place += length


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, and the place behind it; beyond the end where the bytes run out."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & ((1 << 64) - 1), place
    return 0, len(data) + 1
