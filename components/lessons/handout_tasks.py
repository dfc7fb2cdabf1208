"""What the hand-outs of the lessons on reviews ask: every answer follows from the digits that are printed."""

from __future__ import annotations

import math
from collections import Counter

from components.inside.memory_results import gradient_lines
from components.lessons.board import Board
from components.session import resources
from components.ui.format import plain_number, signed
from components.ui.sentences import quoted
from models.explain.distance import COUNTS, PRAISE
from models.figures import statistics
from models.nn.cells import sigmoid
from models.task import Task
from models.wording import counted, listed

_WORDS = 14  # of the sum; what is beyond stands in one line
_LETTERS = {"input": "i", "forget": "f", "candidate": "g", "output": "o"}


def words(board: Board) -> list[Task]:
    """The sum of the words' shares, and its sigmoid."""
    trace = board.readers["lstm"].trace
    shares = [round(float(share), 2) for share in trace.contributions]
    rows = [
        (f"{n}. {token.text}", signed(share))
        for n, (token, share) in enumerate(zip(trace.tokens, shares, strict=True), 1)
    ]
    if len(rows) > _WORDS:
        beyond = counted(len(rows) - _WORDS, "further word")
        rows = [*rows[:_WORDS], (f"{beyond} together", signed(sum(shares[_WORDS:])))]
    bias = round(float(trace.bias), 2)
    logit = sum(shares) + bias
    most, least = (pick(range(len(shares)), key=shares.__getitem__) for pick in (max, min))
    parts = [
        f"{quoted(trace.tokens[most])} (word {most + 1}) pushes most towards positive, {signed(shares[most])}"
        if shares[most] > 0
        else "no word pushes towards positive",
        f"{quoted(trace.tokens[least])} (word {least + 1}) most towards negative, {signed(shares[least])}"
        if shares[least] < 0
        else "none pushes towards negative",
    ]
    return [
        Task(
            f"Every word’s share of the verdict. Add them up; with the bias {signed(bias)} that is the logit z.",
            f"The words add {signed(sum(shares))}, so z = {signed(logit)}.",
            ("word", "share"),
            tuple(rows),
        ),
        Task(
            "P(positive) = σ(z) = 1 / (1 + e⁻ᶻ). Positive or negative?",
            f"σ({signed(logit)}) = {sigmoid(logit):.2f}: {'positive' if logit >= 0 else 'negative'}. The app says "
            f"{trace.probability:.2f}.",
        ),
        Task(
            "Which word pushes most towards positive, and which most towards negative?",
            f"{parts[0][0].upper()}{parts[0][1:]}; {parts[1]}.",
        ),
    ]


def gates(board: Board) -> list[Task]:
    """One unit of the LSTM at one word, then one of the GRU."""
    view = board.view("lstm")
    step = board.step("lstm")
    unit, token = view.unit, quoted(view.token)
    rows, answers, values = [], [], {}
    for gate, letter in _LETTERS.items():
        part = step.sums[gate]
        numbers = [round(float(one[unit]), 2) for one in (part.word, part.memory, part.bias)]
        total = sum(numbers)
        values[letter] = round(math.tanh(total) if letter == "g" else float(sigmoid(total)), 3)
        rows.append((f"{letter}, {gate}" + ("" if letter == "g" else " gate"), *(signed(one) for one in numbers)))
        answers.append(
            f"{letter} = {'tanh' if letter == 'g' else 'σ'}({signed(total)}) = {plain_number(values[letter], 3)}"
        )
    old = round(float(step.cell_before[unit]), 2) if step.cell_before is not None else 0.0
    cell = values["f"] * old + values["i"] * values["g"]
    gru, other = board.view("gru"), board.step("gru")
    z, g, h = (
        round(float(one[gru.unit]), 2)
        for one in (other.values["update"], other.values["candidate"], other.state_before)
    )
    return [
        Task(
            f"LSTM, unit {unit}, at {token}: add up each row, then squash it: σ for the gates, tanh for the candidate.",
            "; ".join(answers) + ".",
            ("", "W x, word", "U h₋₁, memory", "b, bias"),
            tuple(rows),
        ),
        Task(
            f"The cell state: c = f · c₋₁ + i · g, with the old cell state c₋₁ = {signed(old)}.",
            f"c = {values['f']:.3f} · {signed(old)} + {values['i']:.3f} · {signed(values['g'], 3)} "
            f"= {signed(cell, 3)}.",
        ),
        Task(
            "The hidden state: h = o · tanh(c).",
            f"h = {values['o']:.3f} · tanh({signed(cell, 3)}) = {signed(values['o'] * math.tanh(cell), 3)}.",
        ),
        Task(
            f"GRU, unit {gru.unit}, at {token}: h = z · h₋₁ + (1 − z) · g, with z = {z:.2f}, h₋₁ = {signed(h)}, "
            f"g = {signed(g)}.",
            f"h = {z:.2f} · {signed(h)} + {1 - z:.2f} · {signed(g)} = {signed(z * h + (1 - z) * g, 3)}.",
        ),
    ]


def memory(board: Board) -> list[Task]:
    """Gradients from end to beginning, and what is left of a verdict."""
    tasks = []
    tokens = board.readers["lstm"].trace.tokens
    if len(tokens) > 1:
        rows, answers, pace = [], [], {}
        for line in gradient_lines(board.remembered, board.view("lstm")):
            ends = [max(float(value), 1e-30) for value in (line.values[0], line.values[-1])]
            first, last = (float(f"{value:.3g}") for value in ends)
            rows.append((line.name, f"{first:.3g}", f"{last:.3g}"))
            answers.append(f"{line.name}: {first / last:.2g}, {signed(math.log10(first / last), 1)} powers of ten")
            pace[line.name] = (ends[0] / ends[1]) ** (1 / (len(tokens) - 1))
        tasks.append(
            Task(
                f"The gradient at the first and at the last of {counted(len(tokens), 'word')}. By what is it "
                "multiplied on its way back, and how many powers of ten is that (the log to base 10)?",
                "; ".join(answers) + ".",
                ("network", "first word", "last word"),
                tuple(rows),
            )
        )
        name = min(pace, key=pace.__getitem__)
        factor = float(f"{pace[name]:.3f}")
        tasks.append(
            Task(
                f"The {name}’s gradient is multiplied by {factor:.3f} a word, on average. What would that be over 200 "
                "words?",
                f"{factor:.3f} to the power of 200 = {factor**200:.2g}."
                + (" It vanishes." if factor**200 < 1e-3 else " It explodes." if factor**200 > 1e3 else ""),
            )
        )
    left = {
        title: [round(float(one), 2) for one in (found.praise[0], found.blame[0], found.praise[-1], found.blame[-1])]
        for title, found in board.carried.items()
    }
    parts = [f"{title}: {signed(a - b)} becomes {signed(c - d)}" for title, (a, b, c, d) in left.items()]
    best = [title for title, (_, _, c, d) in left.items() if c - d == max(e - f for _, _, e, f in left.values())]
    tasks.append(
        Task(
            f"P(positive) of “{PRAISE}” and of “a terrible film”, alone and with {COUNTS[-1]} words without an opinion "
            "behind them. What becomes of the difference between the two? In which network is most of it left?",
            f"{'; '.join(parts)}. Most is left in the {listed(best)}.",
            ("network", "wonderful", "terrible", "wonderful, then 200", "terrible, then 200"),
            tuple((title, *(f"{value:.2f}" for value in values)) for title, values in left.items()),
        )
    )
    return tasks


def order(board: Board) -> list[Task]:
    """Three orders of the same words."""
    tokens = board.readers["lstm"].trace.tokens
    counts = Counter(token.text.casefold() for token in tokens)
    parts = ", ".join(f"{word} {count}" for word, count in list(counts.items())[:_WORDS])
    tasks = [
        Task(
            "Count every word of the sentence as written, then of the same words backwards. What can a model that only "
            "counts words tell of the difference?",
            f"Both times: {parts}{' …' if len(counts) > _WORDS else ''}. Nothing: the counts are the same.",
        )
    ]
    if len(tokens) < 2:
        return tasks
    found = {title: [round(float(p), 2) for p in values] for title, values in board.orders.items()}
    spans = {title: max(values) - min(values) for title, values in found.items()}
    most = [title for title, span in spans.items() if math.isclose(span, max(spans.values()), abs_tol=1e-9)]
    title = board.readers["lstm"].card.title
    forward, backward = (min(max(round(float(p), 3), 0.001), 0.999) for p in board.orders[title][:2])
    one, other = (math.log(p / (1 - p)) for p in (forward, backward))
    return [
        *tasks,
        Task(
            "P(positive) of three orders. How far apart are the largest and the smallest, for each network? Which "
            "depends most on the order?",
            "; ".join(f"{name} {span:.2f}" for name, span in spans.items()) + f". Most: {listed(most)}.",
            ("network", *(name for name, _ in board.written)),
            tuple((name, *(f"{p:.2f}" for p in values)) for name, values in found.items()),
        ),
        Task(
            f"The logit is z = ln(P / (1 − P)). How far does it move for the {title} from {forward:.3f}, as written, "
            f"to {backward:.3f}, backwards?",
            f"From {signed(one)} to {signed(other)}: by {signed(other - one)}.",
        ),
    ]


def sure(board: Board) -> list[Task]:
    """A share, its margin, and what being right costs."""
    reader = board.readers["lstm"]
    p = round(reader.trace.probability, 2)
    figures = resources.evaluation(reader.card)
    found = figures.scored_alike(reader.trace.probability) if figures else None
    tasks = []
    if found is not None and found.reviews >= statistics.FEW:
        count = round(found.reviews * found.positive)
        share = count / found.reviews
        margin = statistics.margin(share, found.reviews)
        tasks += [
            Task(
                f"{found.reviews:,} test reviews got a P(positive) between {found.low:.2f} and {found.high:.2f} from "
                f"the {reader.card.title}, as this sentence did ({p:.2f}). {count:,} of them were positive. "
                "Which share is that?",
                f"{count:,} / {found.reviews:,} = {share:.3f}.",
            ),
            Task(
                "By chance such a share strays by ± 1.96 · √(share · (1 − share) / reviews), nearly always. From where "
                "to where? Does the bin’s own range meet that?",
                f"± {margin:.3f}: from {max(0, share - margin):.3f} to {min(1, share + margin):.3f}. "
                + (
                    "Yes, it does."
                    if share - margin <= found.high and share + margin >= found.low
                    else "No: here the network is not calibrated."
                ),
            ),
        ]
    right = max(p, 1 - p)
    return [
        *tasks,
        Task(
            f"If P(positive) = {p:.2f} is right, and the verdict is “{'positive' if p >= 0.5 else 'negative'}”: of 100 "
            "such sentences, how many verdicts are wrong?",
            f"About {100 * (1 - right):.0f} of 100.",
        ),
        Task(
            "You may only decide where at most 5 of 100 verdicts are wrong, and leave the rest undecided. Between "
            "which two values of P(positive) do you leave them?",
            f"Between 0.05 and 0.95. This sentence is {'decided' if right >= 0.95 else 'left undecided'}.",
        ),
    ]
