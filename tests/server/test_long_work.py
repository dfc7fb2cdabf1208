"""Long work in a served app: it ends with its visitor, waits in a queue, and is refused beyond."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.compare.smallest_change import MOST_WORDS
from tests.conftest import Server
from tests.visitor import Visitor

# No dozen edits turn so much praise: every search takes all its time.
SEARCHED = " ".join(["a wonderful film, superb and moving"] * (MOST_WORDS // 6))


def workers(server: int) -> dict[int, float]:
    """The server's worker processes, with the processor seconds that each has spent."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = (folder / "stat").read_text().rsplit(") ", 1)[1].split()
            if int(fields[1]) == server and b"models.jobs.worker" in (folder / "cmdline").read_bytes():
                found[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


@pytest.fixture
def server(fresh_server: Callable[[], Server], monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("UNROLLED_WORK_AT_ONCE", "2")
    monkeypatch.setenv("UNROLLED_WORK_QUEUE", "6")
    return fresh_server()


def about_to_search(server: Server) -> Visitor:
    visitor = Visitor(server.url)
    visitor.query = "section=smallest-change&example=sarcasm"
    visitor.run()
    visitor.run(page="compare")
    visitor.set("Your review", SEARCHED)
    return visitor


def refused(visitor: Visitor) -> bool:
    return any("Much is being computed" in text for text in visitor.texts)


def test_searches_end_with_their_visitors_and_the_others_are_told_to_wait(server: Server) -> None:
    # All press within a moment, so that no search has ended when the last one is asked for.
    visitors = [about_to_search(server) for _ in range(9)]
    for visitor in visitors:
        visitor.press("Find the smallest change")
    assert [refused(visitor) for visitor in visitors] == [False] * 8 + [True]
    until = time.monotonic() + 5
    while len(workers(server.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(workers(server.pid)) == 2
    visitors[7].run(fragment=visitors[7].fragments[0])
    for visitor in visitors:
        visitor.socket.close()
    time.sleep(2)
    before = workers(server.pid)
    time.sleep(1)
    after = workers(server.pid)
    assert sum(after.values()) - sum(before.get(pid, 0.0) for pid in after) < 0.1
    with about_to_search(server) as again:
        again.press("Find the smallest change")
        assert not refused(again)
