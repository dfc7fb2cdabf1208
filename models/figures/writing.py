"""Records as they stand in ``evaluation.json``."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

from models.figures.records import IN_FILE


def as_json(record: Any) -> Any:
    """A record as plain JSON values, its parts in its own order; what it lacks is left out, NaN is null."""
    if isinstance(record, tuple):
        return [as_json(one) for one in record]
    if is_dataclass(record):
        held = ((field.name, getattr(record, field.name)) for field in fields(record))
        return {IN_FILE.get(name, name): as_json(value) for name, value in held if value is not None and value != ()}
    return None if isinstance(record, float) and math.isnan(record) else record
