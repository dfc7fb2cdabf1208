"""Classes that take part by phone: what the teacher shows, who has guessed what. In memory alone, while one is open.

A class has a code of four letters, which its phones join with, and a secret, which only its teacher's tab knows. Ends
when the teacher says so, or after the hours that ``settings`` allow; then nothing is left of it.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from models import settings
from models.classroom.check import ClassCheck
from models.classroom.shown import Shown
from models.question import Question

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like numbers
LENGTH = 4
PROCESS_COOKIE = "unrolled"  # by which a proxy keeps a browser at one of several processes; see deploy/
MOST_SENTENCE = 300  # characters of a sentence that a phone sends
_SENTENCES_EACH, _SENTENCES_ALL = 5, 200
_MINUTE = 60.0


class NoClass(LookupError):
    """There is no class with this code, or it has ended."""


class TooMany(RuntimeError):
    """More tries, classes, phones or sentences than are let in."""


@dataclass(eq=False)
class Classroom:
    """One class. All methods may be called from any thread.

    Attributes:
        process: what a proxy in front of several processes knows this one by; "" without one.
    """

    code: str
    secret: str
    opened: float
    process: str = ""
    ended: bool = False
    shown: Shown | None = None
    number: int = 0  # of the question; late guesses name an older one
    closed: bool = False
    check: ClassCheck = field(default_factory=ClassCheck)
    _phones: set[str] = field(default_factory=set)
    _votes: dict[str, int] = field(default_factory=dict)
    _sentences: dict[int, str] = field(default_factory=dict)
    _sent: dict[str, int] = field(default_factory=dict)
    _count: int = 0
    _listeners: set[Callable[[], None]] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def over(self) -> bool:
        """Whether it has ended, or is as old as classes get."""
        return self.ended or time.monotonic() - self.opened > 3600 * settings.value("class_hours")

    def join(self) -> str:
        """A new phone; returns its name, which nobody else knows.

        Raises:
            TooMany: if the class is full.
        """
        with self._lock:
            if len(self._phones) >= settings.value("class_phones"):
                raise TooMany("the class is full")
            phone = secrets.token_urlsafe(12)
            self._phones.add(phone)
            return phone

    def knows(self, phone: str) -> bool:
        """Whether a phone has joined."""
        with self._lock:
            return phone in self._phones

    @property
    def phones(self) -> int:
        """How many have joined; ``guessed``: how many of them have guessed."""
        return len(self._phones)

    @property
    def guessed(self) -> int:
        """See ``phones``."""
        return len(self._votes)

    def show(self, shown: Shown) -> None:
        """What the teacher shows from now on; another question begins without votes."""
        with self._lock:
            if shown == self.shown:
                return
            if self.shown is None or shown.vote != self.shown.vote:
                self.number += 1
                self.closed = False
                self._votes.clear()
            self.shown = shown
        self._notify()

    def guess(self, phone: str, number: int, answer: int) -> bool:
        """A phone's guess. It counts once, and can be changed until the vote is closed. False where it is too late."""
        with self._lock:
            answers = self.shown.asked.answers if self.shown is not None else ()
            if self.closed or number != self.number or phone not in self._phones or not 0 <= answer < len(answers):
                return False
            self._votes[phone] = answer
            return True

    def close_vote(self) -> None:
        """No guess counts any more; everybody sees how they fell."""
        with self._lock:
            already, self.closed = self.closed, True
        if not already:
            self._notify()

    def ask(self, when: str, questions: Sequence[Question] = ()) -> None:
        """Ask the questions on all phones, "before" the lessons or "after" them; "" ends that."""
        with self._lock:
            self.check.begin(when, questions)
        self._notify()

    def answer_check(self, phone: str, when: str, answers: Sequence[object]) -> bool:
        """A phone's answers to these questions. False where they do not count."""
        with self._lock:
            return phone in self._phones and self.check.take(phone, when, answers)

    def counts(self) -> list[int]:
        """How many guessed each answer."""
        with self._lock:
            votes = list(self._votes.values())
            return [votes.count(place) for place in range(len(self.shown.asked.answers if self.shown else ()))]

    def send_sentence(self, phone: str, text: str) -> bool:
        """A sentence for the teacher's eyes alone. False where there is none, or too many are waiting."""
        text = " ".join(text.split())[:MOST_SENTENCE]
        with self._lock:
            sent = self._sent.get(phone, 0)
            if not text or phone not in self._phones:
                return False
            if sent >= _SENTENCES_EACH or len(self._sentences) >= _SENTENCES_ALL:
                return False
            self._sent[phone] = sent + 1
            self._count += 1
            self._sentences[self._count] = text
            return True

    def sentences(self) -> dict[int, str]:
        """What has been sent and not yet been taken, by its number."""
        with self._lock:
            return dict(self._sentences)

    def take_sentence(self, number: int) -> str:
        """Take a sentence off the list; "" if it is not there any more."""
        with self._lock:
            return self._sentences.pop(number, "")

    def state_for(self, phone: str) -> dict[str, Any]:
        """What one phone is told."""
        with self._lock:
            if self.over:
                return {"over": True}
            shown, state = self.shown, self.check.state_for(phone)
            if shown is None:
                return {"waiting": True, **state}
            state |= {
                "lesson": shown.lesson,
                "step": shown.step,
                "title": shown.title,
                "says": shown.says,
                "words": shown.words,
                "own": shown.own,
                "asks": shown.asked.asks,
                "answers": shown.asked.answers,
                "number": self.number,
                "closed": self.closed,
                "mine": self._votes.get(phone),
            }
            if self.closed and (asked := shown.asked).answers:
                state |= {"counts": self.counts(), "right": [asked.right, *asked.also], "why": asked.why}
            return state

    def end(self) -> None:
        """Forget everything, now."""
        with self._lock:
            self.ended = True
            self.shown = None
            self.check.forget()
            for kept in (self._votes, self._sentences, self._sent, self._phones):
                kept.clear()
        self._notify()

    def let_listen(self) -> None:
        """Whether one more may listen.

        Raises:
            TooMany: if twice as many do as may join.
        """
        if len(self._listeners) >= 2 * settings.value("class_phones"):
            raise TooMany("too many listen")

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``tell`` at every change that phones see; returns what ends that. It is called from any thread."""
        with self._lock:
            self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _notify(self) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()


class Classes:
    """All classes of the process. Codes cannot be found by trying: wrong ones are counted."""

    def __init__(self) -> None:
        self.served = False  # set by the serving entry, which has the routes for phones
        self._open: dict[str, Classroom] = {}
        self._wrong: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def open(self, process: str = "") -> Classroom:
        """A new class, in the process that a proxy knows by this name.

        Raises:
            TooMany: if as many are open as may be.
        """
        with self._lock:
            self._sweep()
            if len(self._open) >= settings.value("classes"):
                raise TooMany("too many classes are open")
            while (code := "".join(secrets.choice(LETTERS) for _ in range(LENGTH))) in self._open:
                pass
            made = self._open[code] = Classroom(code, secrets.token_urlsafe(18), time.monotonic(), process)
            return made

    def of_teacher(self, code: str, secret: str) -> Classroom | None:
        """The class that a teacher's visit has opened; None once it has ended."""
        with self._lock:
            self._sweep()
            found = self._open.get(code)
        return found if found is not None and hmac.compare_digest(found.secret, secret) else None

    def find(self, code: str, address: str, phone: object = None) -> Classroom:
        """The class of a code, for a phone.

        Args:
            code: as it was typed; small letters do too.
            address: of who asks: wrong codes are counted by it, and altogether.
            phone: its name, if it has joined already: nobody's wrong codes put it out of its class.

        Raises:
            NoClass: if there is none.
            TooMany: if there were too many wrong ones within a minute; then right ones are not answered either.
        """
        now = time.monotonic()
        with self._lock:
            self._sweep()
            found = self._open.get(code.upper())
            if found is not None and isinstance(phone, str) and found.knows(phone):
                return found
            mine, everybody = (self._wrong.setdefault(name, deque()) for name in (address, ""))
            for tries in (mine, everybody):
                while tries and now - tries[0] > _MINUTE:
                    tries.popleft()
            most = settings.value("class_tries")
            if len(mine) >= most or len(everybody) >= 10 * most:
                raise TooMany("too many wrong codes")
            if found is None:
                mine.append(now)
                everybody.append(now)
                raise NoClass("there is no such class")
            return found

    def end(self, room: Classroom) -> None:
        """End a class at once."""
        with self._lock:
            self._open.pop(room.code, None)
        room.end()

    def _sweep(self) -> None:
        for code in [code for code, room in self._open.items() if room.over]:
            self._open.pop(code).end()
        for address in [name for name, tries in self._wrong.items() if name and not tries]:
            del self._wrong[address]
        if len(self._wrong) > 10_000:
            self._wrong.clear()


CLASSES = Classes()
