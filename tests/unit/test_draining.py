"""How the serving process ends: what is in hand is ended, nobody new comes in, and patience has an end."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from websockets.exceptions import ConnectionClosed

from serving.draining import Drain
from serving.state import State, Visit
from tests.served import Visitor, get, handshake, served


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
