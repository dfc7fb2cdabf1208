"""Prints docs/licences.md: the licence of every package that running the app takes, from the packages' own metadata.

.venv/bin/python docs/licences.py > docs/licences.md
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Whose metadata name none, or that this platform does not install.
BY_HAND = {"colorama": "BSD-3-Clause", "namex": "Apache-2.0", "tensorflow": "Apache-2.0", "altair": "BSD-3-Clause"}
SAID_OTHERWISE = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
}


def locked(lock: str) -> list[str]:
    """The packages of a lock file."""
    return re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)


def licence(package: str) -> str:
    """Its licence, by its SPDX name where the package says it in another way.

    Raises:
        LookupError: if the package is not installed, or names none.
    """
    if package in BY_HAND:
        return BY_HAND[package]
    try:
        found = metadata.metadata(package)
    except metadata.PackageNotFoundError as error:
        raise LookupError(f"{package} is not installed") from error
    classifiers = [entry.rpartition(" :: ")[2] for entry in found.get_all("Classifier") or () if "License ::" in entry]
    named = found.get("License-Expression") or found.get("License") or next(iter(classifiers), "")
    if not named or "\n" in named:
        raise LookupError(f"{package} names no licence")
    return SAID_OTHERWISE.get(named, named)


def page() -> str:
    """The page, as Markdown."""
    serving = set(locked("requirements-serve.lock"))
    lines = [
        "# Licences",
        "",
        "Unrolled is under the [MIT licence](../LICENSE). Running it takes the packages below; none is part of this",
        "repository. A host that only serves takes those with a mark.",
        "`.venv/bin/python docs/licences.py` prints this page.",
        "",
        "| package | licence | serving |",
        "|---|---|---|",
    ]
    packages = sorted(set(locked("requirements.lock")) | serving)
    lines += [f"| {package} | {licence(package)} | {'•' if package in serving else ''} |" for package in packages]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
