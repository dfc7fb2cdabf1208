"""What unit tests share."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from tests.shelves import tiny_shelf as tiny_shelf
