"""The serving entry: what stands between the network and the pages. Run it with ``streamlit run serve.py``.

``streamlit run app.py`` serves the same pages bare: without the guards of ``serving/``, and slower for the first
visitor of a fresh process. It is for one's own machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from streamlit.runtime import get_instance

from models import settings
from models.classroom.classes import CLASSES
from models.jobs.gate import gate
from serving import classroom, health, incoming, listening, logs, preview, wake_ups
from serving.draining import Drain
from serving.headers import SafeHeaders
from serving.hosts import Hosts, OnlyOurHosts, heed_no_other_window
from serving.metrics import Metrics
from serving.state import State
from serving.uploads import Ledger, UploadGate
from serving.visits import Visits
from serving.warm_up import warm_up

state = State()
metrics = Metrics(state, lambda: gate().counts())
ledger = Ledger()


def hosts() -> Hosts:
    """The names we answer to, and the address we listen on."""
    return Hosts(settings.entries("hosts"), listening.address())


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Read the networks, then let visitors in; see to the sockets as soon as there are some."""
    with wake_ups.gathered(asyncio.get_running_loop()):
        logs.install()
        heed_no_other_window()
        listening.open_many_files()
        CLASSES.served = True
        ledger.watch(get_instance().uploaded_file_mgr)
        state.networks = warm_up()
        server = listening.running_server()
        if server is None:  # another server than `streamlit run` makes: its sockets and signals are its own
            listening.settle_training(loopback=False)
            yield
            return
        listening.name_no_server(server)
        incoming.install(server)
        Drain(server, state, settings.value("drain_seconds"), lambda: any(gate().counts())).install()
        metrics.serve(settings.value("metrics_port"), listening.address())

        async def settle() -> None:
            sockets = await listening.sockets(server)
            listening.send_at_once(sockets)
            listening.settle_training(listening.only_loopback(sockets) and hosts().only_this_machine)

        settling = asyncio.create_task(settle())
        yield
        settling.cancel()


def read(request: Request) -> RedirectResponse:
    """The first page lives at the bare address; who types its name, or follows an old link, is sent there."""
    # Relative, so that it holds behind a proxy that serves the app under a path of its own.
    return RedirectResponse(f"./?{request.url.query}" if request.url.query else "./")


app = st.App(
    "app.py",
    lifespan=lifespan,
    routes=[*health.routes(state), *classroom.routes(), Route("/read", read), preview.route],
    middleware=[
        Middleware(SafeHeaders, embed=settings.entries("embed")),
        Middleware(OnlyOurHosts, hosts=hosts),
        Middleware(Visits, state=state, metrics=metrics),
        Middleware(UploadGate, ledger=ledger),
        Middleware(preview.Preview),
    ],
)
