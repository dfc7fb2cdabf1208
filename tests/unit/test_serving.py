"""The serving process as it stands on the network: whom it reaches, what it says, how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from serving import listening
from serving.draining import Drain
from serving.headers import embedders, inline_scripts, policy
from serving.metrics import Metrics
from serving.state import State, Visit
from serving.visits import Visits
from tests.served import Served, Visitor, free_port, get, handshake, served

REVIEW = "A slow start, and then what a wonderful film."


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
    for page in ("", "inside", "compare", "training", "evaluation", "batch", "lessons", "letters", "about"):
        assert len(visitor.read(page, "example=negation")) > 1_000
    visitor.leave()
    handshake(server.port, f"127.0.0.1:{server.port}", "http://stranger.example")
    assert server.reached() == []


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


def test_work_in_hand_is_ended_and_then_the_server_goes(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        idle, busy = Visitor(server.url), Visitor(server.url)
        idle.read()
        busy.ask("evaluation")
        time.sleep(0.05)
        server.process.send_signal(signal.SIGTERM)
        assert len(busy.received()) > 5_000
        for visitor in (idle, busy):
            with pytest.raises(ConnectionClosed) as closed:
                visitor.received()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
        assert server.process.wait(10) in (0, -signal.SIGTERM)
        assert "Traceback" not in server.logged()


def test_while_it_ends_it_is_not_ready_and_takes_nobody_new_and_a_second_signal_ends_it(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        # A browser that never takes its answer keeps the server from ending by itself.
        lazy = Visitor(server.url)
        os.kill(server.process.pid, signal.SIGSTOP)
        lazy.ask("evaluation")
        server.process.send_signal(signal.SIGTERM)
        os.kill(server.process.pid, signal.SIGCONT)
        deadline = time.monotonic() + 10
        states = set()
        while time.monotonic() < deadline and server.process.poll() is None:
            try:
                states.add((get(f"{server.url}/readyz")[0], get(f"{server.url}/healthz")[0]))
                if (503, 200) in states:
                    states.add((handshake(server.port, f"127.0.0.1:{server.port}", None), 0))
                    break
            except OSError:
                break
        server.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert server.process.wait(10) != 0
        assert time.monotonic() - began < 2
        assert (503, 200) in states
        assert (503, 0) in states


def test_long_work_gets_its_time_before_connections_are_closed() -> None:
    """A connection without a question may still wait for the end of a batch."""
    closed: list[bool] = []
    signals: list[int] = []
    state = State(networks=1)
    at_work = [True]

    async def close() -> None:
        closed.append(at_work[0])

    async def end() -> None:
        state.visits.add(Visit(close))
        server = SimpleNamespace(handle_exit=lambda number, _: signals.append(number))
        drain = Drain(server, state, 5, lambda: at_work[0])  # type: ignore[arg-type]
        task = asyncio.ensure_future(drain._drain(signal.SIGTERM))
        await asyncio.sleep(0.2)
        assert closed == []
        assert signals == []
        at_work[0] = False
        await task

    asyncio.run(end())
    assert closed == [False]
    assert signals == [signal.SIGTERM]


def test_patience_has_an_end() -> None:
    state = State(networks=1)
    signals: list[int] = []

    async def end() -> None:
        server = SimpleNamespace(handle_exit=lambda number, _: signals.append(number))
        await Drain(server, state, 0.2, lambda: True)._drain(signal.SIGTERM)  # type: ignore[arg-type]

    asyncio.run(end())
    assert signals == [signal.SIGTERM]


@pytest.mark.parametrize(
    ("options", "environment", "trains"),
    [
        (["--server.address=127.0.0.1"], {}, True),
        (["--server.address="], {}, False),
        pytest.param(["--server.address=127.0.0.1", "--server.address=0.0.0.0"], {}, False, marks=pytest.mark.slow),
        pytest.param(["--server.address=0.0.0.0", "--server.address=127.0.0.1"], {}, True, marks=pytest.mark.slow),
        pytest.param(
            ["--server.headless=true"], {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}, False, marks=pytest.mark.slow
        ),
        pytest.param(
            ["--server.address=127.0.0.1"], {"UNROLLED_HOSTS": "app.school.example"}, False, marks=pytest.mark.slow
        ),
    ],
)
def test_visitors_may_train_only_where_nobody_else_can_reach_the_app(
    options: list[str], environment: dict[str, str], trains: bool, tmp_path: Path
) -> None:
    with served(tmp_path, *options, UNROLLED_TRAINING="loopback", **environment) as server:
        visitor = Visitor(server.url)
        assert (b"Train one here" in visitor.read("training")) is trains
        visitor.leave()


def test_what_is_listened_on_decides() -> None:
    with socket.socket() as here, socket.socket() as everywhere:
        here.bind(("127.0.0.1", 0))
        everywhere.bind(("0.0.0.0", 0))
        assert listening.only_loopback([here])
        assert not listening.only_loopback([here, everywhere])
        assert not listening.only_loopback([])


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
