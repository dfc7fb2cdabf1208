"""What phones of a class open: one light page of its own, and a stream of what the teacher shows.

No page of Streamlit is behind it: forty sessions that run again at every step would take the core. The page's text is
set as text in the browser, and nothing that passes here is logged or kept.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from models.classroom.classes import CLASSES, PROCESS_COOKIE, Classroom, NoClass, TooMany

_FILES = Path(__file__).resolve().parent / "phone"
_MOST_BODY = 4_096
_PROCESS = re.compile(r"[A-Za-z0-9|._=-]{8,200}")
_ALIVE = 10.0  # seconds between signs of life: a browser that hears none for longer connects anew
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def routes() -> list[Route]:
    """``/class/`` and ``/class/CODE`` are the page; below it joining, the stream, guesses, sentences to the teacher."""
    return [
        Route("/class", lambda request: RedirectResponse("class/")),
        Route("/class/", page),
        Route("/class/files/{file_name}", file),
        Route("/class/{code}", page),
        Route("/class/{code}/join", _or_refused(join), methods=["POST"]),
        Route("/class/{code}/events", _or_refused(events)),
        Route("/class/{code}/guess", _or_refused(guess), methods=["POST"]),
        Route("/class/{code}/check", _or_refused(check), methods=["POST"]),
        Route("/class/{code}/sentence", _or_refused(sentence), methods=["POST"]),
    ]


async def page(request: Request) -> Response:
    """The page, the same for every class. A link can say which of several processes the class lives in."""
    answer = FileResponse(_FILES / "phone.html", headers=_HEADERS)
    _lead(request, answer, request.query_params.get("at", ""))
    return answer


async def file(request: Request) -> Response:
    """Its script and its style."""
    name = request.path_params["file_name"]
    if name not in ("phone.js", "phone.css"):
        return Response(status_code=404)
    return FileResponse(_FILES / name)


async def join(request: Request) -> Response:
    """A phone joins, or comes back with the name that it was given."""
    phone = (await _body(request)).get("phone")
    room = _room(request, phone)
    if not isinstance(phone, str) or not room.knows(phone):
        phone = room.join()
    answer = JSONResponse({"phone": phone, "code": room.code}, headers=_HEADERS)
    _lead(request, answer, room.process)  # a code that was typed may have come here by way of other processes
    return answer


async def events(request: Request) -> Response:
    """What the teacher shows, from now on."""
    phone = request.query_params.get("phone", "")
    room = _room(request, phone)
    if not room.knows(phone):
        return JSONResponse({"error": "join first"}, 403)
    room.let_listen()
    return StreamingResponse(_stream(room, phone), media_type="text/event-stream", headers=_HEADERS)


async def guess(request: Request) -> Response:
    """A phone's guess."""
    room, (phone, number, answer) = await _sent(request, phone=str, number=int, answer=int)
    return JSONResponse({"counted": room.guess(phone, number, answer)}, headers=_HEADERS)


async def check(request: Request) -> Response:
    """A phone's answers to the questions that are asked before the lessons and after them."""
    room, (phone, when, answers) = await _sent(request, phone=str, when=str, answers=list)
    counted = room.answer_check(phone, when, answers)
    return JSONResponse({"counted": counted, "state": room.state_for(phone)}, headers=_HEADERS)


async def sentence(request: Request) -> Response:
    """A sentence for the teacher."""
    room, (phone, text) = await _sent(request, phone=str, text=str)
    return JSONResponse({"sent": room.send_sentence(phone, text)}, headers=_HEADERS)


async def _stream(room: Classroom, phone: str) -> AsyncIterator[str]:
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def notify() -> None:
        loop.call_soon_threadsafe(changed.set)

    leave = room.listen(notify)
    try:
        yield "retry: 1000\n\n"
        while True:
            changed.clear()
            board = room.state_for(phone)
            yield f"data: {json.dumps(board)}\n\n"
            if board.get("over"):
                return
            while True:
                try:
                    await asyncio.wait_for(changed.wait(), _ALIVE)
                    break
                except TimeoutError:
                    if room.over:
                        break
                    yield "event: alive\ndata: 1\n\n"
    finally:
        leave()


def _lead(request: Request, answer: Response, process: str) -> None:
    """Let a proxy lead this phone to a process from now on."""
    if _PROCESS.fullmatch(process) and request.cookies.get(PROCESS_COOKIE) != process:
        answer.set_cookie(PROCESS_COOKIE, process, httponly=True, samesite="lax")


def _room(request: Request, phone: object) -> Classroom:
    address = request.client.host if request.client else ""
    return CLASSES.find(request.path_params["code"], address, phone)


class _NotOurs(ValueError):
    """What was sent is not what the page sends."""


async def _sent(request: Request, **kinds: type) -> tuple[Classroom, list[Any]]:
    """The class, and the parts of what was sent that have these names, each of exactly this type."""
    body = await _body(request)
    room = _room(request, body.get("phone"))
    parts = [body.get(name) for name in kinds]
    if [type(part) for part in parts] != list(kinds.values()):
        raise _NotOurs("that is not what is wanted here")
    return room, parts


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; {} where it is none, or too much."""
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > _MOST_BODY:
            return {}
    try:
        found = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _or_refused(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """What answers, or says that there is no such class, no room in it, or nothing in what was sent."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except TooMany as error:
            return JSONResponse({"error": str(error)}, 429, {"Retry-After": "60", **_HEADERS})
        except NoClass as error:
            return JSONResponse({"error": str(error)}, 404, _HEADERS)
        except _NotOurs as error:
            return JSONResponse({"error": str(error)}, 400, _HEADERS)

    return answered
