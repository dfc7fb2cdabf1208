"""A question with answers to choose from, as a lesson and the phones of its class ask it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """Something to guess before the numbers are shown, or to know after the lessons.

    Attributes:
        asks: the question; may quote words.
        answers: to choose from, two at least.
        right: which of them.
        why: a sentence with the numbers, where what is shown next does not say them.
        also: further answers that count as right, because what is asked is only known to within them.
        compared: the texts that the answer compares, each with its name; written out after the answer.
        lesson: the title of the one that says so, where the question is not asked in it.
    """

    asks: str
    answers: tuple[str, ...]
    right: int
    why: str = ""
    also: tuple[int, ...] = ()
    compared: tuple[tuple[str, str], ...] = ()
    lesson: str = ""

    def accepts(self, answer: int) -> bool:
        """Whether an answer counts as right."""
        return answer == self.right or answer in self.also
