"""What one visitor may upload: under addresses given out, within limits, refused before it is read, never on a disk."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.visitor import Visitor
from tests.waiting import memory

MB = 1024 * 1024


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    with Visitor(server.url) as found:
        found.run()
        yield found


def files(pid: int) -> set[str]:
    """The files that a process holds open, deleted ones too."""
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(entry.readlink()))
    return found


def test_sixty_files_under_made_up_names_are_refused_unread(server: Server, visitor: Visitor) -> None:
    before = memory(server.pid)
    data = b"a" * (19 * MB)
    path = visitor.address().rsplit("/", 1)[0]
    started = time.monotonic()
    answers = {visitor.upload(f"{path}/made-up-{number}", data)[0] for number in range(60)}
    assert 403 in answers and answers <= {403, 0}
    assert time.monotonic() - started < 30
    assert memory(server.pid) - before < 40


def test_a_made_up_session_is_refused(visitor: Visitor) -> None:
    assert visitor.upload("/_stcore/upload_file/somebody/something", b"a")[0] == 403


def test_an_address_serves_once_and_a_visit_has_room_for_so_much(visitor: Visitor) -> None:
    first = visitor.address()
    assert visitor.upload(first, b"a" * (15 * MB))[0] == 204
    assert visitor.upload(first, b"a")[0] == 403
    assert visitor.upload(visitor.address(), b"a" * (15 * MB))[0] == 204
    status, text = visitor.upload(visitor.address(), b"a" * (15 * MB))
    assert status == 413 and "Remove one" in text
    for _ in range(4):
        assert visitor.upload(visitor.address(), b"a")[0] == 204
    assert visitor.upload(visitor.address(), b"a")[0] == 413


def test_a_file_too_large_or_of_unsaid_length_is_refused(visitor: Visitor) -> None:
    assert visitor.upload(visitor.address(), b"a" * (21 * MB))[0] == 413
    assert visitor.upload(visitor.address(), b"a", length=10**12)[0] == 413


def test_a_network_has_a_ceiling_of_its_own(visitor: Visitor) -> None:
    """Beside the room for tables: one of them at a time, and under no other name."""
    data = b"a" * (60 * MB)
    assert visitor.upload(visitor.address("mine.csv"), data)[0] == 413
    assert visitor.upload(visitor.address("mine.keras"), data)[0] == 204
    assert visitor.upload(visitor.address("other.h5"), data)[0] == 413
    assert visitor.upload(visitor.address("huge.keras"), b"a", length=102 * MB)[0] == 413
    assert visitor.upload(visitor.address(), b"a" * (15 * MB))[0] == 204


def test_all_visits_together_have_room_for_so_much(fresh_server: Callable[[], Server]) -> None:
    server = fresh_server()
    data, answers, visitors = b"a" * (19 * MB), [], []
    for _ in range(5):
        visitors.append(visitor := Visitor(server.url))
        visitor.run()
        answers += [visitor.upload(visitor.address(), data)[0] for _ in range(2)]
    for visitor in visitors:
        visitor.socket.close()
    assert answers.count(204) == 160 // 19
    assert set(answers) == {204, 503}


def test_an_upload_never_touches_a_disk(server: Server, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    path = visitor.address()
    seen: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.update(files(server.pid))
            time.sleep(0.002)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        assert visitor.upload(path, b"a" * (15 * MB))[0] == 204
    finally:
        done.set()
        thread.join()
    assert not [name for name in seen if "/tmp" in name and "server" not in name]


def test_an_upload_that_never_ends_is_given_up(
    fresh_server: Callable[[], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_UPLOAD_SECONDS", "1")
    server = fresh_server()
    with Visitor(server.url) as visitor:
        visitor.run()
        for _ in range(3):  # each announces 15 MB and sends little; they would fill the visit for good
            assert visitor.upload(visitor.address(), b"a", length=15 * MB)[0] != 204
        assert visitor.upload(visitor.address(), b"a" * (15 * MB))[0] == 204
