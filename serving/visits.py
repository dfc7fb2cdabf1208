"""What passes between a browser and Streamlit: seen, so that it can be counted and ended well, and sifted.

Messages are told apart by their kind and their page; what a visitor wrote is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from starlette.responses import PlainTextResponse
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from models import settings
from serving.metrics import Metrics
from serving.pace import Pace
from serving.page_turns import PageTurns
from serving.state import State, Visit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = "/_stcore/stream"
# For the operator and for programs: not for visitors.
CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/", "/auth/", "/oauth2callback/")
# What a browser may send. `clear_cache` would empty every visitor's caches, `load_git_info` would look into the
# repository, the rest is for developers.
ALLOWED = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request", None}
# Of operations beside a page's runs: a file to download, the next rows of a table. The rest would install things.
OPERATIONS = {"deferred_file", "dataframe_chunk"}
_OPERATION = 20  # messages that one counts for: a file is made for each
_SERVICE_RESTART = 1012
_SHORT = 8192  # bytes; the messages that a run begins and has ended are shorter


def parsed(message: Message) -> BackMsg | None:
    """A browser's message; None if it is no message of Streamlit's."""
    content = BackMsg()
    try:
        content.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    return content if message.get("text") is None else None


def parsed_answer(data: bytes | None) -> ForwardMsg:
    """A message to the browser; an empty one where it is too long to begin or end a run."""
    message = ForwardMsg()
    try:
        message.ParseFromString(data if data and len(data) <= _SHORT else b"")
    except DecodeError:
        return ForwardMsg()
    return message


def ends_a_run(message: ForwardMsg) -> bool:
    """Whether a message to the browser says that what it asked for is there, and not to be done again."""
    return message.WhichOneof("type") == "script_finished" and (
        message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
    )


class Visits:
    """Middleware around Streamlit's WebSocket; it also keeps the paths shut that are not for visitors.

    Args:
        app: Streamlit.
        state: of the process; open connections are entered there.
        metrics: where they are counted.
    """

    def __init__(self, app: ASGIApp, state: State, metrics: Metrics) -> None:
        self.app, self.state, self.metrics = app, state, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and watch."""
        if scope["type"] == "http" and any(part in f"{scope['path']}/" for part in CLOSED):
            await PlainTextResponse("Not found\n", 404)(scope, receive, send)
        elif scope["type"] == "websocket" and scope["path"].endswith(STREAM):
            await self._stream(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        full = len(self.state.visits) >= settings.value("connections")
        if self.state.draining or full:  # so that a proxy asks another process
            await receive()
            content = "As many visitors are here as may be." if full else "This server is about to stop."
            answer = PlainTextResponse(f"{content}\n", 503, {"Retry-After": "1"})
            await answer(scope, receive, send)
            return
        closed = False

        async def close() -> None:
            nonlocal closed
            if not closed:
                closed = True
                await send({"type": "websocket.close", "code": _SERVICE_RESTART})

        visit, turns, pace = Visit(close), PageTurns(), Pace(settings.value("message_rate"))

        async def received() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                await pace.wait()
                content = parsed(message)
                if content is None:  # Streamlit would write a traceback into the log for each
                    self.metrics.malformed.inc()
                    continue
                kind = content.WhichOneof("type")
                if kind not in ALLOWED or turns.too_late(content):
                    continue
                if kind == "backend_operation_request":
                    if content.backend_operation_request.WhichOneof("payload") not in OPERATIONS:
                        continue
                    await pace.wait(_OPERATION)
                if kind == "rerun_script":
                    visit.ask()
                    self.metrics.interactions.inc()
                return message

        async def sent(message: Message) -> None:
            if closed:
                raise ConnectionResetError  # what Streamlit expects of a browser that has gone
            content = parsed_answer(message.get("bytes"))
            turns.began(content)
            await send(message)
            if ends_a_run(content):
                seconds = visit.answer()
                if seconds is not None:
                    self.metrics.seconds.observe(seconds)
                if self.state.closing:
                    await close()

        self.state.visits.add(visit)
        self.metrics.visits.inc()
        try:
            await self.app(scope, received, sent)
        finally:
            self.state.visits.discard(visit)
