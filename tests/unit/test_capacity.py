"""The arithmetic of the capacity page, on round numbers, and that the page says what its numbers come to."""

from __future__ import annotations

import re

import pytest

from benchmarks.capacity import PAGE, Measured, core_hours, plan, tables
from benchmarks.report import put

ROUND = Measured(reading=0.02, verdicts=0.03, fresh=300, visitor=0.5)


def test_half_of_a_core_carries_what_it_has_the_time_for():
    # Each takes 0.05 s of every 5 s, a hundredth of a core: half a core carries fifty.
    assert plan(1, 5, ROUND).a_core == 50
    assert plan(1, 5, ROUND, busy=1).a_core == 100


def test_cores_are_rounded_up_and_memory_counts_processes_and_visits():
    whole, more = plan(1_000, 5, ROUND), plan(1_001, 5, ROUND)
    assert (whole.cores, more.cores) == (20, 21)
    assert whole.memory == pytest.approx((20 * 300 + 1_000 * 0.5) / 1e3)


def test_what_no_core_can_carry_is_refused():
    with pytest.raises(ValueError, match="more than a core"):
        plan(1, 0.05, ROUND)


def test_a_million_reviews_at_a_thousand_a_second_take_a_thousand_seconds():
    assert core_hours(1_000) == pytest.approx(1_000 / 3_600)
    assert "| `lstm` | 1,000 | 0.28 | 0.014 |" in tables(ROUND, {"lstm": 1_000.0}, price=0.05)


def test_the_page_follows_from_its_own_measured_numbers():
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(r"takes (\d+) ms.*?(\d+) ms more.*?with (\d+) MB.*?takes (\d+\.\d) MB more", text, re.DOTALL)
    assert found
    reading, verdicts, fresh, visitor = map(float, found.groups())
    measured = Measured(reading / 1e3, verdicts / 1e3, fresh, visitor)
    for visitors in (1_000, 10_000):
        row = re.search(rf"^\| {visitors:,} \| ([\d,]+) cores.*?\| ([\d,]+) cores", text, re.MULTILINE)
        assert row
        for cores, thought in zip(row.groups(), (3, 15), strict=True):
            # The page rounds milliseconds: a few per cent.
            assert int(cores.replace(",", "")) == pytest.approx(
                plan(visitors, thought, measured).cores, rel=0.06, abs=1
            )


def test_a_table_is_put_between_its_marks_and_nothing_else_changes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nbefore\n\n<!-- one: begin -->\nold\n<!-- one: end -->\n\nafter\n")
    put(page, "one", "new")
    assert page.read_text() == "# Page\n\nbefore\n\n<!-- one: begin -->\nnew\n<!-- one: end -->\n\nafter\n"
    put(page, "two", "more", "Another")
    assert page.read_text().endswith("after\n\n## Another\n\n<!-- two: begin -->\nmore\n<!-- two: end -->\n")
