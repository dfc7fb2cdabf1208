"""Memory: how far back the last state of each network reaches, on this review and under filler words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from components.inside.charts import memory as charts
from components.inside.charts.memory import FLOOR
from components.inside.memory_results import (
    Remembering,
    fading_lines,
    fading_table,
    gradient_lines,
    gradient_table,
    remembering,
)
from components.session import keys, resources, trio, work
from components.session.kept import last_made
from components.ui.format import counted, power_of_ten
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.sentences import quoted
from components.ui.theme import Palette
from models.card import ModelCard, compared_with
from models.explain.memory import FILLERS, Fading, Line, Quantity
from models.explain.view import View
from models.jobs import tasks
from models.wording import listed

Array = np.ndarray

COUNTS = tuple(range(0, 201, 20))


def memory(view: View, card: ModelCard, review: str, colours: Palette) -> None:
    """The gradient at every word for the three networks made to be compared, and for the chosen one."""
    models = remembering(card, view.trace, review)
    missing = [name for name in compared_with(card.part) if name not in {one.card.name for one in models}]
    if missing:
        plain(f"Not on this shelf, or out of order: {', '.join(missing)}. The others are compared.", muted=True)
    plain(
        "How much would the last state say something else if the state at this word were a little different? Where "
        "a line has fallen to a millionth, next to nothing of such a change reaches the last state, and next to "
        "nothing could be learnt over that distance through the states alone. The scale is logarithmic: equal steps "
        "down divide by equal factors. An LSTM carries its cell state from word to word, so its line is the gradient "
        "on that; the others carry the hidden state.",
        muted=True,
    )
    trio.differs(card)
    through_time(models, view, colours)
    note = pooling_note(models, view)
    if note:
        plain(note, muted=True)
    fillers(view, card, review, models, colours)


def through_time(models: Sequence[Remembering], view: View, colours: Palette) -> None:
    """The gradient at every word, a line a network."""
    lines = gradient_lines(models, view)
    sentence = gradient_sentence(lines, view)
    panel(
        "What reaches the last state from every word",
        sentence,
        charts.gradients(view, lines, colours),
        key="memory",
        alt=f"Lines on a logarithmic scale: the gradient at each of {len(view.trace.tokens)} words, one line a "
        f"network. {sentence}",
        table=lambda: gradient_table(models, view),
    )
    if any(np.nanmin(line.values) < FLOOR for line in lines):
        plain(
            "Values below 10⁻³⁸ are drawn at this floor: that is where the single precision in which these networks "
            "compute comes to its end.",
            muted=True,
        )
    if any(line.name.endswith(", backward") for line in lines):
        plain("The backward layer reads from the end: its last state is the one at the first word.", muted=True)


def gradient_sentence(lines: Sequence[Line], view: View) -> str:
    """How far each line falls from the last word to the cursor, and whether the SimpleRNN's falls by far the most."""
    tokens = view.trace.tokens
    last = len(tokens) - 1
    if last == 0:
        return "There is only one word: nothing has to be carried to the end."
    here = view.cursor if view.cursor < last else 0
    steps = last - here
    forward = [line for line in lines if not line.name.endswith(", backward") and not np.isnan(line.values).any()]
    parts = [
        change(line.name, line.values[last], line.values[here], "" if k else " gradient")
        for k, line in enumerate(forward)
    ]
    away = counted(steps, "word")
    start = f"From the last word back to {quoted(tokens[here])} (word {here + 1}, {away} away) "
    sentence = f"{start}{listed(parts)}."
    fallen = {line.name: float(power_lost(line.values[last], line.values[0])) for line in forward[:3]}
    simple = [line.name for line in forward[:3] if line.family == "SimpleRNN"]
    if len(fallen) < 2 or len(simple) != 1:
        return sentence
    mine, others = fallen.pop(simple[0]), fallen
    lost = any(line.family == "SimpleRNN" and line.values[0] < FLOOR for line in forward[:3])
    more = mine - max(others.values())
    so = "So" if here == 0 else "Back to the first word"
    rest = "none" if max(others.values()) < 0.05 else f"at most {max(others.values()):.1f}"
    beyond = "more than " if lost else ""
    if mine >= 0.05:
        numbers = f"it loses {beyond}{mine:.1f} powers of ten, {listed(list(others))} {rest}"
    else:
        own = "it loses none" if mine > -0.05 else f"it grows by {-mine:.1f} powers of ten"
        numbers = f"{own}, {listed(list(others))} {'lose' if len(others) > 1 else 'loses'} {rest}"
    if more >= 2:
        return f"{sentence} {so} the {simple[0]} falls by orders of magnitude more: {numbers}."
    return f"{sentence} {so} the {simple[0]} does not fall by orders of magnitude more on this text: {numbers}."


def change(name: str, before: float, now: float, what: str = "") -> str:
    """``the SimpleRNN’s shrinks 4,000-fold``; values below the floor count as the floor."""
    fallen = power_lost(before, now)
    title, _, direction = name.partition(", ")
    whose = f"the {title}’s{what}" + (f" ({direction})" if direction else "")
    if max(before, now) < FLOOR:
        return f"{whose} is below 10⁻³⁸ before and after"
    if abs(fallen) < np.log10(1.1):
        return f"{whose} stays about the same"
    many = fold(abs(fallen))
    if now < FLOOR:
        many = f"more than {many.removeprefix('about ')}"
    return f"{whose} {'shrinks' if fallen > 0 else 'grows'} {many}"


def fold(decades: float) -> str:
    """``3.2-fold``, ``4,000-fold``, ``10⁸-fold``, from a number of powers of ten."""
    if decades >= 6:
        return f"about {power_of_ten(round(decades))}-fold"
    factor = 10**decades
    if factor < 10:
        return f"{factor:.1f}-fold"
    return f"{float(f'{factor:.2g}'):,.0f}-fold"


def pooling_note(models: Sequence[Remembering], view: View) -> str:
    """What the chart leaves out: the short cut of networks whose verdict looks at all states; "" without one."""
    parts: list[str] = []
    saved: list[str] = []
    for one in models:
        place = one.place(view)
        if one.model.network.pooling == ("last",) or place is None:
            continue
        total, alone = float(one.top.norms()[place]), float(one.top.norms(through_time=True)[place])
        where = "" if parts else f"at {quoted(view.token)} "
        parts.append(f"{where}the {one.card.title} has {number(total)} with it, {number(alone)} without")
        if total > 10 * alone:
            saved.append(one.card.title)
    if not parts:
        return ""
    so = f" By that short cut the {listed(saved)} can still count what its last state has lost." if saved else ""
    return (
        "A verdict that looks at the mean or the maximum of all states has a short cut to every word, which the chart "
        f"leaves out to show the recurrence alone: {'; '.join(parts)}.{so}"
    )


def number(value: float) -> str:
    """``0.16``, ``2·10⁻⁸``; what is below the floor is said to be."""
    if value < FLOOR:
        return "less than 10⁻³⁸"
    if value >= 0.001:
        return f"{value:.2g}"
    digits, exponent = f"{value:.0e}".split("e")
    return f"{digits}·{power_of_ten(int(exponent))}"


@st.fragment
def fillers(view: View, card: ModelCard, review: str, models: Sequence[Remembering], colours: Palette) -> None:
    """A number of filler words behind the word under the cursor, and what becomes of the verdict and the gradient."""
    read = [one for one in models if one.place(view) is not None]
    room = min(one.card.max_timesteps - len(one.trace.tokens) for one in read)
    counts = [n for n in COUNTS if n <= room]
    if len(counts) < 2:
        plain(
            f"This review has {len(view.trace.tokens):,} words, as many as these networks read or nearly so: there is "
            "no room for filler words. Try a shorter one.",
            muted=True,
        )
        return
    if st.session_state.get(keys.FILLER_WORDS, 0) > counts[-1]:
        st.session_state[keys.FILLER_WORDS] = counts[-1]
    n = st.slider(
        "Filler words behind the word under the cursor",
        0,
        counts[-1],
        value=min(100, counts[-1]),
        step=COUNTS[1],
        key=keys.FILLER_WORDS,
        persist_state="session",
        help="They go between this word and the rest of the review; all networks read again.",
    )
    plain(f"The filler words, repeated as often as needed: “{' '.join(FILLERS)}”.", muted=True)
    try:
        found = _faded(view, review, read, counts)
    except (work.Busy, work.TaskFailed) as error:
        work.say_no_answer(error)
        return
    quantities: tuple[Quantity, ...] = ("probability", "gradient")
    for quantity, title, column in zip(
        quantities,
        ("The verdict with filler words", "The gradient at the word"),
        st.columns(2, gap="medium"),
        strict=True,
    ):
        lines = fading_lines(read, found, quantity)
        sentence = fading_sentence(lines, view, quantity, counts, n)
        with column:
            panel(
                title,
                sentence,
                charts.fading(quantity, lines, np.array(counts), n, colours),
                key=f"filler-{quantity}",
                alt=f"Lines of {quantity} over 0 to {counts[-1]} filler words, one a network. {sentence}",
                table=lambda: fading_table(read, found),
            )


def fading_sentence(lines: Sequence[Line], view: View, quantity: Quantity, counts: Sequence[int], n: int) -> str:
    """What ``n`` filler words do, model by model."""
    if n == 0:
        return "Without filler words this is the review as it stands. Move the slider."
    place = list(counts).index(n)
    behind = f"With {n} filler words behind {quoted(view.token)} "
    if quantity == "probability":
        parts = [f"{line.values[0]:.2f} to {line.values[place]:.2f} ({line.name})" for line in lines]
        return f"{behind}P(positive) goes from {listed(parts)}."
    parts = [
        change(line.name, line.values[0], line.values[place], "" if k else " gradient at it")
        for k, line in enumerate(lines)
    ]
    return f"{behind}{listed(parts)}."


def _faded(view: View, review: str, models: Sequence[Remembering], counts: Sequence[int]) -> list[Fading]:
    """Moving the slider reads nothing again."""

    def made() -> list[Fading]:
        placed = [(tasks.named(one.model), p) for one in models if (p := one.place(view)) is not None]
        asked = ([model for model, _ in placed], review, [p for _, p in placed], counts)
        return list(work.run("sweep", *asked, what="Readings with filler words"))

    of = (str(resources.shelf()), tuple(one.card.name for one in models), review, view.cursor)
    return last_made(keys.FADED, of, made)


def power_lost(before: float, now: float) -> float:
    """Powers of ten from ``before`` down to ``now``; values below the floor count as the floor."""
    return float(np.log10(max(before, FLOOR)) - np.log10(max(now, FLOOR)))
