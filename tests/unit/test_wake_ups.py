"""What threads hand to the event loop: all of it comes, in order, and wakes the loop far less often than it could."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable

import pytest

from serving.wake_ups import Gathered, gathered


async def _from_threads(say: Callable[[int, int], None], threads: int, each: int) -> None:
    """Let threads say their numbers, and wait until the last word of the last of them has come."""
    loop, left = asyncio.get_running_loop(), threads
    complete = asyncio.Event()

    def ended() -> None:
        nonlocal left
        left -= 1
        if not left:
            complete.set()

    def speak(thread: int) -> None:
        for number in range(each):
            loop.call_soon_threadsafe(say, thread, number)
        loop.call_soon_threadsafe(ended)

    speaking = [threading.Thread(target=speak, args=(thread,)) for thread in range(threads)]
    for thread in speaking:
        thread.start()
    await asyncio.wait_for(complete.wait(), 20)


def test_all_that_threads_say_comes_in_order_with_few_wake_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: dict[int, list[int]] = {thread: [] for thread in range(4)}
    woken = 0
    awake = Gathered._awake

    def counted(calls: Gathered) -> None:
        nonlocal woken
        woken += 1
        awake(calls)

    monkeypatch.setattr(Gathered, "_awake", counted)

    async def hear() -> None:
        with gathered(asyncio.get_running_loop()):
            await _from_threads(lambda thread, number: heard[thread].append(number), 4, 2_000)

    asyncio.run(hear())
    assert all(numbers == list(range(2_000)) for numbers in heard.values())
    assert 0 < woken < 2_000, "one in a moment, not one for each word"


def test_a_loop_that_has_nothing_to_do_is_woken_each_time() -> None:
    async def hear() -> None:
        loop = asyncio.get_running_loop()
        with gathered(loop):
            for _ in range(50):
                came = asyncio.Event()
                threading.Thread(target=loop.call_soon_threadsafe, args=(came.set,)).start()
                await asyncio.wait_for(came.wait(), 5)

    asyncio.run(hear())


def test_what_is_said_while_the_loop_empties_its_socket_does_not_silence_it() -> None:
    """Whoever speaks just before the loop reads what woke it loses no byte that says that somebody has spoken since."""

    class Interrupted:
        """The socket that a thread speaks beside, just as it is read."""

        def __init__(self, inside: socket.socket, speak: Callable[[], None]) -> None:
            self.inside, self.speak = inside, speak

        def recv(self, most: int) -> bytes:
            speaking = threading.Thread(target=self.speak)
            speaking.start()
            speaking.join()
            return self.inside.recv(most)

    async def hear() -> None:
        loop = asyncio.get_running_loop()
        calls = Gathered(loop)
        inside, came, later = calls._inside, asyncio.Event(), asyncio.Event()
        calls._inside = Interrupted(inside, lambda: calls(came.set))  # type: ignore[assignment]
        first, second = (threading.Timer(0.05, calls, (say,)) for say in (lambda: None, later.set))
        first.start()
        await asyncio.wait_for(came.wait(), 5)
        calls._inside = inside
        second.start()
        began = loop.time()
        await asyncio.wait_for(later.wait(), 5)
        assert loop.time() - began < 3, "it came only when the loop woke by itself"
        first.join()
        second.join()
        calls.close()

    asyncio.run(hear())


def test_what_is_cancelled_does_not_come_and_what_fails_is_told() -> None:
    logged: list[str] = []
    heard: list[str] = []

    async def hear() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: logged.append(type(context["exception"]).__name__))
        with gathered(loop):
            loop.call_soon_threadsafe(heard.append, "cancelled").cancel()
            loop.call_soon_threadsafe([].pop)
            loop.call_soon_threadsafe(heard.append, "after it")
            await asyncio.sleep(0.01)

    asyncio.run(hear())
    assert heard == ["after it"] and logged == ["IndexError"]


@pytest.mark.parametrize("debug", [True, False])
def test_afterwards_and_where_it_may_not_a_loop_is_called_as_ever(debug: bool) -> None:
    async def hear() -> None:
        loop = asyncio.get_running_loop()
        with gathered(loop):
            assert isinstance(loop.call_soon_threadsafe, Gathered) is not debug
        came = asyncio.Event()
        threading.Thread(target=loop.call_soon_threadsafe, args=(came.set,)).start()
        await asyncio.wait_for(came.wait(), 5)

    asyncio.run(hear(), debug=debug)


def test_a_loop_that_is_not_asyncios_own_is_left_alone() -> None:
    class Other(asyncio.AbstractEventLoop):
        def get_debug(self) -> bool:
            return False

    loop = Other()
    with gathered(loop):
        assert "call_soon_threadsafe" not in vars(loop)
