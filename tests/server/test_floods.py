"""More than any browser sends: thousands of messages at once, messages that never end, one visitor after another."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from serving.metrics import Metrics
from serving.pace import Pace
from serving.state import State, Visit
from serving.visits import Visits
from tests.conftest import Server
from tests.visitor import Visitor

MB = 1024 * 1024


def spoken_to(server: Server) -> socket.socket:
    """A connection of somebody who does not keep to what browsers do."""
    host = urlsplit(server.url).netloc
    found = socket.create_connection(tuple(host.split(":")), 5)
    found.sendall(
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        "Sec-WebSocket-Protocol: streamlit\r\n\r\n".encode()
    )
    assert b"101" in found.recv(4096)
    return found


def frame(data: bytes, whole: bool = True) -> bytes:
    head = bytes([2 | (whole << 7)])
    head += bytes([128 | len(data)]) if len(data) < 126 else bytes([255]) + struct.pack(">Q", len(data))
    return head + bytes(4) + data


def test_ten_thousand_messages_at_once_end_their_connection_and_nobody_waits(server: Server) -> None:
    asks = BackMsg()
    asks.rerun_script.SetInParent()
    with Visitor(server.url) as other, contextlib.closing(spoken_to(server)) as flood:
        other.run()
        with contextlib.suppress(OSError):
            flood.sendall(frame(asks.SerializeToString()) * 10_000)
        started = time.monotonic()
        other.set("Your review", "A good film.")
        assert time.monotonic() - started < 5  # it was minutes
        flood.settimeout(10)
        with contextlib.suppress(ConnectionResetError):
            while flood.recv(65_536):
                pass


def test_beginnings_of_long_messages_do_not_fill_the_memory(server: Server) -> None:
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    held = []
    for _ in range(30):
        held.append(spoken_to(server))
        with contextlib.suppress(OSError):
            held[-1].sendall(frame(bytes(7 * MB), whole=False))
    with Visitor(server.url) as other:
        other.run()
        other.set("Your review", "A good film.")
    after = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    for connection in held:
        connection.close()
    assert (after - pages) * os.sysconf("SC_PAGE_SIZE") / MB < 130


def test_no_other_site_s_window_steers_a_page_and_nobody_signs_in(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/_stcore/host-config") as answer:
        assert json.load(answer)["allowedOrigins"] == []
    for path in ("auth/login", "oauth2callback"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server.url}/{path}")


def test_who_asks_too_often_is_answered_later() -> None:
    async def asked(rate: int, times: int) -> float:
        pace, started = Pace(rate), time.monotonic()
        for _ in range(times):
            await pace.wait()
        return time.monotonic() - started

    assert asyncio.run(asked(100, 300)) < 0.1
    assert asyncio.run(asked(100, 320)) > 0.15
    assert asyncio.run(asked(0, 10_000)) < 0.5


def test_of_operations_only_those_of_our_pages_pass_and_they_are_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_MESSAGE_RATE", "1000")
    asked, passed, state = [], [], State()
    for payload in ["install_skills", "dismiss_skills_nudge", *["deferred_file"] * 160]:
        message = BackMsg()
        getattr(message.backend_operation_request, payload).SetInParent()
        asked.append({"type": "websocket.receive", "bytes": message.SerializeToString()})
    asked.append({"type": "websocket.disconnect"})

    async def streamlit(scope: object, receive: Callable[[], Awaitable[dict[str, Any]]], send: object) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            parsed = BackMsg()
            parsed.ParseFromString(message["bytes"])
            passed.append(parsed.backend_operation_request.WhichOneof("payload"))

    async def receive() -> dict[str, Any]:
        return asked.pop(0)

    started = time.monotonic()
    visits = Visits(streamlit, state, Metrics(state, lambda: (0, 0)))
    asyncio.run(visits({"type": "websocket", "path": "/_stcore/stream"}, receive, receive))
    assert passed == ["deferred_file"] * 160
    assert time.monotonic() - started > 0.2  # of 3,360 messages' worth 3,000 come at once


def test_beyond_so_many_connections_nobody_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_CONNECTIONS", "2")
    state, sent = State(), []

    async def nothing(*_: object) -> None:
        pass

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    visits = Visits(nothing, state, Metrics(state, lambda: (0, 0)))
    scope = {"type": "websocket", "path": "/_stcore/stream", "extensions": {"websocket.http.response": {}}}
    asyncio.run(visits(scope, receive, send))
    assert sent == []
    state.visits |= {Visit(nothing), Visit(nothing)}
    asyncio.run(visits(scope, receive, send))
    assert sent[0]["status"] == 503
