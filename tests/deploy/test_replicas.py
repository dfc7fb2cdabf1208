"""Past one process: nginx keeps a browser with one of three; who loses his has to connect again, no more."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.replicas import Replicas, a_class
from tests.served import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    if not shutil.which("nginx", path="/usr/sbin:/usr/bin"):
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed")
    with Replicas(tmp_path_factory.mktemp("replicas")) as found:
        yield found


def test_a_browser_stays_with_its_process_and_a_class_is_spread(replicas: Replicas) -> None:
    homes = []
    for _ in range(18):
        cookie, before = replicas.cookie(), replicas.visits()
        for _ in range(3):
            visitor = Visitor(replicas.url, cookie)
            visitor.read("about")
            visitor.leave()
        gained = [after - early for early, after in zip(before, replicas.visits(), strict=True)]
        assert sorted(gained) == [0, 0, 3]
        homes.append(gained.index(3))
    assert set(homes) == {0, 1, 2}


def test_one_process_killed_under_load_costs_its_visitors_a_reconnect(replicas: Replicas) -> None:
    with a_class(replicas, 9) as met:
        time.sleep(4)
        replicas.servers[1].process.kill()
        replicas.servers[1].process.wait()
        time.sleep(6)
        replicas.servers[1] = replicas.start(replicas.servers[1].port).ready()
        time.sleep(3)
    assert [one.lost for one in met] == [[]] * 9
    assert all(one.answers > 5 for one in met)
    assert sum(one.reconnects for one in met) > 0
    assert max(one.reconnects for one in met) <= 2  # away from it, and perhaps back


def test_a_rolling_restart_of_all_costs_everybody_reconnects_and_nothing_else(replicas: Replicas) -> None:
    with a_class(replicas, 9) as met:
        time.sleep(3)
        for number in range(3):
            replicas.restart(number)
            time.sleep(1)
        time.sleep(3)
    assert [one.lost for one in met] == [[]] * 9
    assert all(one.answers > 5 for one in met)
    codes = [code for one in met for code in one.codes]
    assert codes
    assert set(codes) == {1012}, "every browser is told to connect again"


def test_nothing_typed_is_in_any_log(replicas: Replicas) -> None:
    visitor = Visitor(replicas.url)
    visitor.read("", "text=a-secret-text")
    visitor.leave()
    logs = [path for path in replicas.folder.iterdir() if path.suffix == ".log"]
    assert len(logs) == 5
    said = "".join(path.read_text(errors="replace") for path in logs)
    assert "/_stcore/stream 101" in said
    for word in ("secret", "example=", "negation"):
        assert word not in said
    body: list[Path] = [path for path in replicas.folder.glob("nginx-*/**/*") if path.is_file()]
    assert body == []
