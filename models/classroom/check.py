"""The questions that a class answers twice on its phones, before the lessons and after them: who answered what.

In memory alone, with the class. The teacher learns how many answers were right, and nobody whose they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.question import Question

ROUNDS = ("before", "after")


@dataclass
class ClassCheck:
    """The questions of one class, and what its phones answered; the class's lock guards it.

    Attributes:
        when: of the two times is going on; "" while none is.
        questions: the same for everybody.
    """

    when: str = ""
    questions: tuple[Question, ...] = ()
    _given: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=lambda: {when: {} for when in ROUNDS})

    @property
    def following(self) -> str:
        """Which time is next: the second once anybody has answered the first."""
        return ROUNDS[1] if self._given[ROUNDS[0]] else ROUNDS[0]

    def begin(self, when: str, questions: Sequence[Question] = ()) -> None:
        """Ask at this time; "" ends that, and the questions stay for what came of them."""
        self.when, self.questions = when, tuple(questions) or self.questions

    def take(self, phone: str, when: str, answers: Sequence[object]) -> bool:
        """A phone's answers, all of them and once a time. False where they are not, or it is too late."""
        if not self.when or when != self.when or phone in self._given[when] or len(answers) != len(self.questions):
            return False
        taken = tuple(answer for answer in answers if type(answer) is int)
        if len(taken) < len(answers):
            return False
        if any(not 0 <= answer < len(asked.answers) for answer, asked in zip(taken, self.questions, strict=True)):
            return False
        self._given[when][phone] = taken
        return True

    def answered(self, when: str) -> int:
        """How many phones have answered at that time."""
        return len(self._given[when])

    def right(self, when: str) -> list[int]:
        """Of each question, how many phones answered it rightly."""
        given = self._given[when].values()
        return [sum(one[place] == asked.right for one in given) for place, asked in enumerate(self.questions)]

    def state_for(self, phone: str) -> dict[str, Any]:
        """What one phone is told: the questions while they are asked, and how many of its own answers were right.

        Which ones were right is told with the second time, so that the first does not teach the second.
        """
        scores = {
            when: sum(answer == asked.right for answer, asked in zip(given[phone], self.questions, strict=True))
            for when, given in self._given.items()
            if phone in given
        }
        board: dict[str, Any] = {}
        if scores:
            board["scores"] = scores
        if not self.when:
            return board
        board["check"] = {
            "when": self.when,
            "questions": [[asked.asks, list(asked.answers)] for asked in self.questions],
            "done": phone in self._given[self.when],
        }
        if self.when == ROUNDS[1] and phone in self._given[self.when]:
            own = self._given[self.when][phone]
            board["check"]["right"] = [_told(asked, answer) for asked, answer in zip(self.questions, own, strict=True)]
        return board

    def forget(self) -> None:
        """Forget all answers."""
        self.when = ""
        for given in self._given.values():
            given.clear()


def _told(asked: Question, answer: int) -> str:
    """Whether an answer was right, which one is, and why."""
    said = "✓" if answer == asked.right else f"✗ You said: {asked.answers[answer]}. Right is:"
    return f"{said} {asked.answers[asked.right]}. {asked.why}"
