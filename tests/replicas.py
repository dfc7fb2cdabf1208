"""Three processes behind the nginx of ``deploy/``, on this machine, and a class of visitors who click on through it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.served import Served, Visitor, free_port, get

ROOT = Path(__file__).resolve().parents[1]
SECRET = "one secret for all three, so that what one has signed another believes"
PAGES = ("", "inside", "evaluation", "about")
PATIENCE = 30.0  # seconds that a visitor tries to connect again


class Replicas:
    """Three processes, or fewer, and nginx; ``url`` is nginx's. ``environment`` is given to the processes."""

    def __init__(self, folder: Path, count: int = 3, **environment: str) -> None:
        self.folder, self.environment = folder, environment
        self.servers = [self.start(free_port()) for _ in range(count)]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "nginx.log"
        self.nginx: subprocess.Popen[bytes] | None = None

    def start(self, port: int) -> Served:
        return Served(
            self.folder,
            "--server.address=127.0.0.1",
            port=port,
            STREAMLIT_SERVER_COOKIE_SECRET=SECRET,
            UNROLLED_METRICS_PORT=str(free_port()),
            **self.environment,
        )

    def configuration(self) -> str:
        """nginx's file as it is in ``deploy/``, with this test's ports and folder in it."""
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for number, server in enumerate(self.servers, 1):
            text = text.replace(f"app{number}:8501", f"127.0.0.1:{server.port}")
        text = re.sub(r"\n\s*server app\d:8501[^;]*;", "", text)  # of the processes that are not started
        text = text.replace("listen 8080", f"listen 127.0.0.1:{self.port}")
        text = text.replace("worker_processes auto", "worker_processes 1")
        text = text.replace("/dev/stdout", str(self.log)).replace("/dev/stderr", str(self.folder / "nginx-error.log"))
        text = text.replace("/tmp/nginx", f"{self.folder}/nginx")
        return f"user root;\n{text}" if os.geteuid() == 0 else text

    def __enter__(self) -> Replicas:
        try:
            return self._begin()
        except BaseException:
            self.__exit__()
            raise

    def _begin(self) -> Replicas:
        for server in self.servers:
            server.ready()
        file = self.folder / "nginx.conf"
        file.write_text(self.configuration())
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        assert nginx, "nginx is not installed"
        self.nginx = subprocess.Popen([nginx, "-c", str(file), "-g", "daemon off;"])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                get(f"{self.url}/healthz")
                return self
            time.sleep(0.05)
        raise AssertionError("nginx did not start")

    def __exit__(self, *_: object) -> None:
        if self.nginx:
            self.nginx.terminate()
            self.nginx.wait()
        for server in self.servers:
            if server.process.poll() is None:
                server.process.kill()
            server.process.wait()

    def visits(self) -> list[int]:
        """Connections that each process has had."""
        return [int(self._number(server, "unrolled_visits_total")) for server in self.servers]

    def _number(self, server: Served, name: str) -> float:
        text = get(f"http://127.0.0.1:{server.environment['UNROLLED_METRICS_PORT']}/metrics")[2]
        found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        assert found, name
        return float(found.group(1))

    def restart(self, number: int) -> None:
        """Tell one process to end, and start another in its place once it has."""
        self.servers[number].end()
        self.servers[number] = self.start(self.servers[number].port).ready()

    def cookie(self) -> str:
        """What a new browser gets with its first page."""
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            return str(answer.headers["Set-Cookie"]).partition(";")[0]


@dataclass
class Experience:
    """What one visitor has met. ``codes``: with what connections were closed; ``lost``: what nothing made good."""

    answers: int = 0
    reconnects: int = 0
    codes: list[int] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    slowest: float = 0.0  # seconds until an answer was there, connecting again included


def click_on(replicas: Replicas, met: Experience, stop: threading.Event, pause: float) -> None:
    """Ask for one page after the other, as a browser does: who loses the connection connects and asks again."""
    cookie = replicas.cookie()
    visitor: Visitor | None = None
    number = 0
    while not stop.is_set():
        began = time.monotonic()
        page = PAGES[number % len(PAGES)]
        number += 1
        while True:
            try:
                visitor = visitor or Visitor(replicas.url, cookie)
                assert b"Traceback" not in visitor.read(page, "example=negation&text=a-secret-text")
                met.answers += 1
                met.slowest = max(met.slowest, time.monotonic() - began)
                break
            except ConnectionClosed as closed:
                met.codes.append(closed.rcvd.code if closed.rcvd else 1006)
                met.reconnects += 1
                visitor = None
            except (InvalidHandshake, OSError) as error:
                visitor = None
                if time.monotonic() - began > PATIENCE:
                    met.lost.append(repr(error))
                    return
                time.sleep(0.2)
        stop.wait(pause)
    if visitor:
        visitor.leave()


@contextlib.contextmanager
def a_class(replicas: Replicas, visitors: int, pause: float = 0.5) -> Iterator[list[Experience]]:
    """Visitors at work for as long as the block lasts."""
    stop = threading.Event()
    met = [Experience() for _ in range(visitors)]
    threads = [threading.Thread(target=click_on, args=(replicas, one, stop, pause)) for one in met]
    for thread in threads:
        thread.start()
    try:
        yield met
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """Three of them for a module that imports this, where there is an nginx."""
    if not shutil.which("nginx", path="/usr/sbin:/usr/bin"):
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed")
    with Replicas(tmp_path_factory.mktemp("replicas")) as found:
        yield found
