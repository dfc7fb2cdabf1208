"""What the lessons ask before they show: every right answer is computed from the sentence on the board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from components.inside.memory import power_lost
from components.inside.memory_results import gradient_lines
from components.lessons.board import Board
from components.session import resources
from components.ui.format import percent
from components.ui.sentences import quoted
from models.explain.distance import PRAISE
from models.figures import statistics
from models.question import Question

_CHOICES = 4
_FIFTHS = ("Fewer than 20", "20 to 39", "40 to 59", "60 to 79", "80 or more")


def largest_step(board: Board) -> Question | None:
    """The word at which the running prediction moves most."""
    trace = board.readers["lstm"].trace
    running = trace.running_probabilities
    if running is None or len(running) < 3 or not np.ptp(running):
        return None
    moved = np.concatenate([[0.0], np.abs(np.diff(running))])
    return _which_word(board, "At which word does P(positive) take its largest step?", moved)


def lowest_share(board: Board) -> Question | None:
    """The word that took most from the logit."""
    shares = board.readers["lstm"].trace.contributions
    if len(shares) < 2 or shares.min() >= 0:
        return None
    return _which_word(board, "Which word pulls most towards negative?", -shares)


def how_much_is_kept(name: str, gate: str, kept: str) -> Callable[[Board], Question]:
    """What asks how much of what it carries a unit of one network keeps at the word."""

    def ask(board: Board) -> Question:
        view = board.view(name)
        share = float(board.step(name).values[gate][view.unit])
        return Question(
            f"At {quoted(view.token)}, how much of {kept} does unit {view.unit} keep?",
            ("Less than a third", "About half", "More than two thirds"),
            int(share * 3 > 1) + int(share * 3 > 2),
        )

    return ask


def word_or_memory(board: Board) -> Question:
    """Whether the word or the old state speaks louder in the SimpleRNN."""
    view, total = board.view("simple_rnn"), board.step("simple_rnn").sums["state"]
    return Question(
        f"At {quoted(view.token)}, what moves unit {view.unit} more: the word or the old state?",
        ("The word", "The old state"),
        int(abs(total.memory[view.unit]) >= abs(total.word[view.unit])),
    )


def shortest_memory(board: Board) -> Question | None:
    """The network whose gradient falls furthest from the last word back to the first."""
    view = board.view("lstm")
    if len(view.trace.tokens) < 2:
        return None
    lines = gradient_lines(board.remembered, view)
    lost = [power_lost(line.values[-1], line.values[0]) for line in lines]
    return Question(
        "Whose gradient falls furthest on the way from the last word back to the first?",
        (*(line.name for line in lines), "None of them falls"),
        int(np.argmax(lost)) if max(lost) > 0 else len(lines),
    )


def two_hundred_words(board: Board) -> Question:
    """The same over a review of 200 words."""
    left = [found.first_of_last for found in board.carried.values()]
    return Question(
        "A review of 200 words: whose gradient falls furthest from the last word back to the first?",
        (*board.carried, "None of them falls"),
        int(np.argmin(left)) if min(left) < 1 else len(left),
    )


def furthest_from_its_verdict(board: Board) -> Question:
    """Whose P(positive) of some praise ends furthest from where it began."""
    moved = [abs(float(found.praise[-1] - found.praise[0])) for found in board.carried.values()]
    return Question(
        f"“{PRAISE}”, then 200 words without an opinion: whose P(positive) ends furthest from where it began?",
        tuple(board.carried),
        int(np.argmax(moved)),
    )


def backwards(board: Board) -> Question | None:
    """Whether the LSTM changes sides when the words come backwards."""
    title = board.readers["lstm"].card.title
    if len(board.readers["lstm"].trace.tokens) < 2:
        return None
    forward, backward = (float(p) for p in board.orders[title][:2])
    return Question(
        f"Read backwards, word by word: does the {title}’s verdict change sides?",
        ("Yes", "No"),
        int((forward >= 0.5) == (backward >= 0.5)),
        f"The {title} gives P(positive) = {forward:.3f} as written and {backward:.3f} backwards.",
        compared=board.written,
    )


def strongest_word(board: Board) -> Question | None:
    """The word without which the LSTM's P(positive) moves most."""
    reader = board.readers["lstm"]
    if len(reader.trace.tokens) < 2:
        return None
    title = reader.card.title
    found = board.without_each_word[title]
    moved = np.abs(found[1:] - found[0])
    most = reader.trace.tokens[int(moved.argmax())]
    question = _which_word(board, f"Without which word does the {title}’s P(positive) move most?", moved)
    without = f"{board.sentence[: most.start].rstrip()} {board.sentence[most.end :].lstrip()}".strip()
    return replace(question, compared=(("as written", board.sentence), (f"without {quoted(most)}", without)))


def scored_alike(board: Board) -> Question | None:
    """How many of the test reviews with such a score were positive."""
    reader = board.readers["lstm"]
    p = reader.trace.probability
    figures = resources.evaluation(reader.card)
    bin_ = figures.scored_alike(p) if figures else None
    if bin_ is None or bin_.reviews < statistics.FEW:
        return None
    share = 100 * bin_.positive
    low, high = (100 * bound for bound in statistics.interval(bin_.positive, bin_.reviews))
    right = _fifth(share)
    also = {_fifth(low), _fifth(high), _fifth(100 * p)} - {right}
    return Question(
        f"The {reader.card.title} gives this sentence P(positive) = {p:.2f}. Of a hundred test reviews with such a "
        "score, how many were positive?",
        _FIFTHS,
        right,
        f"Of {bin_.reviews:,} such reviews {percent(share / 100)} were positive. With another draw of as many it would "
        f"nearly always be between {low:.0f} and {percent(high / 100)}.",
        tuple(sorted(also)),
    )


def whole_or_sentence(board: Board) -> Question | None:
    """Whether whole reviews or single sentences are judged better."""
    card = board.readers["lstm"].card
    figures = resources.evaluation(card)
    if figures is None or figures.challenges is None:
        return None
    whole, sentence = (figures.challenges.cut(kind) for kind in ("whole", "any_sentence"))
    if whole is None or sentence is None:
        return None
    return Question(
        f"What does the {card.title} judge rightly more often: whole reviews, or single sentences of them?",
        ("Whole reviews", "Single sentences"),
        int(sentence.accuracy > whole.accuracy),
        f"It judged {percent(whole.accuracy)} of whole reviews and {percent(sentence.accuracy)} of single sentences as "
        "their writers meant the review.",
    )


def _fifth(percent: float) -> int:
    return min(int(round(percent) // 20), len(_FIFTHS) - 1)


def _which_word(board: Board, asks: str, size: np.ndarray) -> Question:
    """A question whose answers are the words with the largest sizes, in reading order."""
    tokens = board.readers["lstm"].trace.tokens
    offered = np.sort(np.argsort(-size, kind="stable")[:_CHOICES])
    answers = tuple(f"{quoted(tokens[word])}, word {word + 1}" for word in offered)
    return Question(asks, answers, int(np.argmax(size[offered])))
