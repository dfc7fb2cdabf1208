"""A class of forty phones on one process: how soon a step is on all of them, and whether votes are counted exactly.

    python -m benchmarks.class_load [--phones 40]

The app is served on one core. A teacher's visit opens a class on Lessons and turns the steps of a lesson; at every step
a tenth of the phones lose their connection and come back. Measured: from the teacher's step until the step is on every
phone, and for phones that were away from when they are back. Every phone guesses at every question, some twice and some
again after a lost answer; then the counts that the phones are told are compared with what was guessed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.report import quantile
from benchmarks.served import served
from benchmarks.visitors import Visitor, visitor

WITHIN = 1.0  # seconds, at the 95th percentile
_CODE = re.compile(r'class="lesson-code">([A-Z]{4})<')
_LESSONS = (("words", 4), ("gates", 4))  # one follows the other


class Teacher(Visitor):
    """A visit that also reads the class's code off the page."""

    code = ""

    async def turn_to(self, name: str, step: int) -> None:
        """Run the page at another step: by its address, since this visit keeps no state of the page's choosers."""
        self.query = f"lesson={name}&step={step}"
        await self._run()

    async def press(self, key: str) -> None:
        """Press a button, once the page has it: what other runs still send is read first."""
        for _ in range(20):
            with contextlib.suppress(KeyError):
                await self.set(key, True)
                return
            await asyncio.sleep(0.2)
            await self._run()
        raise SystemExit(f"the page has no button {key}")

    def _take(self, answer: ForwardMsg) -> None:
        super()._take(answer)
        if answer.delta.WhichOneof("type") == "new_element" and answer.delta.new_element.HasField("html"):
            found = _CODE.search(answer.delta.new_element.html.body)
            self.code = found[1] if found else self.code


@dataclass
class Phone:
    """One phone: what it was told last, and since when."""

    host: str
    port: int
    code: str
    name: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    at: dict[tuple[str, int], float] = field(default_factory=dict)  # when a step came
    back: float = 0.0  # when it connected last
    stream: asyncio.Task[None] | None = None

    async def post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send something to the class."""
        url, kind = f"http://{self.host}:{self.port}/class/{self.code}/{what}", {"Content-Type": "application/json"}
        request = urllib.request.Request(url, json.dumps(body).encode(), kind)
        with await asyncio.to_thread(urllib.request.urlopen, request) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    async def connect(self) -> None:
        """Join, or come back, and follow."""
        self.name = (await self.post("join", {"phone": self.name}))["phone"]
        self.stream = asyncio.create_task(self._follow())

    async def drop(self, seconds: float) -> None:
        """Lose the connection, and come back."""
        if self.stream:
            self.stream.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.stream
        await asyncio.sleep(seconds)
        self.back = time.perf_counter()
        await self.connect()

    async def _follow(self) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=2**20)
        try:
            writer.write(
                f"GET /class/{self.code}/events?phone={self.name} HTTP/1.1\r\n"
                f"Host: {self.host}:{self.port}\r\n\r\n".encode()
            )
            while line := await reader.readline():
                if line.startswith(b"data: {"):
                    self.state = json.loads(line[6:])
                    if "lesson" in self.state:
                        self.at.setdefault((self.state["lesson"], self.state["step"]), time.perf_counter())
        finally:
            writer.close()


async def until(done: Any, seconds: float = 20.0) -> bool:
    """Wait until something holds; False if it does not in time."""
    deadline = time.perf_counter() + seconds
    while not done():
        if time.perf_counter() > deadline:
            return False
        await asyncio.sleep(0.005)
    return True


async def lesson(url: str, count: int, chance: random.Random) -> tuple[list[float], list[str]]:
    """Go through the lessons; returns the seconds to every phone at every step, and what went wrong."""
    parts = urlsplit(url)
    waits: list[float] = []
    wrong: list[str] = []
    async with visitor(url) as plain:
        teacher = Teacher(plain.socket, query="lesson=words&step=1")
        await teacher.open("lessons")
        await teacher.set("class-open", True)
        phones = [Phone(parts.hostname or "", parts.port or 80, teacher.code) for _ in range(count)]
        await asyncio.gather(*(phone.connect() for phone in phones))
        for name, steps in _LESSONS:
            for step in range(1, steps + 1):
                for phone in phones:
                    phone.at.clear()
                away = chance.sample(phones, max(1, count // 10))
                drops = [asyncio.create_task(phone.drop(chance.uniform(0.05, 1.5))) for phone in away]
                clicked = time.perf_counter()
                first = (name, step) == (_LESSONS[0][0], 1)
                if not first:
                    await teacher.turn_to(name, step)
                await asyncio.gather(*drops)
                if first:
                    continue
                if not await until(lambda at=(name, step): all(at in phone.at for phone in phones)):
                    wrong.append(f"{name} {step} did not reach every phone")
                    continue
                waits += [
                    phone.at[name, step] - (max(clicked, phone.back) if phone in away else clicked) for phone in phones
                ]
                wrong += await vote(teacher, phones, chance)
        for phone in phones:
            if phone.stream:
                phone.stream.cancel()
        wrong += teacher.errors
    return waits, wrong


async def vote(teacher: Teacher, phones: list[Phone], chance: random.Random) -> list[str]:
    """Every phone guesses, some of them repeatedly; the counts have to be exact."""
    state = phones[0].state
    if not state["asks"]:
        return []
    guesses = [chance.randrange(len(state["answers"])) for _ in phones]

    async def one(phone: Phone, answer: int) -> None:
        for guess in [*chance.choices(range(len(state["answers"])), k=chance.randrange(3)), answer, answer]:
            await phone.post("guess", {"phone": phone.name, "number": state["number"], "answer": guess})

    dropped = [asyncio.create_task(phone.drop(0.1)) for phone in chance.sample(phones, max(1, len(phones) // 10))]
    await asyncio.gather(*(one(phone, answer) for phone, answer in zip(phones, guesses, strict=True)), *dropped)
    await teacher.press("class-close")
    if not await until(lambda: all(phone.state.get("closed") for phone in phones)):
        return ["the vote's end did not reach every phone"]
    right = [guesses.count(answer) for answer in range(len(state["answers"]))]
    return [f"counted {phone.state['counts']}, guessed {right}" for phone in phones if phone.state["counts"] != right]


def main() -> int:
    """Run it; returns 1 if the step took longer, or a vote was miscounted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class_load", description=__doc__.partition("\n")[0])
    parser.add_argument("--phones", type=int, default=40)
    options = parser.parse_args()
    with served("serve.py") as app:
        for task in Path(f"/proc/{app.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {0})
        waits, wrong = asyncio.run(lesson(app.url, options.phones, random.Random(1)))
    middle, p95, worst = (quantile(waits, share) for share in (0.5, 0.95, 1))
    print(
        f"{options.phones} phones, a tenth away at every step: a step is on a phone after {middle:.2f} s (median), "
        f"{p95:.2f} s (p95), {worst:.2f} s (worst); wrong: {wrong or 'nothing'}"
    )
    return int(bool(wrong) or not p95 <= WITHIN)


if __name__ == "__main__":
    sys.exit(main())
