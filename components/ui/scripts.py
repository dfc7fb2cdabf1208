"""The files of components that run in the browser: HTML, CSS and JavaScript beside the Python that uses them."""

from __future__ import annotations

import re
from pathlib import Path

_COMPONENTS = Path(__file__).resolve().parents[1]


def content(*names: str) -> str:
    """Files by their paths below ``components/``, in order: the scripts of one component are one module.

    They come without indentation and the lines that are comments: a component's code is looked through in every run.
    """
    text = "\n".join((_COMPONENTS / name).read_text(encoding="utf-8") for name in names)
    return re.sub(r"^[ \t]*//.*\n|^\s+", "", text, flags=re.MULTILINE)
