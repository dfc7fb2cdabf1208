"""What the teacher of a class shows on all its phones."""

from __future__ import annotations

from dataclasses import dataclass

from models.question import Question


@dataclass(frozen=True, slots=True)
class Shown:
    """What the teacher shows: everything a phone is told, but for the vote.

    Attributes:
        lesson, step: their names in the address; ``step`` counts from 1.
        title, says: of the step.
        words: the sentence in pieces, each with whether it is the word that is looked at.
        asked: the question, or one without answers; a phone learns what is right, and why, when the vote is closed.
        own: the sentence as links carry it, where it is not the lesson's; "" otherwise.
    """

    lesson: str
    step: int
    title: str
    says: str
    words: tuple[tuple[str, bool], ...]
    asked: Question
    own: str = ""

    @property
    def vote(self) -> tuple[object, ...]:
        """What makes it another question, with votes of its own: the sentence and the word do too."""
        return self.lesson, self.step, self.asked.asks, self.words, self.asked.answers
