"""A message that is too long ends its own connection and costs the others nothing; a text of 1 MB is read like any."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
import websockets.exceptions

from tests.conftest import Server
from tests.visitor import Visitor
from tests.waiting import memory

MB = 1024 * 1024


def seconds(pid: int) -> float:
    """Processor seconds that a process has spent."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("megabytes", [10, 20, 100])
def test_a_message_that_is_too_long_ends_its_connection(server: Server, megabytes: int) -> None:
    with Visitor(server.url) as visitor, Visitor(server.url) as other:
        visitor.run()
        other.run()
        held, spent = memory(server.pid), seconds(server.pid)
        with pytest.raises((websockets.exceptions.ConnectionClosed, OSError)):
            visitor.set("Your review", "a good film " * (megabytes * MB // 12))
        other.set("Your review", "A good film.")
        assert seconds(server.pid) - spent < 1.5  # it cost 34 for every 20 MB
        assert memory(server.pid) - held < 60


def test_a_million_characters_are_taken_and_answered(server: Server) -> None:
    with Visitor(server.url) as visitor:
        visitor.run()
        visitor.set("Your review", "a good film " * 83_000)
        assert any("characters are read" in text for text in visitor.texts)
        with contextlib.suppress(websockets.exceptions.ConnectionClosed):
            visitor.set("Your review", "A dull film.")
        assert not visitor.errors
