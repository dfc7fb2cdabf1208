"""Every package that running the app takes is listed with a licence that asks nothing of whoever uses the app."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PERMISSIVE = {"MIT", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "PSF-2.0", "Zlib", "CC0-1.0"}
# Asks for changed files of the package itself, and we change none.
FILE_BY_FILE = {"MPL-2.0": {"certifi", "tqdm"}}


def test_every_package_is_listed_with_a_permissive_licence() -> None:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|", text, re.MULTILINE))
    del listed["package"]
    for lock in ("requirements.lock", "requirements-serve.lock"):
        locked = set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        assert locked <= listed.keys(), "run python docs/licences.py > docs/licences.md"
    for package, licence in listed.items():
        for part in re.split(r" (?:AND|OR) ", licence):
            assert part in PERMISSIVE or package in FILE_BY_FILE.get(part, ()), (package, licence)
