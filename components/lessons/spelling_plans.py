"""The two lessons on a network that fits on the blackboard: what each step says, asks and shows."""

from __future__ import annotations

from components.lessons import spelling as on
from components.lessons import spelling_tasks
from components.lessons.board import Lesson, Step

HELLO = Lesson(
    "hello",
    "Hello",
    "hello",
    (
        Step(
            "A letter becomes a row of numbers",
            "A network computes, so every letter has to become numbers. The simplest way: one place for each letter of "
            "the word, a 1 at its own place and 0 everywhere else. That is called one-hot.",
            on.one_hot,
            sees="A row a letter; the 1 stands at its place.",
        ),
        Step(
            "It reads, and guesses the next one",
            "After every letter the network makes a new state: h = tanh(W_xh x + W_hh h₋₁ + b). From the state it says "
            "how probable each letter is as the next one. Every number is on the board; choose one, and the sum it "
            "comes from is written out.",
            on.before,
            on.first_guess,
            wide=True,
            sees="From left to right, a letter a column: what goes in, the new state, the scores y and their softmax "
            "P. The weights have tables of their own.",
        ),
        Step(
            "It learns",
            "The loss says how far the guesses are from what comes next. Its gradient says for each weight which way "
            "is better; every update moves all weights a little that way. Drag “Update” back and forth to watch it.",
            on.after,
            on.how_many_updates,
            wide=True,
            sees="The same board. The curve is the loss, and the slider goes to any update.",
        ),
        Step(
            "The state remembers",
            "The same letter can be followed by different ones. All that the network can tell them apart by is its "
            "state, which holds what came before.",
            on.two_guesses,
            on.same_letter,
            sees="A row a letter that is read; a bar is the P of a letter that can follow.",
        ),
        Step(
            "Break it",
            "W_hh carries the state from one letter to the next. What it knows of the past goes through these few "
            "numbers and no other way.",
            on.by_hand,
            on.without_w_hh,
            wide=True,
            sees="The same board. Choose a weight and move it: whatever depends on it changes at once.",
        ),
    ),
    spelling_tasks.hello,
    spells=True,
    argue="It spells this one word and no other. Has it learnt to spell, or learnt a list by heart? How "
    "could you tell?",
)
LONG = Lesson(
    "long",
    "Why long sentences are hard",
    "to be or not to be",
    (
        Step(
            "How learning looks back",
            "To learn that the first letter matters for the last one, the last one’s loss has to reach back to it: its "
            "gradient goes from state to state, one step for every letter between.",
            on.way_back,
            on.longer_or_shorter,
            sees="One line a cell, on a logarithmic scale: how long the gradient is at each letter, the last one at "
            "the right.",
        ),
        Step(
            "Two factors at every step",
            "Each step back multiplies the gradient by the slopes of tanh, which are never more than 1, and by W_hh. "
            "Where tanh is flat, because its sum is large, its slope is next to nothing.",
            on.factors,
            on.which_factor,
            wide=True,
            sees="A column a step back, with the two factors and their product.",
        ),
        Step(
            "It vanishes, it explodes",
            "Multiply W_hh by a number below or above 1, and every step of the way back is multiplied by it. Clipping "
            "cuts a gradient that is too long. It cannot bring back one that is gone.",
            on.scaled,
            on.twice,
            wide=True,
            sees="The slider multiplies W_hh. The lines are the gradient’s length at each letter, on a logarithmic "
            "scale.",
        ),
        Step(
            "What gates are for",
            "An LSTM adds to its cell state instead of making it anew, and on the way back the gradient passes through "
            "the forget gate alone. A GRU keeps part of its old state. Gates make a long memory possible, not certain: "
            "here is the same word with all three, after as many updates. A review has ten times as many steps.",
            on.way_back,
            on.best_kept,
            sees="One line a cell. The less a line falls to the left, the more of the gradient reaches the first "
            "letter.",
        ),
    ),
    spelling_tasks.long,
    spells=True,
    argue="You forget the beginning of a long sentence too. What do you do about it that these networks cannot?",
)
