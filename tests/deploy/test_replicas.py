"""Past one process: nginx keeps a browser with one of three; who loses his has to connect again, no more."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.replicas import Replicas, a_class
from tests.replicas import replicas as replicas
from tests.served import Visitor

pytestmark = pytest.mark.slow


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


class Phone:
    """What a phone of a class sends, with a browser's cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(self, path: str) -> str:
        with self.browser.open(f"{self.url}{path}", timeout=10) as answer:
            return str(answer.readline().decode() + answer.readline().decode() + answer.readline().decode())

    def post(self, path: str, **body: object) -> dict[str, object]:
        with self.browser.open(f"{self.url}{path}", json.dumps(body).encode(), timeout=10) as answer:
            found: dict[str, object] = json.loads(answer.read())
            return found


def open_a_class(teacher: Visitor) -> str:
    """Press the button, and return the code."""
    received = teacher.read("lessons", "lesson=order&step=1")
    button = re.search(rb"\$\$ID-[0-9a-f]+-class-open", received)
    assert button
    message = BackMsg()
    message.rerun_script.page_name = "lessons"
    message.rerun_script.query_string = "lesson=order&step=1"
    message.rerun_script.widget_states.widgets.add(id=button.group().decode(), trigger_value=True)
    teacher.connection.send(message.SerializeToString())
    code = re.search(rb'lesson-code">([A-Z]{4})<', teacher.received())
    assert code
    return code.group(1).decode()


def test_phones_come_to_the_process_of_their_class_by_its_link_or_by_its_code(replicas: Replicas) -> None:
    cookie = replicas.cookie()
    teacher = Visitor(replicas.url, cookie)
    code = open_a_class(teacher)
    process = cookie.partition("=")[2]
    for number in range(12):
        phone = Phone(replicas.url)
        phone.get(f"/class/{code}?at={process}" if number % 2 else "/class/")
        name = phone.post(f"/class/{code}/join", phone="")["phone"]
        assert code in str(phone.post(f"/class/{code}/join", phone=name)["code"])
        # From here on every request finds the class at once: the stream and the guess.
        assert "retry" in phone.get(f"/class/{code}/events?phone={name}")
        assert phone.post(f"/class/{code}/guess", phone=name, number=1, answer=0) == {"counted": True}
    with pytest.raises(urllib.error.HTTPError, match="404"):
        Phone(replicas.url).post("/class/ZZZZ/join", phone="")
    teacher.leave()


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
    logged = "".join(path.read_text(errors="replace") for path in logs)
    assert "/_stcore/stream 101" in logged
    for word in ("secret", "example=", "negation"):
        assert word not in logged
    body: list[Path] = [path for path in replicas.folder.glob("nginx-*/**/*") if path.is_file()]
    assert body == []
