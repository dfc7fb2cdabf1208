"""``evaluation.json``, read (every part that is there is of the right kind, or the file is refused) and written."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

from models.compare import challenges
from models.figures.records import (
    IN_FILE,
    AtThreshold,
    Bin,
    Calibration,
    Challenges,
    Confusion,
    Figures,
    LengthSlice,
    OpinionFigures,
    PairFigures,
    RocPoint,
    ShareSlice,
    Slice,
    StarSlice,
    SwapFigures,
    TextFigures,
    columns,
)

Record = TypeVar("Record")
_MOST = 2**53  # what a float still counts exactly


def read(content: Any) -> Figures:
    """The figures; older files may lack parts. A damaged part "challenges" leaves out its own panels only.

    Raises:
        ValueError: naming the first part that is not what it should be.
    """
    if not isinstance(content, dict):
        raise ValueError("evaluation.json is not an object")
    numbers = _numbers(Figures, content, "the figures")
    n = numbers["test_reviews"]
    if not n:
        raise ValueError("test_reviews is 0")
    confusion = _record(Confusion, _part(content, "confusion", dict), "confusion")
    if confusion.positive + confusion.negative != n:
        raise ValueError("confusion does not add up to test_reviews")
    official = content.get("official_test", True)
    if not isinstance(official, bool):
        raise ValueError("official_test is neither true nor false")
    model = content.get("model")
    if not isinstance(model, str | None):
        raise ValueError("model is no text")
    damaged: tuple[str, ...] = ()
    try:
        challenge = _challenges(content)
    except ValueError:
        challenge, damaged = None, ("challenges",)
    return Figures(
        **numbers,
        model=model,
        confusion=confusion,
        official_test=official,
        without_duplicates=_record(Slice, content["without_duplicates"], "without_duplicates")
        if "without_duplicates" in content
        else None,
        calibration=_calibration(content),
        roc=_rows(RocPoint, content, "roc"),
        thresholds=_rows(AtThreshold, content, "thresholds"),
        by_length=_rows(LengthSlice, content, "by_length"),
        by_stars=_rows(StarSlice, content, "by_stars"),
        by_share_read=_rows(ShareSlice, content, "by_share_read"),
        right_bits=_right_bits(content, n, numbers["accuracy"]),
        challenges=challenge,
        damaged=damaged,
    )


def as_json(record: Any) -> Any:
    """A record as plain JSON values, its parts in its own order; what it lacks is left out, NaN is null."""
    if isinstance(record, tuple):
        return [as_json(one) for one in record]
    if is_dataclass(record):
        held = ((field.name, getattr(record, field.name)) for field in fields(record))
        return {IN_FILE.get(name, name): as_json(value) for name, value in held if value is not None and value != ()}
    return None if isinstance(record, float) and math.isnan(record) else record


def _calibration(content: Mapping[str, Any]) -> Calibration | None:
    if "calibration" not in content:
        return None
    found = _part(content, "calibration", dict)
    return Calibration(_rows(Bin, found, "bins"), **_numbers(Calibration, found, "calibration"))


def _challenges(content: Mapping[str, Any]) -> Challenges | None:
    if "challenges" not in content:
        return None
    found = _part(content, "challenges", dict)
    for name in ("pairs", "singles", "swaps"):
        _part(found, name, list)
    return Challenges(
        _rows(PairFigures, found, "pairs", challenges.PAIRS),
        _rows(TextFigures, found, "singles", challenges.SINGLES),
        _rows(SwapFigures, found, "swaps", challenges.SWAPS),
        _rows(OpinionFigures, found, "opinions", challenges.OPINIONS),
        _rows(TextFigures, found, "cuts", challenges.CUTS),
    )


def _right_bits(content: Mapping[str, Any], n: int, accuracy: float) -> str | None:
    """The text of the bits, which are as many as reviews and tell the same accuracy."""
    if "right_bits" not in content:
        return None
    packed = content["right_bits"]
    if not isinstance(packed, str):
        raise ValueError("right_bits is no text")
    bits = np.frombuffer(base64.b64decode(packed, validate=True), np.uint8)
    if len(bits) != -(-n // 8):
        raise ValueError("right_bits is of another length than test_reviews")
    if int(np.unpackbits(bits, count=n).sum()) != round(n * accuracy):
        raise ValueError("right_bits and accuracy do not agree")
    return packed


def _part(content: Mapping[str, Any], name: str, kind: type) -> Any:
    found = content.get(name)
    if not isinstance(found, kind) or not found:
        raise ValueError(f"{name} is missing or not what it should be")
    return found


def _rows(
    record: type[Record], content: Mapping[str, Any], name: str, kinds: Mapping[str, str] | None = None
) -> tuple[Record, ...]:
    """The rows of a part as records; none where the part is missing."""
    if name not in content:
        return ()
    return tuple(_record(record, row, name, kinds) for row in _part(content, name, list))


def _record(record: type[Record], row: Any, where: str, kinds: Mapping[str, str] | None = None) -> Record:
    if not isinstance(row, dict):
        raise ValueError(f"{where} holds something that is not a row")
    return record(**_numbers(record, row, where, kinds))


def _numbers(
    record: type, row: Mapping[str, Any], where: str, kinds: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The numbers of a record, and its kind, by attribute."""
    values: dict[str, Any] = {}
    for column in columns(record):
        if column.kind == "kind":
            if not isinstance(kind := row.get(column.name), str) or kinds is None or kind not in kinds:
                raise ValueError(f"{where} holds a kind that is not known")
            values[column.attribute] = kind
        elif column.name in row or not column.optional:
            # Only a slice without reviews may leave its share open.
            kind = column.kind.rstrip("?") if row.get("reviews") else column.kind
            values[column.attribute] = _value(row, column.name, kind, where)
    return values


def _value(row: Mapping[str, Any], name: str, kind: str, where: str) -> Any:
    value: Any = row.get(name)
    if value is None and kind.endswith("?") and name in row:
        return math.nan
    fine = isinstance(value, int if kind == "count" else int | float) and not isinstance(value, bool)
    if not fine or not 0 <= value <= (1 if kind.startswith("share") else _MOST):
        raise ValueError(f"{name} in {where} is missing or not what it should be")
    return value
