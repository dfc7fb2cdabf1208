"""The server around the app: the sockets it listens on, and what can only be set there.

``streamlit run`` makes uvicorn's server itself. By the time our app is asked to start, that server waits for the
signals that end it: that is where it is found.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import signal
import socket

import uvicorn
from streamlit import config

TRAINING = "UNROLLED_TRAINING"
IF_LOOPBACK = "loopback"  # as `go.py start` asks for it


def running_server() -> uvicorn.Server | None:
    """The uvicorn server that is starting our app; None where another server does."""
    owner = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return owner if isinstance(owner, uvicorn.Server) else None


def address() -> str:
    """The address that Streamlit will listen on, by all it goes by; empty for every address."""
    return str(config.get_option("server.address") or "")


def open_many_files() -> None:
    """As many connections as the system allows: a visit takes four of what many a system gives a process 1,024 of."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def name_no_server(server: uvicorn.Server) -> None:
    """Answers do not say what serves them."""
    server.config.encoded_headers = [header for header in server.config.encoded_headers if header[0] != b"server"]


async def sockets(server: uvicorn.Server) -> list[socket.socket]:
    """The sockets it listens on, as soon as it does."""
    while not server.started:
        await asyncio.sleep(0.01)
    return [found for listening in server.servers for found in listening.sockets]


def send_at_once(listening: list[socket.socket]) -> None:
    """Connections inherit it: short messages do not wait for the other side to acknowledge the last one.

    asyncio sets this for sockets whose protocol it knows, and Streamlit makes its own without naming one.
    """
    for found in listening:
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def only_loopback(listening: list[socket.socket]) -> bool:
    """Whether nobody but this machine can reach any of the sockets."""
    hosts = [found.getsockname()[0] for found in listening]
    return bool(hosts) and all(ipaddress.ip_address(host.partition("%")[0]).is_loopback for host in hosts)


def settle_training(loopback: bool) -> None:
    """``UNROLLED_TRAINING=loopback`` becomes on or off, by who can reach what is really listened on."""
    if os.environ.get(TRAINING) == IF_LOOPBACK:
        os.environ[TRAINING] = "1" if loopback else "0"
