"""``str(history.history)``, ``print`` of a dictionary: Python's own notation, turned into JSON and never evaluated."""

from __future__ import annotations

import json
import re
from typing import Any

_SCALAR = re.compile(r"(?:np\.|numpy\.)?(?:float|int|uint)\d{1,3}\(([^()]{1,40})\)")
_ARRAY = re.compile(r"(?:np\.|numpy\.)?array\((\[[^\]]*\])(?:,\s*dtype=[\w.]+)?\)")
_TOKEN = re.compile(
    r"""'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)"|(-?\b(?:nan|inf|NaN|Infinity|None|True|False)\b)|([(\[])|([)\]])|,(?=\s*[\])}])""",
    re.DOTALL,
)
_NAMES = {
    "nan": "NaN", "-nan": "NaN", "NaN": "NaN", "inf": "Infinity", "-inf": "-Infinity", "None": "null", "True": "true",
    "False": "false", "Infinity": "Infinity", "-Infinity": "-Infinity",
}  # fmt: skip


def parse(text: str) -> Any:
    """The value of the first dictionary in the text; None where it cannot be read."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start or start > 500:
        return None
    bare = _ARRAY.sub(r"\1", _SCALAR.sub(r"\1", text[start : end + 1]))
    try:
        return json.loads(_TOKEN.sub(_as_json, bare))
    except (ValueError, RecursionError):
        return None


def _as_json(found: re.Match[str]) -> str:
    single, double, name, opened, closed = found.groups()
    if single is not None or double is not None:
        inner = single if single is not None else double
        return json.dumps(inner.replace("\\'", "'").replace('\\"', '"'))
    if name is not None:
        return _NAMES.get(name, "null")
    return "[" if opened else "]" if closed else ""
