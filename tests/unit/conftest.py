"""What unit tests share."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from tests.histories import runs as runs
from tests.histories import runs_shelf as runs_shelf
from tests.judged import judged as judged
from tests.judged import trio as trio
from tests.shelves import tiny_model as tiny_model
from tests.shelves import tiny_shelf as tiny_shelf
