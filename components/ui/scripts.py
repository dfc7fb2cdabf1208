"""The files of components that run in the browser: HTML, CSS and JavaScript beside the Python that uses them."""

from __future__ import annotations

from pathlib import Path

_COMPONENTS = Path(__file__).resolve().parents[1]


def content(*names: str) -> str:
    """Files by their paths below ``components/``, in order: the scripts of one component are one module."""
    return "\n".join((_COMPONENTS / name).read_text(encoding="utf-8") for name in names)
