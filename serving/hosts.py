"""Who may be asked for: requests for another name, or sent by another site's page, end here.

A page at a name of its own can have that name point at this machine (DNS rebinding); then the browser takes our app
for that page's, and only the ``Host`` it sends tells. A WebSocket is open to every site's pages; only ``Origin`` tells.
Both are judged before Streamlit sees the request: its own check looks this machine's public address up at a foreign
host, and everybody waits meanwhile.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from streamlit import config

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PROBES = ("/healthz", "/readyz")  # asked by address, and they tell nothing
_REFUSED = "This app does not answer to that name. Whoever runs it can allow it with UNROLLED_HOSTS.\n"
_EVERY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104, compared and not bound


def heed_no_other_window() -> None:
    """No page of another site steers ours by messages to its window.

    Streamlit lets those of its own hosting do so, where anybody may put one.
    """
    config.set_option("client.allowedOrigins", [])


def is_loopback(name: str) -> bool:
    """Whether a name or address means this machine alone."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def named(netloc: str) -> str | None:
    """The host in ``host:port``, in small letters, without brackets and a final dot; None where it is none."""
    try:
        parts = urlsplit(f"//{netloc}")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    if not parts.hostname or parts.netloc != netloc or parts.username is not None or parts.password is not None:
        return None
    return parts.hostname.lower().rstrip(".") or None


class Hosts:
    """The names under which the app may be asked for.

    Args:
        names: as an operator writes them, beside this machine's own, which are always ours: a foreign page cannot be
            asked for under them. ``*.example.org`` stands for every name below it, ``*`` for every name.
        address: that the server listens on. Where it is every address, any address may be asked for: a page cannot
            pretend to have one, as it can with a name.
    """

    def __init__(self, names: tuple[str, ...], address: str) -> None:
        self.names = tuple(name.lower().strip("[]").rstrip(".") for name in names)
        self.address = address.lower().strip("[]")

    @property
    def only_this_machine(self) -> bool:
        """Whether the operator has listed no other name."""
        return all(is_loopback(name) for name in self.names)

    def lists(self, name: str) -> bool:
        """Whether the operator has listed a name."""
        return any(
            entry in ("*", name) or (entry.startswith("*.") and name.endswith(entry[1:])) for entry in self.names
        )

    def allows(self, host: str) -> bool:
        """Whether a ``Host`` header asks for us."""
        name = named(host)
        if name is None:
            return False
        if is_loopback(name) or self.lists(name) or name == self.address:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return self.address in _EVERY_ADDRESS

    def allows_origin(self, origin: str, host: str) -> bool:
        """Whether an ``Origin`` header is our own page's.

        It is where it names what ``Host`` names, port included, or, behind a proxy, a name that the operator has listed
        one by one. Another port of this machine is somebody else's page.
        """
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https"):
            return False
        name = named(parts.netloc)
        if name is None:
            return False
        if parts.netloc.lower() == host.lower():
            return True
        return "*" not in self.names and self.lists(name) and not is_loopback(name)


class OnlyOurHosts:
    """Middleware that refuses foreign hosts and origins, HTTP and WebSocket alike.

    Args:
        hosts: gives the names; asked at the first request, when the address listened on is known.
    """

    def __init__(self, app: ASGIApp, hosts: Callable[[], Hosts]) -> None:
        self.app = app
        self._ask = hosts
        self._hosts: Hosts | None = None
        self._logged = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        hosts = self._hosts = self._hosts or self._ask()
        found = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        ours = len(found) == 1 and hosts.allows(found[0]) and len(origins) <= 1
        if not ours or not all(hosts.allows_origin(origin, found[0]) for origin in origins):
            await self._refuse(scope, receive, send)
            return
        if origins:
            # One that is ours by its listed name: Streamlit compares it with Host, and looks elsewhere if they differ.
            same = f"{urlsplit(origins[0]).scheme}://{found[0]}".encode("latin-1")
            headers = [(name, same if name == b"origin" else value) for name, value in scope["headers"]]
            scope = {**scope, "headers": headers}
        await self.app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._logged:  # once, and without what was asked: anybody could fill the log
            self._logged = True
            logging.getLogger("unrolled").warning("refused a request for a name that is not in UNROLLED_HOSTS")
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await PlainTextResponse(_REFUSED, 403)(scope, receive, send)
