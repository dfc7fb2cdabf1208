"""Whom the app answers to: names, addresses and origins that are ours, and those that are not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import settings
from serving.hosts import Hosts, OnlyOurHosts

HOME = Hosts((), "127.0.0.1")
EVERYWHERE = Hosts((), "")
SCHOOL = Hosts(("app.school.example", "*.class.example"), "0.0.0.0")


@pytest.mark.parametrize(
    ("hosts", "host", "ours"),
    [
        (HOME, "localhost:8501", True),
        (HOME, "LOCALHOST", True),
        (HOME, "127.0.0.1:8501", True),
        (HOME, "[::1]:8501", True),
        (HOME, "rebound.example:8501", False),
        (HOME, "localhost.rebound.example", False),
        (HOME, "127.0.0.1.rebound.example", False),
        (HOME, "192.0.2.7:8501", False),
        (HOME, "", False),
        (HOME, "localhost@rebound.example", False),
        (HOME, "localhost/../", False),
        (HOME, "localhost:many", False),
        (HOME, "local\thost", False),
        (Hosts((), "192.0.2.7"), "192.0.2.7:8501", True),
        (Hosts((), "192.0.2.7"), "192.0.2.8:8501", False),
        (EVERYWHERE, "192.0.2.7:8501", True),
        (EVERYWHERE, "[2001:db8::7]:8501", True),
        (EVERYWHERE, "rebound.example", False),
        (SCHOOL, "app.school.example", True),
        (SCHOOL, "app.school.example.", True),
        (SCHOOL, "school.example", False),
        (SCHOOL, "one.class.example:443", True),
        (SCHOOL, "class.example", False),
        (SCHOOL, "badclass.example", False),
        (Hosts(("*",), ""), "any.example", True),
    ],
)
def test_a_host_is_ours_or_not(hosts: Hosts, host: str, ours: bool) -> None:
    assert hosts.allows(host) is ours


@pytest.mark.parametrize(
    ("hosts", "origin", "host", "ours"),
    [
        (HOME, "http://localhost:8501", "localhost:8501", True),
        (HOME, "http://localhost:3000", "localhost:8501", False),
        (HOME, "http://stranger.example", "localhost:8501", False),
        (HOME, "null", "localhost:8501", False),
        (HOME, "file://", "localhost:8501", False),
        (HOME, "chrome-extension://localhost:8501", "localhost:8501", False),
        (SCHOOL, "https://app.school.example", "app.school.example", True),
        # behind a proxy that leaves the port out, or puts another one in
        (SCHOOL, "https://app.school.example:8443", "app.school.example", True),
        (SCHOOL, "https://app.school.example", "app.school.example:443", True),
        (SCHOOL, "https://stranger.example", "app.school.example", False),
        (SCHOOL, "http://localhost:3000", "app.school.example", False),
        (Hosts(("*",), ""), "https://stranger.example", "any.example", False),
    ],
)
def test_an_origin_is_our_own_page_or_not(hosts: Hosts, origin: str, host: str, ours: bool) -> None:
    assert hosts.allows_origin(origin, host) is ours


def asked(kind: str, headers: list[tuple[bytes, bytes]], path: str = "/") -> tuple[dict[str, Any] | None, list[Any]]:
    """What the app behind the guard is given (None: nothing), and what the guard says itself."""
    given: list[dict[str, Any]] = []
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        given.append(scope)

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "method": "GET", "headers": headers}
    asyncio.run(OnlyOurHosts(app, lambda: SCHOOL)(scope, receive, send))
    return (given[0] if given else None), sent


def test_a_foreign_name_gets_a_line_that_says_what_to_do() -> None:
    given, sent = asked("http", [(b"host", b"rebound.example")])
    assert given is None
    assert sent[0]["status"] == 403
    assert b"UNROLLED_HOSTS" in sent[1]["body"]
    assert b"rebound" not in sent[1]["body"]


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"rebound.example"), (b"origin", b"http://rebound.example")],
        [(b"host", b"app.school.example"), (b"origin", b"https://stranger.example")],
        [(b"host", b"app.school.example"), (b"origin", b"null")],
        [(b"host", b"app.school.example"), (b"host", b"rebound.example")],
        [(b"host", b"app.school.example"), (b"origin", b"https://app.school.example"), (b"origin", b"null")],
        [],
    ],
)
def test_a_foreign_handshake_ends_before_streamlit_sees_it(headers: list[tuple[bytes, bytes]]) -> None:
    given, sent = asked("websocket", headers)
    assert given is None
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_what_is_ours_reaches_streamlit_with_an_origin_that_it_need_not_look_up() -> None:
    given, sent = asked(
        "websocket", [(b"host", b"app.school.example"), (b"origin", b"https://app.school.example:8443")]
    )
    assert given is not None
    assert dict(given["headers"])[b"origin"] == b"https://app.school.example"
    assert sent == []


def test_a_probe_may_ask_by_any_name() -> None:
    for path in ("/healthz", "/readyz"):
        assert asked("http", [(b"host", b"10.1.2.3:8501")], path)[0] is not None
        assert asked("http", [(b"host", b"rebound.example")], path)[0] is not None


def test_the_names_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.entries("hosts") == ()
    monkeypatch.setenv("UNROLLED_HOSTS", " app.school.example, ,*.class.example ")
    assert settings.entries("hosts") == ("app.school.example", "*.class.example")
    with pytest.raises(TypeError):
        settings.value("hosts")
