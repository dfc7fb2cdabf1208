"""What the page says of a tiny network, computed from its numbers. May quote the visitor's word: show it plain."""

from __future__ import annotations

import numpy as np

from components.letters.board import shown
from components.ui.format import counted, percent
from models.letters import network
from models.letters.gradient_flow import Flow
from models.letters.training import LEARNT, TO_THE_END, Run
from models.letters.word import MOST_CHARACTERS, UnfitWord, Word
from models.wording import ordinal

_SPELT = 8  # letters that are spelt out at most: h-e-l-l


def unfit(error: UnfitWord) -> tuple[str, str]:
    """A title and a kind line for a word that cannot be learnt."""
    return {
        "blank": (
            "No word yet",
            "Write a word or a short phrase, or choose one of those above: “hello” is the classic.",
        ),
        "single": (
            "One letter has no next one",
            "The network learns to say the next letter, and a single one has none. Write one more.",
        ),
        "repeated": (
            "Only one letter to choose from",
            f"All {error.count} letters are the same, so every guess is right from the start: the softmax over one "
            "letter is always 1. Add another letter, and there is something to learn.",
        ),
        "long": (
            "Too long for the blackboard",
            f"It has {error.count} characters, and the board has room for {MOST_CHARACTERS}. Nothing is lost: "
            "shorten it in the box.",
        ),
    }[error.reason]


def spelt(word: Word, count: int) -> str:
    """The first letters as they are read: h-e-l-l."""
    letters = [shown(letter) for letter in word.characters[:count]]
    return "-".join(letters if count <= _SPELT else ["…", *letters[-_SPELT:]])


def progress(run: Run, word: Word) -> str:
    """How far it has come: the guess after the last letter that is read, and whether all is learnt."""
    guesses = network.forward(run.settings.cell, run.weights, word.read).probabilities
    last = guesses[-1]
    right = shown(word.characters[-1])
    example = f"after {spelt(word, len(word.read))} it gives “{right}” P = {last[word.following[-1]]:.2f}"
    if not run.updates:
        return f"It has learnt nothing yet: {example}. Guessing evenly would be {1 / run.outputs:.2f}."
    made = counted(run.updates, "update")
    if run.learnt:
        return f"Learnt after {made}: {example}, and every right letter at least {LEARNT}."
    return f"After {made}: {example}; its least sure right letter has P = {run.least:.2f}."


def remembers(run: Run, word: Word) -> str:
    """Two guesses after the same letter: different ones only if the state remembers. Empty if no letter asks for it."""
    pair = twins(word)
    if pair is None:
        return ""
    guesses = network.forward(run.settings.cell, run.weights, word.read).probabilities
    letter = shown(word.characters[pair[0]])
    first, second = (int(guesses[place].argmax()) for place in pair)
    given = [f"“{shown(word.vocabulary[g])}” ({guesses[p, g]:.2f})" for p, g in zip(pair, (first, second), strict=True)]
    which = [ordinal(word.read[: place + 1].count(word.ids[place])) for place in pair]
    if first != second:
        return (
            f"After the {which[0]} “{letter}” it says {given[0]}, after the {which[1]} {given[1]}: the same letter "
            "goes in and another guess comes out. The letter cannot tell it which; the state remembers what came "
            "before."
        )
    return (
        f"After the {which[0]} “{letter}” and after the {which[1]} it says the same, {given[0]} and {given[1]}: its "
        "state does not yet tell them apart."
    )


def twins(word: Word) -> tuple[int, int] | None:
    """The first two places where the same letter is read and another one follows; adjacent ones if there are any."""
    pairs = [
        (a, b)
        for b in range(len(word.read))
        for a in range(b)
        if word.read[a] == word.read[b] and word.following[a] != word.following[b]
    ]
    return min(pairs, key=lambda pair: pair[1] - pair[0], default=None)


def trouble(run: Run) -> tuple[str, str] | None:
    """A title and the reason, where learning goes wrong or is slow; None if it goes well."""
    settings = run.settings
    if run.diverged:
        clip = "without clipping" if settings.clip is None else f"even with gradients clipped to {settings.clip:g}"
        lately = float(np.median(run.losses[-20:]))
        saturated = 100 * run.saturated()
        why = (
            f"After {counted(run.updates, 'update')} the loss is about {lately:.1f}, worse than the {run.even:.2f} of "
            f"guessing evenly. At a learning rate of {settings.rate:g}, {clip}, every step is so long that it jumps "
            "over the valley it should walk down into. "
        )
        if saturated >= 1:
            why += (
                f"The weights are now so large that {percent(saturated / 100)} of the states are beyond ±0.99: there "
                "the slope of tanh is below 0.02, and hardly any gradient comes through to bring them back. "
            )
        return "It diverges", f"{why}Choose a smaller learning rate, 1 for example, and start over."
    if not run.learnt and run.updates >= TO_THE_END:
        slow = settings.rate < 0.3
        mend = "A larger learning rate is quicker" if slow else "More units give it more room to remember"
        return (
            "Not learnt yet",
            f"After {counted(run.updates, 'update')} its least sure right letter has P = {run.least:.2f}. {mend}; or "
            "let it go on, or begin with another seed.",
        )
    return None


def way_back(found: Flow, name: str, scale: float) -> str:
    """What becomes of the gradient between the last state and the first."""
    first, last = float(found.carried[0]), float(found.carried[-1])
    steps = len(found.carried) - 1
    if steps == 0:
        return "There is one state only, so the gradient has no way to go. Write a longer word."
    if last == 0:
        return "The last letter's gradient is zero: there is nothing to carry back."
    ratio = first / last
    what = "cell state" if name == "LSTM" else "state"
    with_scale = "" if scale == 1 else f", with W_hh times {scale:g}"
    if ratio < 1:
        change = "stays as long as it was" if ratio > 0.995 else f"becomes {_fold(1 / ratio)} shorter"
        change += ": it vanishes" if ratio < 0.01 else ""
    else:
        change = "stays as long as it was" if ratio < 1.005 else f"becomes {_fold(ratio)} longer"
        change += ": it explodes" if ratio > 10 else ""
    return (
        f"From the last {what} back to the first, {counted(steps, 'step')} of the {name}{with_scale}, the gradient "
        f"{change}."
    )


def clipping(found: Flow, most: float | None) -> str:
    """What clipping does to it."""
    if most is None:
        return f"Clipping is off: the gradient of all weights, {_times(found.whole)} long, is used as it is."
    factor = found.clipping(most)
    if factor == 1:
        return (
            f"The gradient of all weights is {found.whole:.2g} long, under the limit of {most:g}, so clipping does "
            "nothing. What has vanished stays vanished: clipping only makes shorter."
        )
    return (
        f"The gradient of all weights is {_times(found.whole)} long; clipping to {most:g} multiplies all of it by "
        f"{factor:.2g}. The step stays short, so an explosion does no harm; the proportions stay as they are, so what "
        "has vanished stays vanished."
    )


def _fold(ratio: float) -> str:
    """``1.4 times``, ``120 times``, ``38 million times``."""
    for size, name in ((1e12, ""), (1e9, " billion"), (1e6, " million")):
        if ratio >= size:
            return f"{ratio / size:.0f}{name} times" if name else "more than a million million times"
    return f"{ratio:,.0f} times" if ratio >= 10 else f"{ratio:.1f} times"


def _times(value: float) -> str:
    return f"{value:,.0f}" if 10 <= value < 1e9 else f"{value:.2g}"
