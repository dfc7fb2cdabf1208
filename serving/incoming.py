"""What browsers send, before it is a message: bounded in memory by all of them together, and in number by each.

uvicorn hands its application whole messages: what a connection has sent of one, and how many wait, is seen here alone.
Without it a hundred connections that send the beginning of a long message take a gigabyte, and one that sends ten
thousand short ones at once has them all worked off, long after it has gone.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

import uvicorn
from streamlit import config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from models import settings
from models.settings import MB

if TYPE_CHECKING:
    from asyncio import TimerHandle

FREE = 256 * 1024  # bytes of a connection that are not counted: whoever sends little is never refused
MOST_WAITING = 100  # messages of one connection; a browser has one or two
_SLOW = 30.0  # seconds in which a long message has to be complete
_TRY_LATER, _AGAINST_THE_RULES = 1013, 1008


def install(server: uvicorn.Server) -> None:
    """Let a server read its WebSockets so, and put no message together that Streamlit would not take."""
    server.config.ws_protocol_class = Incoming
    server.config.ws_max_size = int(config.get_option("server.maxWidgetStateSize")) * 1_000_000


class Incoming(WebSocketsSansIOProtocol):
    """One connection of a browser."""

    held_by_all: ClassVar[int] = 0

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._held = 0
        self._timer: TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        self._held += len(data)
        Incoming.held_by_all += len(data)
        if self._held > FREE:
            if Incoming.held_by_all > settings.value("message_memory") * MB:
                self._refuse(_TRY_LATER)
                return
            self._timer = self._timer or self.loop.call_later(_SLOW, self._refuse, _AGAINST_THE_RULES)
        super().data_received(data)

    def send_receive_event_to_app(self) -> None:
        """A message is complete."""
        super().send_receive_event_to_app()
        self._stop_timer()
        if self.queue.qsize() > MOST_WAITING and not self.close_sent:
            self._refuse(_AGAINST_THE_RULES)

    async def receive(self) -> Any:
        """The next message. The others have their turn first, however many wait here."""
        await asyncio.sleep(0)
        message = await super().receive()
        if self.queue.empty():
            self._let_go()
        return message

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended, and what it still wanted with it."""
        self._forget()
        super().connection_lost(exc)

    def _refuse(self, code: int) -> None:
        if self.close_sent:
            return
        self._forget()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self.conn.fail(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()

    def _forget(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()
        self.frames = []
        self._stop_timer()
        self._let_go()

    def _let_go(self) -> None:
        Incoming.held_by_all -= self._held
        self._held = 0

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
