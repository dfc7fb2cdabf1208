"""The lessons on Letters: a word on the board instead of a sentence, and tiny networks that learn to spell it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from components.letters import kinds, long_words, text
from components.letters.board import board, shown
from components.ui.format import counted
from components.ui.html_table import html_table
from components.ui.messages import plain
from components.ui.panel import heading
from components.ui.theme import Palette
from models.letters import network
from models.letters.gradient_flow import Flow
from models.letters.training import LEARNT, Run, Settings, spell
from models.letters.word import Word
from models.question import Question

_SHORT = 6  # characters for which three units are enough
_UPDATES = ("Fewer than 10", "10 to 99", "100 or more")


@dataclass(frozen=True)
class Spelling:
    """A word on the board, and the networks that learn it; kept for the visit, so that a click costs no learning."""

    word: Word
    cursor: int = 0

    @property
    def sentence(self) -> str:
        """What stands on the board."""
        return self.word.text

    @property
    def settings(self) -> Settings:
        """Three units for a short word, eight for a long one."""
        return Settings(units=3 if len(self.word.characters) <= _SHORT else 8)

    @cached_property
    def untaught(self) -> Run:
        """The network before its first update."""
        return spell(self.settings, self.word)

    @cached_property
    def taught(self) -> Run:
        """The same network after it has learnt."""
        return kinds.taught("lesson", (self.settings, self.word), lambda: spell(self.settings, self.word))

    @cached_property
    def guesses(self) -> np.ndarray:
        """(timesteps, letters): what it says after it has learnt."""
        return network.forward("SimpleRNN", self.taught.weights, self.word.read).probabilities

    @cached_property
    def flows(self) -> dict[str, Flow]:
        """The last letter's gradient on its way back, in every cell, after equally many updates."""
        return long_words.flows_of(self.taught, self.word)


def one_hot(found: Spelling, colours: Palette) -> None:
    """Every letter and its row."""
    kinds.styled()
    letters = found.word.vocabulary
    heading(
        "The vocabulary",
        f"{counted(len(letters), 'different letter')}, so each becomes {len(letters)} numbers: one 1, the rest 0.",
        key="one-hot",
    )
    rows = [
        f"<tr><td>{kinds.letter_html(letter)}</td>"
        + "".join(f'<td class="number">{value:.0f}</td>' for value in row)
        + "</tr>"
        for letter, row in zip(letters, found.word.one_hot(), strict=True)
    ]
    names = [shown(letter) for letter in letters]
    html_table(("letter", *names), rows, "One-hot rows", right=range(1, len(names) + 1), snug=True)


def before(found: Spelling, colours: Palette) -> None:
    """Every number of the network before it has learnt."""
    plain(text.progress(found.untaught, found.word))
    board(found.untaught, found.word, colours, key="lesson-untaught")


def after(found: Spelling, colours: Palette) -> None:
    """Every number after it has learnt, and on the way."""
    plain(text.progress(found.taught, found.word))
    board(found.taught, found.word, colours, key="lesson-taught")


def two_guesses(found: Spelling, colours: Palette) -> None:
    """What it says after the same letter, and what could be said without a memory."""
    kinds.styled()
    plain(text.remembers(found.taught, found.word) or "No letter of this word is followed by two different ones.")
    heading("The same, with the state emptied before every letter", "One to one: nothing is remembered.", key="alone")
    kinds.without_memory(found.taught, found.word)


def by_hand(found: Spelling, colours: Palette) -> None:
    """The board, to break the network and mend it."""
    plain(
        f"Without W_hh {_right_without_memory(found)} of its {counted(len(found.word.read), 'guess', 'guesses')} are "
        "right. Now break it yourself: choose a weight, move it, watch what changes, and undo."
    )
    board(found.taught, found.word, colours, key="lesson-by-hand")


def way_back(found: Spelling, colours: Palette) -> None:
    """The gradient's length at every state."""
    long_words.gradient(found.flows, found.taught, found.word, colours, 1.0, key="lesson-way-back")


def factors(found: Spelling, colours: Palette) -> None:
    """Every step back as a product."""
    heading("Every step back, as a product", text.way_back(found.flows["SimpleRNN"], "SimpleRNN", 1.0), key="factors")
    long_words.factors(found.flows["SimpleRNN"])


def scaled(found: Spelling, colours: Palette) -> None:
    """The slider that multiplies W_hh."""
    long_words.long_words(found.taught, found.word, colours, key="lesson-scaled")


def first_guess(found: Spelling) -> Question:
    """P of the right letter before anything is learnt."""
    run, word = found.untaught, found.word
    p = float(network.forward("SimpleRNN", run.weights, word.read).probabilities[-1, word.following[-1]])
    even = 1 / run.outputs
    return Question(
        f"It has learnt nothing yet. Which P does it give “{shown(word.characters[-1])}” at the end?",
        ("Nearly 0", f"About 1 in {run.outputs}", "Nearly 1"),
        int(np.abs(np.array([0.0, even, 1.0]) - p).argmin()),
        f"P = {p:.2f}; guessing evenly would be {even:.2f}.",
    )


def how_many_updates(found: Spelling) -> Question | None:
    """How long it takes to learn the word."""
    updates = found.taught.updates
    if not found.taught.learnt:
        return None
    return Question(
        f"How many updates does it take until every right letter has at least P = {LEARNT}?",
        _UPDATES,
        int(updates >= 10) + int(updates >= 100),
        f"It takes {counted(updates, 'update')}.",
    )


def same_letter(found: Spelling) -> Question | None:
    """Whether it says the same after the same letter."""
    pair = text.twins(found.word)
    if pair is None:
        return None
    first, second = (int(found.guesses[place].argmax()) for place in pair)
    letter = shown(found.word.characters[pair[0]])
    return Question(
        f"Letter {pair[0] + 1} and letter {pair[1] + 1} are both “{letter}”: the same numbers go in. Does it say the "
        "same letter after both?",
        ("Yes", "No"),
        int(first != second),
    )


def without_w_hh(found: Spelling) -> Question | None:
    """How many guesses are right without the way from state to state."""
    count = len(found.word.read)
    if count < 2:
        return None
    right = _right_without_memory(found)
    return Question(
        "Set all of W_hh to zero, so that no state reaches the next one. Are its guesses still right?",
        ("All of them", "Some of them", "None of them"),
        0 if right == count else 1 if right else 2,
    )


def longer_or_shorter(found: Spelling) -> Question | None:
    """What becomes of the gradient on its way back."""
    carried = found.flows["SimpleRNN"].carried
    if len(carried) < 2 or not carried[-1]:
        return None
    ratio = carried[0] / carried[-1]
    return Question(
        "From the last state back to the first, what becomes of the SimpleRNN’s gradient?",
        ("Less than a hundredth is left", "It stays within a factor of 100", "More than a hundred times longer"),
        0 if ratio < 0.01 else 1 if ratio <= 100 else 2,
    )


def which_factor(found: Spelling) -> Question | None:
    """Which of the two factors takes more of the gradient's length."""
    way = found.flows["SimpleRNN"]
    if not len(way.slopes) or not (way.slopes.all() and way.matrix.all()):
        return None
    slopes, matrix = (float(np.exp(np.log(values).mean())) for values in (way.slopes, way.matrix))
    return Question(
        "Two factors make up each step back: the slopes of tanh, and W_hh. Which shortens the gradient more?",
        ("The slopes of tanh", "W_hh"),
        int(matrix < slopes),
        f"Over all steps the slopes leave {slopes:.2f} a step, W_hh makes {matrix:.2f} of it (geometric means).",
    )


def twice(found: Spelling) -> Question | None:
    """What twice the W_hh makes of the gradient."""
    steps = len(found.word.read) - 1
    if steps < 3:
        return None
    return Question(
        f"The way back takes {steps} steps. With W_hh doubled on all of it, how much longer does the gradient become?",
        ("2 times", f"2 · {steps} = {2 * steps} times", f"2 · 2 · … = {2**steps:,} times"),
        2,
        "Once for every step: that is why it explodes. Halved, it vanishes as quickly.",
    )


def best_kept(found: Spelling) -> Question | None:
    """The cell whose gradient keeps most of its length."""
    kept = {cell: way.carried[0] / way.carried[-1] for cell, way in found.flows.items() if way.carried[-1]}
    if len(kept) < len(found.flows) or len(found.word.read) < 2:
        return None
    cells = list(kept)
    return Question(
        "The same word, as many updates: in which cell does most of the gradient reach the first state?",
        tuple(cells),
        int(np.argmax([kept[cell] for cell in cells])),
    )


def _right_without_memory(found: Spelling) -> int:
    weights = found.taught.weights.scaled(0.0)
    guesses = network.forward("SimpleRNN", weights, found.word.read).probabilities.argmax(1)
    return int((guesses == np.array(found.word.following)).sum())
