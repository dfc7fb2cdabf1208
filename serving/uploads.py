"""Uploads: in memory only, bounded by file, by session and by process, and only under addresses that were given out.

Streamlit takes a file for any session that lives, under any name, as often as somebody sends one, and its form parser
writes files above 1 MB to a temporary file. Here a request is refused before its body is read, unless its address was
given out to its session and there is room for what it announces; and no part of it ever touches a disk.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from starlette.formparsers import MultiPartParser
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadFileUrlInfo

from models import settings
from models.settings import MB

_FRAME = 64 * 1024  # bytes around the file in its request
_ADDRESS = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)/?")
_NETWORKS = (".keras", ".h5", ".hdf5")  # by the name that an address is asked for: files with a ceiling of their own
_MOST_ASKED = 16  # addresses given out at once, and kept open in a session


class Refused(Exception):
    """An upload is not taken; ``status`` is HTTP's number, the text is for the visitor."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Ledger:
    """Which addresses were given out, what every session holds, and what is on its way. Asked from any thread."""

    def __init__(self) -> None:
        self._manager: MemoryUploadedFileManager | None = None
        self._given: dict[str, dict[str, bool]] = defaultdict(dict)  # whether it is for a network, by address
        self._networks: dict[str, set[str]] = defaultdict(set)  # addresses that networks came by
        self._coming: dict[tuple[str, bool], int] = defaultdict(int)
        self._lock = threading.Lock()
        # Starlette's own switch between memory and a temporary file.
        MultiPartParser.spool_max_size = max(file_limit(), file_limit(network=True)) + 2 * _FRAME

    def watch(self, manager: Any) -> None:
        """Learn from Streamlit's store of uploads which addresses it gives out, and when a session ends.

        Raises:
            TypeError: if it is another kind of store than the one in memory.
        """
        if not isinstance(manager, MemoryUploadedFileManager):
            raise TypeError(f"uploads are not held in memory but in a {type(manager).__name__}")
        self._manager = manager
        give, remove = manager.get_upload_urls, manager.remove_session_files

        def get_upload_urls(session_id: str, file_names: Sequence[str]) -> list[UploadFileUrlInfo]:
            infos = give(session_id, list(file_names[:_MOST_ASKED]))
            with self._lock:
                given = self._given[session_id]
                for info, name in zip(infos, file_names, strict=False):
                    given[info.file_id] = name.lower().endswith(_NETWORKS)
                for old in list(given)[:-_MOST_ASKED]:
                    del given[old]
            return infos

        def remove_session_files(session_id: str) -> None:
            with self._lock:
                self._given.pop(session_id, None)
                self._networks.pop(session_id, None)
            remove(session_id)

        manager.get_upload_urls = get_upload_urls  # type: ignore[method-assign]
        manager.remove_session_files = remove_session_files  # type: ignore[method-assign]

    def admit(self, session: str, file: str, length: int | None) -> bool:
        """Make room for a request of ``length`` bytes; ``release`` gives it back.

        Returns:
            whether its address was given out for a network.

        Raises:
            Refused: if its address was not given out, or there is no room.
        """
        if length is None:
            raise Refused(411, "An upload has to say how long it is.")
        with self._lock:
            # An address that nobody was given is judged as one for a table.
            network = self._given.get(session, {}).get(file, False)
            limit = file_limit(network)
            if length > limit + _FRAME:
                raise Refused(413, f"This file is larger than the {limit // MB} MB that are taken.")
            if file not in self._given.get(session, {}):
                raise Refused(403, "This address for uploads was not given out, or it was used already.")
            held = self._held(network)
            mine = held.get(session, (0, 0))
            # Of networks a visit holds one file at a time: what was read of it stays when it is removed.
            most = limit + _FRAME if network else settings.value("upload_session") * MB
            if mine[0] >= settings.value("upload_files") or mine[1] + length > most:
                raise Refused(413, "This visit holds as many uploads as it may. Remove one and try again.")
            room = settings.value("upload_networks" if network else "upload_process") * MB
            if sum(size for _, size in held.values()) + length > room:
                raise Refused(503, "Many files are being held for others just now. Try again in a minute.")
            del self._given[session][file]
            if network:
                self._networks[session].add(file)
            self._coming[session, network] += length
        return network

    def release(self, session: str, network: bool, length: int) -> None:
        """The request has ended, however it ended."""
        with self._lock:
            key = session, network
            self._coming[key] -= length
            if self._coming[key] <= 0:
                del self._coming[key]

    def _held(self, networks: bool) -> dict[str, tuple[int, int]]:
        """By session: how many files, and bytes, those on their way counted in; of networks, or of all else."""
        stored = self._manager.file_storage if self._manager else {}
        held: dict[str, tuple[int, int]] = {}
        for session, files in list(stored.items()):
            theirs = self._networks.get(session, set())
            sizes = [len(file.data) for key, file in list(files.items()) if (key in theirs) == networks]
            held[session] = (len(sizes), sum(sizes))
        for (session, of_networks), coming in self._coming.items():
            if of_networks == networks:
                count, size = held.get(session, (0, 0))
                held[session] = (count + 1, size + coming)
        return held


class UploadGate:
    """ASGI middleware: asks the ledger before an upload is read, and ends one that takes too long."""

    def __init__(self, app: ASGIApp, ledger: Ledger) -> None:
        self.app, self.ledger = app, ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let everything pass but uploads without room or right."""
        found = _ADDRESS.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        session, file = found.groups()
        length = _length(scope)
        try:
            network = self.ledger.admit(session, file, length)
        except Refused as refused:
            # What is still on its way is not read: the connection ends with the answer.
            answer = PlainTextResponse(str(refused), refused.status, {"Connection": "close"})
            await answer(scope, receive, send)
            return
        try:
            await self.app(scope, _within(settings.value("upload_seconds"), receive), send)
        except ClientDisconnect:
            pass  # it went away, or was too slow: nobody is there to be told
        finally:
            self.ledger.release(session, network, length or 0)


def file_limit(network: bool = False) -> int:
    """The most bytes of one uploaded file, or of a brought network's."""
    return settings.value("network_megabytes" if network else "upload_file") * MB


def _length(scope: Scope) -> int | None:
    """What the request says of its length; None if it does not, or says it in pieces."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if len(lengths) == 1 and lengths[0].isdigit() and len(lengths[0]) < 16 else None


def _within(seconds: int, receive: Receive) -> Receive:
    """``receive``, which after so many seconds says that the visitor has gone."""
    deadline = asyncio.get_running_loop().time() + seconds

    async def bounded() -> Message:
        try:
            return await asyncio.wait_for(receive(), max(0.0, deadline - asyncio.get_running_loop().time()))
        except TimeoutError:
            return {"type": "http.disconnect"}

    return bounded
