"""What threads hand to the event loop: all of it comes, in order, and wakes the loop far less often than it could."""

from __future__ import annotations

import asyncio
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
    assert 0 < woken < 4_000


def test_a_loop_that_has_nothing_to_do_is_woken_each_time() -> None:
    async def hear() -> None:
        loop = asyncio.get_running_loop()
        with gathered(loop):
            for _ in range(50):
                came = asyncio.Event()
                threading.Thread(target=loop.call_soon_threadsafe, args=(came.set,)).start()
                await asyncio.wait_for(came.wait(), 5)

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
