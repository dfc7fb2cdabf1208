"""The operator's table is the code's own, and nonsense in it is not in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import settings

ROOT = Path(__file__).resolve().parents[2]
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_printed_by_the_code() -> None:
    between = SECURITY.split("<!-- settings -->\n")[1].split("<!-- end of settings -->")[0]
    assert between == settings.table(), "run python -m models.settings and put the table into docs/security.md"


def test_a_setting_that_makes_no_sense_is_not_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, expected in (("5", 5), (" 5_000 ", 5000), ("-1", 10_000), ("many", 10_000), ("", 10_000), ("٣", 10_000)):
        monkeypatch.setenv("UNROLLED_BATCH_ROWS", given)
        assert settings.value("batch_rows") == expected
