"""What every answer says to the browser: load nothing from elsewhere, stand in no stranger's frame, pass no address on.

A shared link holds the text that its sender has chosen to share: ``Referrer-Policy`` keeps it from other sites.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_scripts(html: str) -> tuple[str, ...]:
    """The sources, as a content security policy writes them, that allow a page's own inline scripts and no others."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(html))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def embedders(entries: tuple[str, ...]) -> tuple[str, ...]:
    """Those of an operator's entries that are origins (or ``*``): nothing else may enter a header."""
    sound = []
    for entry in entries:
        parts = urlsplit(entry)
        plain = re.fullmatch(r"[a-z0-9*.:\[\]-]+", parts.netloc.lower())
        if entry == "*" or (parts.scheme in ("http", "https") and plain and entry.rstrip("/").endswith(parts.netloc)):
            sound.append(entry.rstrip("/"))
    return tuple(sound)


def policy(embed: tuple[str, ...]) -> str:
    """The content security policy: this host alone.

    Components are modules that the page makes itself (``blob:``); Streamlit's messages are read with a little
    WebAssembly; styles are written into the page by Streamlit and Plotly, and pictures of charts are made in the page.

    Args:
        embed: origins that may show the app in a frame, beside itself.
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    directives = {
        "default-src": ("'self'",),
        "script-src": ("'self'", "blob:", "'wasm-unsafe-eval'", *inline_scripts(page)),
        "style-src": ("'self'", "'unsafe-inline'"),
        "img-src": ("'self'", "data:", "blob:"),
        "font-src": ("'self'", "data:"),
        "worker-src": ("'self'", "blob:"),
        "object-src": ("'none'",),
        "base-uri": ("'self'",),
        "form-action": ("'self'",),
        "frame-ancestors": ("'self'", *embedders(embed)),
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


class SafeHeaders:
    """Middleware that writes them; ``embed``: see ``policy``."""

    def __init__(self, app: ASGIApp, embed: tuple[str, ...]) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy(embed),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, text in self.headers.items():
                    headers[name] = text
            await send(message)

        await self.app(scope, receive, sent)
