"""Sentences of Inside: each reads one result, computed from its numbers. They may quote words: show as plain text."""

from __future__ import annotations

import numpy as np

from components.inside.charts.gates import OPEN, SHUT, saturation
from components.ui.format import agreed, percent, signed
from components.ui.sentences import beside_words, quoted
from models.compare.readers import stretches
from models.explain.view import View, readout
from models.nn.cells import sigmoid
from models.nn.equations import Step, Verdict
from models.nn.network import POOLED, Network
from models.sentiment import Trace

Array = np.ndarray

# The gate that decides what is kept, and what it keeps.
KEEPER = {"LSTM": ("forget", "its cell state"), "GRU": ("update", "its old state")}


def at(view: View) -> str:
    """What every chart over words has along x, for those who do not see it."""
    return f"at {len(view.trace.tokens)} words, the word under the cursor framed"


def states(view: View) -> str:
    """Which unit the word under the cursor moved most."""
    now = view.layer.hidden_states[view.cursor]
    before = view.state_before
    moved = np.abs(now - before)
    unit = int(moved.argmax())
    many = int((moved > 0.5).sum())
    rest = f"; {many} of {len(now)} units move by more than 0.5" if many > 1 else ""
    return (
        f"At {quoted(view.token)} (word {view.cursor + 1}) unit {unit} moves most, from {signed(before[unit])} to "
        f"{signed(now[unit])}{rest}."
    )


def gates(view: View) -> str:
    """How long the gate of the chosen unit that keeps things stays open."""
    gate, kept = KEEPER[view.family]
    values = view.layer.gates[gate][:, view.unit]
    start, length = longest(values > OPEN)
    whose = f"The {gate} gate of unit {view.unit}"
    tokens, n = view.trace.tokens, len(values)
    if length == 0:
        peak = int(values.argmax())
        return f"{whose} is never above 0.9; it is highest at {quoted(tokens[peak])}, with {values[peak]:.2f}."
    if length == n:
        return f"{whose} is above 0.9 at every word: it keeps {kept} all the way."
    if length == 1:
        return f"{whose} goes above 0.9 for single words only, such as {quoted(tokens[start])} (word {start + 1})."
    first = "the first word" if start == 0 else f"{quoted(tokens[start])} (word {start + 1})"
    last = "the end" if start + length == n else f"{quoted(tokens[start + length - 1])} (word {start + length})"
    return f"{whose} stays above 0.9 from {first} to {last}: for {length} words it keeps {kept}."


def unit(view: View) -> str:
    """What the chosen unit responds to in this review, and what it counts for."""
    values, tokens = view.layer.hidden_states[:, view.unit], view.trace.tokens
    weights = readout(view.trace, view.place)
    if weights is None:
        role = f"Unit {view.unit} feeds the layer above"
    else:
        side = "positive" if weights[view.unit] > 0 else "negative"
        weight = signed(weights[view.unit])
        role = f"Unit {view.unit} counts {weight} for the verdict: when it is up, it speaks for {side}"
    if len(values) == 1:
        return f"{role}. The one word takes it to {signed(values[0])}."
    up, down = int(values.argmax()), int(values.argmin())
    return (
        f"{role}. It is highest at {quoted(tokens[up])} ({signed(values[up])}, word {up + 1}) and lowest at "
        f"{quoted(tokens[down])} ({signed(values[down])}, word {down + 1})."
    )


def equation(view: View, step: Step) -> str:
    """What this timestep did to the chosen unit, in words."""
    u, values = view.unit, step.values
    at = f"At {quoted(view.token)} unit {u}"
    if step.cell is not None and step.cell_before is not None:
        parts = float(values["forget"][u] * step.cell_before[u]), float(values["input"][u] * values["candidate"][u])
        (kept, added), places, cell = agreed(lambda a, b: a + b, list(parts), 2)
        return (
            f"{at} keeps {percent(values['forget'][u])} of its cell state {signed(step.cell_before[u])}, which is "
            f"{signed(kept, places)}, and writes {signed(added, places)}: it becomes {signed(cell)}."
        )
    if "update" in values:
        z = values["update"][u]
        return (
            f"{at} keeps {percent(z)} of its old state {signed(step.state_before[u])} and takes {percent(1 - z)} of "
            f"the candidate {signed(values['candidate'][u])}: it becomes {signed(step.state[u])}."
        )
    word, memory = step.sums["state"].word[u], step.sums["state"].memory[u]
    louder = "the word speaks louder than memory" if abs(word) > abs(memory) else "memory speaks louder than the word"
    return f"{at} goes from {signed(step.state_before[u])} to {signed(step.state[u])}; {louder}."


def verdict(view: View, found: Verdict) -> str:
    """What the output layer makes most of, and the probability that comes out."""
    kind, most = max(found.parts.items(), key=lambda part: abs(part[1]))
    streams = view.trace.running_logits is not None
    when = f"After {quoted(view.token)} (word {view.cursor + 1})" if streams else "When all words are read"
    rest = ", more than of anything else" if len(found.parts) > 1 else ""
    return (
        f"{when} the output layer makes {signed(most)} of {POOLED[kind]}{rest}. P(positive) is "
        f"{float(sigmoid(found.logit)):.3f}."
    )


def contributions(view: View) -> str:
    """The credit of the word under the cursor, and the sum that makes the verdict."""
    added = signed(float(view.trace.contributions[view.cursor]))
    return f"{quoted(view.token)} (word {view.cursor + 1}) added {added}. {total(view.trace)}"


def total(trace: Trace) -> str:
    """The sum of all credits that makes the verdict."""
    numbers = [float(np.float64(trace.contributions).sum()), trace.bias]
    (words, bias), decimals, logit = agreed(lambda a, b: a + b, numbers)
    n = len(trace.tokens)
    every = "That one word adds" if n == 1 else f"All {n:,} words together add"
    return (
        f"{every} {signed(words, decimals)}; with {beside_words(trace)} {signed(bias, decimals)} that is the logit "
        f"{signed(logit, 3)}, so P(positive) = {trace.probability:.3f}."
    )


def about_relu(network: Network, trace: Trace) -> str:
    """Why the credits sum up although a relu layer stands before the output; empty where there is none."""
    if not isinstance(network.hidden, tuple):  # another network than ours has a head of its own
        return ""
    top = trace.readings[-1]
    kernel, bias = network.hidden
    on = int((network.pooled(top, np.array([len(top[0].hidden_states)])) @ kernel + bias > 0).sum())
    return (
        f"Between the last state and the output stands a relu layer. {on} of its {len(bias)} units are on in this "
        "reading; with those the readout is a straight line, so the sum is exact here. Another review has others on, "
        "and weights of its own."
    )


def habits(view: View, gate: str) -> str:
    """Which unit holds this gate open or shut most of the time."""
    shut, wide = saturation(view.layer.gates[gate])
    never = int(((shut == 0) & (wide == 0)).sum())
    rest = f" {never} of {len(shut)} units never go below {SHUT} or above {OPEN}."
    if never == len(shut):
        return f"No unit is ever below {SHUT} or above {OPEN} in this review."
    if wide.max() >= shut.max():
        which = int(wide.argmax())
        return f"Unit {which} is open (above {OPEN}) at {percent(wide[which])} of the words, the most of all.{rest}"
    which = int(shut.argmax())
    return f"Unit {which} is shut (below {SHUT}) at {percent(shut[which])} of the words, the most of all.{rest}"


def longest(true: Array) -> tuple[int, int]:
    """Start and length of the longest run of True, the last one in a tie; ``(0, 0)`` if there is none."""
    start, stop = max(stretches(true), key=lambda run: (run[1] - run[0], run[0]), default=(0, 0))
    return start, stop - start
