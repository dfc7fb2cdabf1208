"""The machine's own Chromium, for what is measured or photographed in a browser."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; ends the process with status 2 where there is none on the PATH."""
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if executable is None:
        sys.stderr.write(f"no Chromium on the PATH ({', '.join(CHROMIUMS)})\n")
        sys.exit(2)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=executable, args=ARGUMENTS) as one:
        yield one
