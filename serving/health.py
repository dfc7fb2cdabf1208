"""What a machine asks: whether the process is alive, and whether visitors may be sent to it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from serving.state import State


def routes(state: State) -> list[Route]:
    """``/healthz`` answers as long as the process does; ``/readyz`` once networks are read and until it is to stop."""

    async def alive(_: Request) -> PlainTextResponse:
        return PlainTextResponse("alive\n")

    async def ready(_: Request) -> PlainTextResponse:
        if state.draining:
            return PlainTextResponse("stopping\n", 503)
        if not state.ready:
            return PlainTextResponse("no network has been read\n", 503)
        return PlainTextResponse(f"ready: {state.networks} networks\n")

    return [Route("/healthz", alive), Route("/readyz", ready)]
