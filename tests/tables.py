"""A table read from bytes."""

from __future__ import annotations

import io

from models.scoring.tables import Table


def table(data: bytes | str, name: str = "reviews.csv", **options) -> Table:
    return Table(io.BytesIO(data.encode() if isinstance(data, str) else data), name, **options)


def rows(data: bytes | str, name: str = "reviews.csv", **options) -> list[list[str]]:
    return list(table(data, name, **options).rows())
