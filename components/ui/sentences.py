"""Sentences that read a result, computed from its numbers. They may quote words: show them as plain text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from components.ui.format import counted, shortened
from models.sentiment import Trace
from models.text import Token


def quoted(token: Token) -> str:
    """A word of the review in quotation marks, shortened when absurdly long."""
    return f"“{shortened(token.text, 24)}”"


def quoted_span(tokens: Sequence[Token]) -> str:
    """The first and the last of some words, quoted; of one word, that one."""
    return quoted(tokens[0]) if len(tokens) == 1 else f"{quoted(tokens[0])} … {quoted(tokens[-1])}"


def running_prediction(trace: Trace) -> str:
    """Where the running prediction settled, or that there is none."""
    running = trace.running_probabilities
    if running is None:
        return (
            "This network also reads from the end, so it has no prediction before the last word; its states are shown."
        )
    positive = running >= 0.5
    turns = [i for i in range(1, len(positive)) if positive[i] != positive[i - 1]]
    side = "positive" if positive[-1] else "negative"
    if not turns:
        sides = f"It leans {side} from the first word to the last."
    else:
        times = "once" if len(turns) == 1 else f"{len(turns)} times"
        sides = f"It changes sides {times}, and ends {side}."
    if len(running) < 3:
        return sides
    steps = np.diff(running)
    most = int(np.abs(steps).argmax())
    word = f"{quoted(trace.tokens[most + 1])} (word {most + 2})"
    return f"{sides} The largest step is at {word}, from {running[most]:.2f} to {running[most + 1]:.2f}."


def credit(trace: Trace) -> str:
    """The words that pushed most, each way."""
    values, tokens = trace.contributions, trace.tokens
    if len(tokens) == 1:
        return f"There is only one word to credit: {quoted(tokens[0])}."
    sides = (
        ("positive", "+", values.argmax(), round(float(values.max()), 1) > 0),
        ("negative", "−", values.argmin(), round(float(values.min()), 1) < 0),
    )
    parts: list[str] = []
    for side, sign, i, pushed in sides:
        if pushed:
            verb = "most" if parts else "pushed most"
            parts.append(f"{quoted(tokens[i])} {verb} towards {side} ({sign}{abs(values[i]):.1f})")
    return ", ".join(parts) + "." if parts else "No word pushed either way."


def what_was_read(trace: Trace) -> str:
    """How many words were read, not known, and left out."""
    unknown = len(trace.tokens) - trace.known
    parts = [f"{counted(len(trace.tokens), 'word')} read"]
    if unknown:
        parts.append(f"{unknown:,} out of vocabulary ({unknown_words(trace)})")
    if trace.padding:
        parts.append(f"{trace.padding:,} × padding in front, which it reads too")
    if trace.unread:
        parts.append(f"{len(trace.unread):,} at the {trace.unread_end} not read: the review is too long")
    return "; ".join(parts) + "."


def unknown_words(trace: Trace) -> str:
    """The first six distinct words out of vocabulary, in order, quoted."""
    names = list(dict.fromkeys(quoted(token) for token in trace.tokens if not token.known))
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")


def beside_words(trace: Trace) -> str:
    """What ``Trace.bias`` is made of: what no word added to the logit."""
    return "the bias and the padding" if trace.padding else "the bias"
