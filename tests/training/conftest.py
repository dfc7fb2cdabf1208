"""Networks are really trained here: in the lane of ``python3 go.py test --all`` alone (see ``tests/conftest.py``)."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
