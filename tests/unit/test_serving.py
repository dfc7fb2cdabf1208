"""The serving process as it stands on the network: whom it reaches, and what it says."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import http.client
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from serving.headers import embedders, inline_scripts, policy
from serving.metrics import Metrics
from serving.state import State
from serving.visits import Visits
from tests.served import Served, Visitor, free_port, get, handshake, served

ROOT = Path(__file__).resolve().parents[2]
REVIEW = "A slow start, and then what a wonderful film."
PAGES = ["", *sorted(page.stem for page in (ROOT / "pages").glob("*.py") if page.stem != "read")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One that listens everywhere, as in a container, with every option of its own at work."""
    folder = tmp_path_factory.mktemp("served")
    port = str(free_port())
    everywhere = "--server.address=0.0.0.0"
    with served(folder, everywhere, UNROLLED_METRICS_PORT=port, UNROLLED_EMBED="https://school.example") as found:
        found.metrics = f"http://127.0.0.1:{port}/metrics"  # type: ignore[attr-defined]
        yield found


def test_foreign_handshakes_are_refused_and_nobody_waits(server: Served) -> None:
    ours = f"127.0.0.1:{server.port}"
    began = time.monotonic()
    for _ in range(20):
        assert handshake(server.port, ours, "http://stranger.example") == 403
        assert handshake(server.port, f"rebound.example:{server.port}", f"http://rebound.example:{server.port}") == 403
    assert time.monotonic() - began < 5
    assert handshake(server.port, ours, f"http://{ours}") == 101
    assert get(server.url, {"Host": "rebound.example"})[0] == 403
    assert "rebound" not in server.logged()


def test_the_process_reaches_nobody(server: Served) -> None:
    """Not at the start either, where Streamlit's welcome would look its public address up."""
    visitor = Visitor(server.url)
    for page in PAGES:
        assert len(visitor.read(page, "example=negation")) > 1_000
    visitor.leave()
    handshake(server.port, f"127.0.0.1:{server.port}", "http://stranger.example")
    assert server.reached() == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_that_serves_has_no_tensorflow(server: Served) -> None:
    visitor = Visitor(server.url)
    for page in PAGES:
        visitor.read(page, "example=negation")
    visitor.leave()
    loaded = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "numpy" in loaded
    assert "tensorflow" not in loaded


@pytest.mark.parametrize("query", ["", "?model=gru&example=negation"])
def test_the_first_page_s_own_name_leads_to_the_bare_address_with_all_that_was_asked(
    server: Served, query: str
) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        connection.request("GET", f"/read{query}")
        answer = connection.getresponse()
    assert answer.status == 307
    assert answer.headers["location"] == f"./{query}"


def test_every_answer_has_the_headers_and_none_says_what_serves_it(server: Served) -> None:
    for path in ("/", "/inside", "/_stcore/health", "/healthz", "/nowhere.png", "/_stcore/metrics"):
        for headers in (get(server.url + path)[1], get(server.url + path, {"Host": "rebound.example"})[1]):
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "frame-ancestors 'self' https://school.example" in headers["content-security-policy"]
            assert "server" not in headers


def test_what_is_for_operators_is_not_for_visitors(server: Served) -> None:
    for path in ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/metrics"):
        status, _, text = get(server.url + path)
        assert status == 404 or "<title>Streamlit</title>" in text, path
        assert "unrolled_" not in text
        assert "cache_memory" not in text


def test_a_visitor_cannot_empty_the_caches_of_all(server: Served) -> None:
    visitor = Visitor(server.url)
    visitor.read()
    for kind in ("clear_cache", "load_git_info"):
        visitor.send(kind)
    began = time.monotonic()
    assert b"git_info" not in visitor.read()
    assert time.monotonic() - began < 5
    visitor.leave()


def test_only_what_a_page_sends_reaches_streamlit() -> None:
    sent: list[dict[str, object]] = [
        {"type": "websocket.receive", "bytes": b"\xff\xffno message", "text": None},
        {"type": "websocket.receive", "bytes": None, "text": "no message"},
    ]
    got = []
    for kind in ("clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime", "rerun_script"):
        message = BackMsg()
        if kind == "rerun_script":
            message.rerun_script.SetInParent()
        else:
            setattr(message, kind, True)
        sent.append({"type": "websocket.receive", "bytes": message.SerializeToString()})

    async def app(_: object, receive: Callable[[], Awaitable[dict[str, bytes]]], __: object) -> None:
        got.append(await receive())

    async def receive() -> dict[str, object]:
        return sent.pop(0)

    async def send(_: object) -> None:
        """Nobody listens."""

    state = State(networks=1)
    metrics = Metrics(state, lambda: (0, 0))
    watched = Visits(app, state, metrics)  # type: ignore[arg-type]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
    asyncio.run(watched(scope, receive, send))  # type: ignore[arg-type]
    assert metrics.registry.get_sample_value("unrolled_malformed_total") == 2
    found = BackMsg()
    found.ParseFromString(got[0]["bytes"])
    assert found.WhichOneof("type") == "rerun_script"
    assert sent == []


def test_the_numbers_count_and_hold_no_text(server: Served) -> None:
    visitor = Visitor(server.url)
    visitor.read(query=f"text={REVIEW}")
    metrics = get(server.metrics)[2]  # type: ignore[attr-defined]
    numbers = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    assert float(numbers["unrolled_visitors"]) >= 1
    assert float(numbers["unrolled_visits_total"]) >= 1
    before = float(numbers["unrolled_interactions_total"])
    visitor.read()
    visitor.leave()
    metrics = get(server.metrics)[2]  # type: ignore[attr-defined]
    numbers = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    assert float(numbers["unrolled_interactions_total"]) == before + 1
    assert float(numbers["unrolled_interaction_seconds_count"]) >= before + 1
    assert float(numbers["unrolled_answers_due"]) == 0
    assert float(numbers["unrolled_work"]) == float(numbers["unrolled_queue"]) == 0
    assert float(numbers["process_resident_memory_bytes"]) > 50e6
    assert "wonderful" not in metrics


def its_sockets(pid: int) -> list[socket.socket]:
    """Copies of another process's TCP sockets."""
    take = ctypes.CDLL(None, use_errno=True).syscall
    number, process, found = 438, os.pidfd_open(pid), []  # pidfd_getfd, the same on all of Linux's machines
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        if not entry.readlink().name.startswith("socket:"):
            continue
        copy = take(number, process, int(entry.name), 0)
        if copy < 0:
            pytest.skip("this system does not let one process look at another's sockets")
        one = socket.socket(fileno=copy)
        if one.family in (socket.AF_INET, socket.AF_INET6) and one.type == socket.SOCK_STREAM:
            found.append(one)
        else:
            one.close()
    os.close(process)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks at another process's sockets")
def test_short_messages_are_sent_at_once(server: Served) -> None:
    visitor = Visitor(server.url)
    visitor.read("about")
    pages = [one for one in its_sockets(server.process.pid) if one.getsockname()[1] == server.port]
    assert len(pages) >= 2, "the one that listens, and the visitor's"
    assert all(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in pages)
    visitor.leave()
    for one in pages:
        one.close()


def test_only_the_page_s_own_scripts_run() -> None:
    html = "<script>one()</script><script src='x.js'></script><script></script>"
    # The digest of nothing, which anybody can look up.
    assert inline_scripts(html)[1:] == ("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",)
    scripts = next(part for part in policy(()).split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "'unsafe-eval'" not in scripts
    assert "http" not in policy(())


def test_only_origins_may_be_named_as_embedders() -> None:
    entries = ("https://school.example", "https://lms.example:8443/", "*", "x; script-src *", "ftp://no.example")
    assert embedders(entries) == ("https://school.example", "https://lms.example:8443", "*")
