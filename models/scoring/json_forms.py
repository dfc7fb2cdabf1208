"""JSON that is not one object a line: lists of objects, of lists, of strings; the forms in which pandas writes a table.

Such a file is read as a whole, so there is a limit to its size; one object a line may be larger than memory.
"""

from __future__ import annotations

import json
from typing import Any

from models.scoring.decoding import TableError

MOST_CHARACTERS = 64_000_000
_HOLDERS = ("data", "rows", "records", "reviews", "items", "results", "examples", "documents")
_HEADINGS = frozenset({"review", "text", "comment", "content", "sentence", "tweet", "label", "sentiment"})
_SPACE = "\ufeff \t\r\n"
_SCALAR = (str, int, float, bool, type(None))


def parsed(line: str) -> Any:
    """What a line says, a comma at its end forgiven; None where it says nothing readable (``null`` neither)."""
    bare = line.strip(_SPACE)
    for text in (bare, bare.removesuffix(",")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            continue
    return None


def needs_the_whole(head: list[str]) -> bool:
    """Whether the first lines are no objects one a line, but the beginning of one value, or of several long ones."""
    filled = [line.strip(_SPACE) for line in head if line.strip(_SPACE)]
    if not filled or filled[0][0] not in "[{":
        return False
    first = parsed(filled[0])
    if isinstance(first, dict):
        return len(filled) == 1 and _table(first) is not None
    if isinstance(first, list):
        return len(filled) == 1 or first == []
    if filled[0] in ("[", "{", "[[", "[{"):
        return True
    # ``[{"review": "a"},`` and the like: a list that begins on the line of its first item, or an object cut into lines.
    opened = filled[0].removesuffix(",")
    if filled[0][0] == "[":
        return parsed(opened[1:]) is not None or parsed(opened + "]") is not None or opened[:2] in ("[{", "[[", '["')
    return len(filled) > 1 and filled[0][1:].lstrip()[:1] == '"' and parsed(filled[1]) is None


def records(text: str) -> list[Any]:
    """The rows of a whole JSON file: objects, lists or strings.

    Raises:
        TableError: if it cannot be read, or holds no rows.
    """
    values = _values(text)
    if len(values) > 1:
        return values
    content = values[0]
    if isinstance(content, dict):
        found = _table(content)
        return [content] if found is None else found
    if not isinstance(content, list):
        raise TableError("Its JSON is neither a list nor an object.")
    if content and all(isinstance(row, int | float | bool) or row is None for row in content):
        raise TableError("Its JSON is a list of numbers; reviews are texts.")
    return _named(content)


def _named(rows: list[Any]) -> list[Any]:
    """Lists whose first one names the columns as objects; anything else as it is."""
    first = rows[0] if rows else None
    if not isinstance(first, list) or not all(isinstance(row, list) for row in rows):
        return rows
    names = [name for name in first if isinstance(name, str)]
    if len(names) != len(first) or len(set(names)) != len(first) or _HEADINGS.isdisjoint(map(str.lower, names)):
        return rows
    return [dict(zip(names, row, strict=False)) for row in rows[1:]]


def _values(text: str) -> list[Any]:
    """All JSON values of a text, one after another, commas between them forgiven."""
    decoder, values, place = json.JSONDecoder(), [], 0
    text = text.strip(_SPACE)
    try:
        while place < len(text):
            value, place = decoder.raw_decode(text, place)
            values.append(value)
            while place < len(text) and text[place] in _SPACE + ",":
                place += 1
    except (ValueError, RecursionError) as error:
        line = text.count("\n", 0, getattr(error, "pos", 0)) + 1
        raise TableError(f"It begins like JSON but cannot be read as JSON (line {line:,}).") from error
    if not values:
        raise TableError("The file is empty.")
    return values


def _table(content: dict[str, Any]) -> list[Any] | None:
    """The rows of an object that is a table: rows under a name, columns of lists, or as pandas writes them."""
    columns, data = content.get("columns"), content.get("data")
    if isinstance(columns, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return [dict(zip(map(str, columns), row, strict=False)) for row in data]
    for name in _HOLDERS:
        rows = content.get(name)
        if isinstance(rows, list) and rows and all(isinstance(row, dict | list) for row in rows):
            return rows
    inner = list(content.values())
    if inner and all(isinstance(column, dict) for column in inner):
        return _of_objects(content)
    if len(inner) > 1 and all(isinstance(column, list) for column in inner) and len({len(c) for c in inner}) == 1:
        return [dict(zip(content, row, strict=True)) for row in zip(*inner, strict=True)]
    if (
        len(inner) == 1
        and isinstance(inner[0], list)
        and len(inner[0]) > 1
        and all(isinstance(v, str) for v in inner[0])
    ):
        return [{name: value} for name, values in content.items() for value in values]
    return None


def _of_objects(content: dict[str, Any]) -> list[Any] | None:
    """``{"review": {"0": …}, "label": {"0": …}}``, or the same turned round: ``{"0": {"review": …}, …}``."""
    if not all(isinstance(value, _SCALAR) for column in content.values() for value in column.values()):
        return None
    if all(name.isdigit() for name in content):
        return list(content.values())
    if not all(key.isdigit() for column in content.values() for key in column):
        return None
    keys = dict.fromkeys(key for column in content.values() for key in column)
    return [{name: column.get(key) for name, column in content.items()} for key in keys]
