"""What the hand-outs of the two lessons on Letters ask: every answer follows from the digits that are printed."""

from __future__ import annotations

import math

import numpy as np

from components.lessons.spelling import Spelling
from components.letters.board import shown
from components.ui.format import signed
from models.letters import network
from models.task import Task
from models.wording import counted

_STEPS = 4  # back from the last state, of those that are multiplied by hand


def hello(found: Spelling) -> list[Task]:
    """A state, a softmax and a loss of the network that has learnt the word."""
    word, weights = found.word, found.taught.weights
    reading = network.forward("SimpleRNN", weights, word.read)
    first = shown(word.characters[0])
    parts = [round(float(weights.W_xh[0, word.read[0]]), 2), round(float(weights.b_h[0]), 2)]
    total = sum(parts)
    logits = [round(float(y), 2) for y in reading.logits[-1]]
    powers = [math.exp(y) for y in logits]
    right = word.following[-1]
    p = powers[right] / sum(powers)
    letters = [shown(letter) for letter in word.vocabulary]
    answers = ", ".join(
        f"P({letter}) = {power / sum(powers):.3f}" for letter, power in zip(letters, powers, strict=True)
    )
    return [
        Task(
            f"One-hot: the letters {', '.join(letters)} are the places of the rows. Write the row of the last letter, "
            f"“{letters[word.ids[-1]]}”.",
            " ".join(str(int(value)) for value in word.one_hot()[word.ids[-1]]),
        ),
        Task(
            f"Unit 1 at the first letter, “{first}”: the old state is zero, so h = tanh(w + b), with the weight of "
            f"“{first}”, w = {signed(parts[0])}, and the bias b = {signed(parts[1])}.",
            f"h = tanh({signed(total)}) = {signed(math.tanh(total), 3)}.",
        ),
        Task(
            "Softmax at the last step: P of each letter is eʸ divided by the sum of all eʸ.",
            f"The sum of all eʸ is {sum(powers):.2f}: {answers}.",
            ("letter", *letters),
            (("y", *(signed(y) for y in logits)),),
        ),
        Task(
            f"The letter that really follows is “{letters[right]}”. What is its loss, −ln P?",
            f"−ln {p:.3f} = {-math.log(p):.3f}. A sure and right guess costs nothing.",
        ),
    ]


def long(found: Spelling) -> list[Task]:
    """Steps back, factor by factor."""
    flow = found.flows["SimpleRNN"]
    slopes = [round(float(value), 2) for value in flow.slopes[::-1][:_STEPS]]
    matrix = [round(float(value), 2) for value in flow.matrix[::-1][:_STEPS]]
    count, all_steps = len(slopes), len(found.word.read) - 1
    if not count:
        return [Task("This word has one step only. How many steps back are there?", "None: nothing is multiplied.")]
    together = [a * b for a, b in zip(slopes, matrix, strict=True)]
    product = float(np.prod(together))
    last = len(found.word.read)
    names = tuple(f"{last - step + 1} → {last - step}" for step in range(1, count + 1))
    return [
        Task(
            f"{'Each of the last steps' if count > 1 else 'The one step'} back multiplies the gradient’s length by two "
            "factors. Multiply them.",
            ", ".join(f"{name}: {value:.3f}" for name, value in zip(names, together, strict=True)) + ".",
            ("step back", *names),
            (
                ("slopes of tanh", *(f"{value:.2f}" for value in slopes)),
                ("W_hh", *(f"{value:.2f}" for value in matrix)),
            ),
        ),
        Task(
            f"What is left of the gradient after {counted(count, 'step')}?",
            f"{' · '.join(f'{value:.3f}' for value in together)} = {product:.4f} of its length.",
        ),
        Task(
            "The same with W_hh twice as large, and the slopes as they are: what is left?",
            f"2 to the power of {count} times as much: {2**count} · {product:.4f} = {2**count * product:.4f}.",
        ),
        Task(
            f"Suppose every step halves the gradient. What is left after the {counted(all_steps, 'step')} of this word "
            "and after 200?",
            f"After {all_steps}: 1 / {2**all_steps:,}. After 200: 0.5 to the power of 200, about 6 · 10⁻⁶¹.",
        ),
    ]
