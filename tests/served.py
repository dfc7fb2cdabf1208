"""The app served with settings of a test's own, and a visitor who speaks to it without a browser."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[1]
# Put into the served process: writes down every connection and look-up it makes, whatever code makes it.
RECORDER = """
import os, sys

def heard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"):
        with open(os.environ["RECORDED"], "a") as file:
            print(event, arguments[-1] if event == "socket.connect" else arguments, file=file)

sys.addaudithook(heard)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A process of ``serve.py``; ``port`` answers on 127.0.0.1."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        port: int | None = None,
        python: Sequence[str] = (sys.executable,),
        **environment: str,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment
        self.log = folder / f"server-{self.port}.log"
        self.recorded = folder / f"recorded-{self.port}.txt"
        (folder / "sitecustomize.py").write_text(RECORDER)
        options = options or ("--server.address=127.0.0.1",)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*python, "-m", "streamlit", "run", "serve.py", f"--server.port={self.port}", *options],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={
                    **{name: value for name, value in os.environ.items() if not name.startswith("UNROLLED_")},
                    "PYTHONUNBUFFERED": "1",
                    "PYTHONPATH": str(folder),
                    "RECORDED": str(self.recorded),
                    **environment,
                },
            )

    def ready(self, seconds: float = 90) -> Served:
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if get(f"{self.url}/readyz")[0] == 200:
                    return self
            time.sleep(0.1)
        raise AssertionError(f"the server did not start:\n{self.logged()[-4000:]}")

    def logged(self) -> str:
        return self.log.read_text(errors="replace")

    def reached(self) -> list[str]:
        """What the process has connected to or looked up, beside this machine and the address it listens on."""
        lines = self.recorded.read_text().splitlines() if self.recorded.exists() else []
        return [line for line in lines if "'0.0.0.0'" not in line and "'127.0.0.1'" not in line]

    def end(self, number: signal.Signals = signal.SIGTERM, seconds: float = 30) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


@contextlib.contextmanager
def served(folder: Path, *options: str, **environment: str) -> Iterator[Served]:
    server = Served(folder, *options, **environment)
    try:
        yield server.ready()
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
    """Status, headers (names in small letters) and text, whatever the status."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read().decode()


def handshake(port: int, host: str, origin: str | None, seconds: float = 10) -> int:
    """The status with which a WebSocket handshake is answered: 101 is welcome."""
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol: streamlit",
    ]
    lines += [] if origin is None else [f"Origin: {origin}"]
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        connection.settimeout(seconds)
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return int(connection.recv(4096).split(b" ", 2)[1])


class Visitor:
    """A browser's side of the conversation, without the browser."""

    def __init__(self, url: str, cookie: str | None = None, seconds: float = 30) -> None:
        self.seconds = seconds
        self.connection: ClientConnection = connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            compression=None,
            additional_headers={"Cookie": cookie} if cookie else None,
        )
        self.answer_headers = self.connection.response.headers if self.connection.response else {}

    def ask(self, page: str = "", query: str = "") -> None:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        self.connection.send(message.SerializeToString())

    def send(self, kind: str) -> None:
        """A message of another kind, empty."""
        message = BackMsg()
        field = message.DESCRIPTOR.fields_by_name[kind]
        if field.message_type:
            getattr(message, kind).SetInParent()
        else:
            setattr(message, kind, True)
        self.connection.send(message.SerializeToString())

    def received(self) -> bytes:
        """All that comes until the page is complete."""
        received = b""
        while True:
            data = self.connection.recv(timeout=self.seconds)
            assert isinstance(data, bytes)
            received += data
            message = ForwardMsg()
            message.ParseFromString(data)
            ended = message.WhichOneof("type") == "script_finished"
            if ended and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return received

    def read(self, page: str = "", query: str = "") -> bytes:
        self.ask(page, query)
        return self.received()

    def leave(self) -> None:
        self.connection.close()
