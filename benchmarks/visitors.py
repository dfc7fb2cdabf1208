"""A load client: browsers' side of the conversation with a served Streamlit app, any number of them in one process.

A visitor opens a page, keeps what the server says about widgets, sets them by their keys, and waits until the run of
the script has ended. As a browser does it says which messages it still holds, so that the server may refer to them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.report import quantile

_FINISHED = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}
_KEPT = 60  # messages that a browser is taken to hold
WORDS = (
    "the a and of to is in it this that movie film was as for with but on not great awful bad good acting plot scene "
    "director really very never best worst boring love hate story character funny"
).split()


def text_of(words: int, chance: random.Random) -> str:
    """A text of so many words that nobody has sent before."""
    return " ".join(chance.choice(WORDS) for _ in range(words))


@dataclass
class Visitor:
    """One browser tab. ``errors``: what the app or the line got wrong; ``received``: bytes of the last run."""

    socket: ClientConnection
    patience: float = 60.0
    page: str = ""
    query: str = ""
    received: int = 0
    errors: list[str] = field(default_factory=list)
    widgets: dict[str, str] = field(default_factory=dict)  # id: fragment it stands in
    values: dict[str, tuple[str, Any]] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)

    async def open(self, page: str = "") -> float:
        """Go to a page, ``''`` is the first; returns the seconds until it is complete."""
        return await self._run(page=page)

    async def set(self, key: str, value: Any) -> float:
        """Set the widget of a key, and wait for what that brings; a button is pressed by True.

        Raises:
            KeyError: if there is no such widget on the page.
        """
        widget = self.widget(key)
        name = {str: "string_value", bool: "trigger_value", float: "double_value"}.get(type(value), "")
        if isinstance(value, tuple):  # of a slider
            name, value = "double_array_value", [float(one) for one in value]
        elif isinstance(value, list):  # of pills
            name = "string_array_value"
        self.values[widget] = (name, value)
        return await self._run(fragment=self.widgets[widget])

    async def fire(self, key: str, event: str, value: Any) -> float:
        """Do what the script of a component does when it has something to tell.

        Raises:
            KeyError: if there is no such component on the page.
        """
        widget = self.widget(key)
        payload = json.dumps([{"event": event, "value": value}])
        self.values[_make_trigger_id(widget, "events")] = ("json_trigger_value", payload)
        return await self._run(fragment=self.widgets[widget])

    def widget(self, key: str) -> str:
        """The newest widget of a key.

        Raises:
            KeyError: if there is none on the page.
        """
        found = [widget for widget in self.widgets if widget.endswith(f"-{key}")]
        if not found:
            raise KeyError(f"no widget {key!r} among {sorted(one.rpartition('-')[2] for one in self.widgets)}")
        return found[-1]

    async def _run(self, page: str | None = None, fragment: str = "") -> float:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.fragment_id = self.query, fragment
        if page is not None:
            asked.page_name = page
            self.widgets.clear()
        else:
            asked.page_script_hash = self.page
            if fragment:  # what it draws comes again, or is there no longer
                self.widgets = {widget: part for widget, part in self.widgets.items() if part != fragment}
        asked.cached_message_hashes.extend(self.held)
        for widget, (name, value) in self.values.items():
            state = asked.widget_states.widgets.add()
            state.id = widget
            if isinstance(value, list):
                getattr(state, name).data.extend(value)
            else:
                setattr(state, name, value)
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        self.received, ours = 0, False
        async with asyncio.timeout(self.patience):
            while True:
                data = await self.socket.recv()
                self.received += len(data)
                answer = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                kind = answer.WhichOneof("type")
                if kind == "new_session":
                    ours = True
                elif kind == "delta":
                    self._take(answer)
                elif kind == "navigation":
                    self.page = answer.navigation.page_script_hash
                elif kind == "script_finished" and ours:
                    if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        self.errors.append("the script does not compile")
                    if answer.script_finished in _FINISHED:
                        break
                    ours = False  # ended early: the run that counts comes next
        self.values = {widget: value for widget, value in self.values.items() if "trigger" not in value[0]}
        if page is not None:  # what is no longer on the screen tells nothing, as in a browser
            self.values = {widget: value for widget, value in self.values.items() if widget in self.widgets}
        return time.perf_counter() - began

    def _take(self, answer: ForwardMsg) -> None:
        if answer.metadata.cacheable:
            self.held = [*(one for one in self.held if one != answer.hash), answer.hash][-_KEPT:]
        if answer.delta.WhichOneof("type") == "add_block":
            return
        element = answer.delta.new_element
        kind = element.WhichOneof("type") or ""
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}"[:200])
        widget = getattr(getattr(element, kind, None), "id", "")
        if widget:
            self.widgets[widget] = answer.delta.fragment_id


@contextlib.asynccontextmanager
async def visitor(url: str) -> AsyncIterator[Visitor]:
    """A new visit."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(
        address, subprotocols=["streamlit"], max_size=None, compression=None, ping_interval=None
    ) as line:  # type: ignore[list-item]
        yield Visitor(line)


@dataclass
class Met:
    """What crowds of visitors met: seconds of every interaction, errors, seconds in all."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Interactions a second."""
        return len(self.seconds) / self.lasted if self.lasted else float("nan")

    def quantile(self, share: float) -> float:
        """So many of the interactions were as quick as this or quicker, seconds."""
        return quantile(self.seconds, share)


Act = Callable[[Visitor, random.Random], Awaitable[float]]


async def crowd(
    url: str, visitors: int, interactions: int, act: Act, *, thought: float = 0.0, seed: int = 1, met: Met | None = None
) -> Met:
    """Visitors who come one by one and then act together, each with pauses of ``thought`` s on average.

    Args:
        met: of an earlier crowd, to be counted with it.
    """
    met = met or Met()
    ready, go = asyncio.Semaphore(0), asyncio.Event()

    async def one(number: int) -> None:
        chance = random.Random(seed * 1_000_003 + number)
        try:
            async with visitor(url) as me:
                try:
                    await me.open()
                finally:
                    ready.release()
                await go.wait()
                await asyncio.sleep(chance.uniform(0, thought))
                for turn in range(interactions):
                    met.seconds.append(await act(me, chance))
                    if thought and turn < interactions - 1:
                        await asyncio.sleep(chance.expovariate(1 / thought))
                met.errors.extend(me.errors)
        except (OSError, TimeoutError, KeyError) as error:
            met.errors.append(f"{type(error).__name__}: {error}"[:200])
            ready.release()

    tasks = []
    for number in range(visitors):
        tasks.append(asyncio.create_task(one(number)))
        await ready.acquire()
    began = time.perf_counter()
    go.set()
    await asyncio.gather(*tasks)
    met.lasted += time.perf_counter() - began
    return met


async def types(me: Visitor, chance: random.Random, words: int = 200) -> float:
    """Read another review of so many words."""
    return await me.set("review", text_of(words, chance))
