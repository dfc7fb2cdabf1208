"""The cell's equations with one word's numbers filled in, so that they can be checked with a pocket calculator."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.inside import text
from components.inside.charts.gates import LETTERS
from components.ui import labels, styles
from components.ui.format import agreed
from components.ui.messages import plain
from components.ui.panel import heading
from components.ui.theme import Palette
from models.explain.view import View
from models.nn.cells import sigmoid
from models.nn.equations import Step, Verdict

_WHAT = {
    "input": "how much of the candidate to write",
    "forget": "how much of the cell state to keep",
    "output": "how much of the cell state to show",
    "candidate": "what could be written",
    "update": "how much of the old state to keep",
    "reset": "how much of the old state the candidate sees",
    "state": "the new hidden state",
}
_SEEN = {"last": "last state, v₁ h", "mean": "mean of all states, v₂ h̄", "max": "largest values, v₃ ĥ"}


def arithmetic(view: View, step: Step, verdict: Verdict | None, colours: Palette) -> None:
    """The equations at the word under the cursor, and how the states make the logit."""
    heading(
        "The equation with this word’s numbers",
        text.equation(view, step),
        key="equation",
        table=lambda: equation_table(view, step),
    )
    st.html(styles.tag("inside/equation.css") + equation_html(view, step))
    squash = " σ(a) = 1 / (1 + e⁻ᵃ)." if view.layer.gates or verdict is not None else ""
    plain(
        f"{where_from(view)} Every number is the network’s own, rounded only so far "
        f"that each line comes out at the digits shown.{squash}",
        muted=True,
    )
    if verdict is not None:
        streams = view.trace.running_logits is not None
        heading("From the states to P(positive)", text.verdict(view, verdict), key="verdict-equation")
        st.html(verdict_html(verdict, not streams))


def verdict_html(found: Verdict, ended: bool) -> str:
    """The sum that makes the logit, as a table of one row; ``ended``: of the whole review."""
    names = (*(_SEEN[kind] for kind in found.parts), "bias", "sum", html.escape(labels.relabelled("P(positive)")))
    when = "of the whole review" if ended else "if the review ended here"
    row = _row(f"logit<small>{when}</small>", [*found.parts.values(), found.bias], "σ", names)
    return (
        '<div class="unrolled-equation" tabindex="0" role="region" aria-label="How the verdict comes about"><table>'
        f"{_head(names)}<tbody>{row}</tbody></table></div>"
    )


def where_from(view: View) -> str:
    """What h₋₁ is at the word under the cursor."""
    backward, padding = view.layer.direction == "backward", view.trace.padding
    if view.before is not None:
        return f"h₋₁ is the state the layer had at the word {'after' if backward else 'before'}."
    if padding and not backward:
        return f"h₋₁ is the state that {padding:,} timesteps of padding left, before any word was read."
    return "h₋₁ is zero: this is the first word the layer reads."


def equation_html(view: View, step: Step) -> str:
    """The equations as a table of sums and, below it, what becomes of them. Holds no word of the review."""
    memory = "memory, U h₋₁" if view.family != "GRU" else "memory, U h₋₁ (the candidate’s: as r lets it)"
    names = ("word, W x", memory, "bias, b", "sum a", "squashed")
    rows = "".join(_sum_row(name, step, view.unit, names) for name in step.sums)
    lines = "".join(
        f'<li><span class="sym">{symbolic}</span> <span class="num">{numbers}</span> '
        f'<span class="res">= {result}</span></li>'
        for symbolic, numbers, result in _combinations(view, step)
    )
    return (
        '<div class="unrolled-equation" tabindex="0" role="region" aria-label="The equations of this timestep"><table>'
        f"{_head(names)}<tbody>{rows}</tbody></table>{f'<ol>{lines}</ol>' if lines else ''}</div>"
    )


def equation_table(view: View, step: Step) -> pd.DataFrame:
    """The same numbers with all their digits, for every unit."""
    columns = {}
    for name, parts in step.sums.items():
        for part in ("word", "memory", "bias", "total"):
            columns[f"{name}_{part}"] = getattr(parts, part)
        columns[name] = step.values[name]
    columns["state_before"] = step.state_before
    if step.cell is not None:
        columns |= {"cell_before": step.cell_before, "cell": step.cell}
    return pd.DataFrame({**columns, "hidden_state": step.state}).rename_axis("unit").reset_index()


def _head(names: Sequence[str]) -> str:
    columns = "".join(f'<th scope="col">{name}</th>' for name in names)
    return f"<thead><tr><td></td>{columns}</tr></thead>"


def _sum_row(name: str, step: Step, unit: int, names: Sequence[str]) -> str:
    parts = step.sums[name]
    numbers = [float(values[unit]) for values in (parts.word, parts.memory, parts.bias)]
    title = f"{name} gate" if name not in ("candidate", "state") else name if name == "candidate" else "hidden state"
    head = f'<span class="sym">{LETTERS.get(name, "h")}</span> {title}<small>{_WHAT[name]}</small>'
    return _row(head, numbers, "tanh" if name in ("candidate", "state") else "σ", names)


def _row(head: str, numbers: list[float], squash: str, names: Sequence[str]) -> str:
    """A sum and what it is squashed to, with so many digits that both come out; ``names`` of the columns."""
    calculate = math.tanh if squash == "tanh" else lambda a: float(sigmoid(a))
    _, places, value = agreed(calculate, [math.fsum(numbers)])
    shown, decimals, total = agreed(lambda *terms: math.fsum(terms), numbers, places)
    terms = [_number(number, decimals, sign=True) for number in shown]
    a, result = _number(total, places), f'<span class="res">= {_number(value, 3)}</span>'
    cells = zip(names, (*terms, f"= {a}", f"<span>{squash}({a}) {result}</span>"), strict=True)
    cells_html = "".join(f'<td class="num" data-of="{name}">{cell}</td>' for name, cell in cells)
    return f'<tr><th scope="row">{head}</th>{cells_html}</tr>'


def _combinations(view: View, step: Step) -> list[tuple[str, str, str]]:
    """What becomes of gates and candidate: symbols, numbers, result."""
    u = view.unit
    if step.cell is not None and step.cell_before is not None:
        f, i, g, o = (float(step.values[name][u]) for name in ("forget", "input", "candidate", "output"))
        numbers, places, cell = agreed(lambda f, c, i, g: f * c + i * g, [f, float(step.cell_before[u]), i, g])
        f_, c_, i_, g_ = (_factor(number, places) for number in numbers)
        numbers, places, state = agreed(lambda o, c: o * math.tanh(c), [o, float(step.cell[u])])
        o_, new_ = _factor(numbers[0], places), _number(numbers[1], places)
        return [
            ("c = f · c₋₁ + i · g", f"= {f_} · {c_} + {i_} · {g_}", _number(cell, 3)),
            ("h = o · tanh(c)", f"= {o_} · tanh({new_})", _number(state, 3)),
        ]
    if "update" in step.values:
        z, g, h = (float(v) for v in (step.values["update"][u], step.values["candidate"][u], step.state_before[u]))
        numbers, places, state = agreed(lambda z, h, g: z * h + (1 - z) * g, [z, h, g])
        z_, h_, g_ = (_factor(number, places) for number in numbers)
        return [("h = z · h₋₁ + (1 − z) · g", f"= {z_} · {h_} + (1 − {z_}) · {g_}", _number(state, 3))]
    return []


def _number(value: float, places: int, *, sign: bool = False) -> str:
    text = f"{value:{'+' if sign else ''}.{places}f}"
    if not any(c in "123456789" for c in text):
        text = text.lstrip("+-")
    return text.replace("-", "−")


def _factor(value: float, places: int) -> str:
    """A number to multiply with: in brackets below zero."""
    text = _number(value, places)
    return f"({text})" if text.startswith("−") else text
