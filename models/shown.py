"""What the teacher of a class shows on all its phones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """What the teacher shows: everything a phone is told, but for the vote.

    Attributes:
        lesson, step: their names in the address; ``step`` counts from 1.
        title, says: of the step.
        words: the sentence in pieces, each with whether it is the word that is looked at.
        asks, answers: the question; without one "" and ().
        right: which answer; a phone learns it when the vote is closed.
        also: further answers that count as right.
        why: what is said with the right answer.
        own: the sentence as links carry it, where it is not the lesson's; "" otherwise.
    """

    lesson: str
    step: int
    title: str
    says: str
    words: tuple[tuple[str, bool], ...]
    asks: str = ""
    answers: tuple[str, ...] = ()
    right: int = 0
    also: tuple[int, ...] = ()
    why: str = ""
    own: str = ""

    @property
    def question(self) -> tuple[str, int, str, tuple[str, ...]]:
        """What makes it another question, with votes of its own: the sentence and the word do too."""
        text = "".join(f"[{piece}]" if here else piece for piece, here in self.words)
        return self.lesson, self.step, f"{self.asks} {text}", self.answers
