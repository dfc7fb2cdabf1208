"""Why long words are hard: the last letter's gradient at every earlier state, its factors, and what clipping mends."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from components.letters import text
from components.letters.board import shown
from components.letters.charts import way_back
from components.session import keys
from components.ui.format import agreed
from components.ui.html_table import html_table
from components.ui.messages import plain
from components.ui.panel import panel
from components.ui.stage import on_stage
from components.ui.theme import Palette
from models.letters.gradient_flow import Flow, Line, flow
from models.letters.network import CELLS
from models.letters.training import Run, alike
from models.letters.word import Word

_ABREAST = 10  # columns of numbers on a stage
SCALES = (0.25, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.0)


def long_words(run: Run, word: Word, colours: Palette, key: str = "way-back") -> None:
    """The whole panel: slider, chart, sentences, factors."""
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        scale = st.select_slider(
            "Multiply W_hh by", SCALES, value=1.0, key=f"{key}-scale", persist_state="session", width=320
        )
        again = st.toggle(
            "Read again with it",
            key=f"{key}-again",
            persist_state="session",
            help="Off: only the way back is multiplied, the states stay as they were read. On: the network reads the "
            "word with the new W_hh too, so the slopes of tanh change as well; large sums saturate it.",
        )
    flows = flows_of(run, word, float(scale), held=not again)
    gradient(flows, run, word, colours, float(scale), key)
    if not on_stage():  # there they have a step of their own, and the chart needs the room
        factors(flows["SimpleRNN"])


def gradient(flows: Mapping[str, Flow], run: Run, word: Word, colours: Palette, scale: float, key: str) -> None:
    """The chart of all cells, and what becomes of the gradient in each."""
    here = flows[run.settings.cell]
    factor = here.clipping(run.settings.clip)
    lines = [Line(cell, cell, found.carried, chosen=cell == run.settings.cell) for cell, found in flows.items()]
    if factor < 1:
        lines.append(Line(f"{run.settings.cell}, clipped", run.settings.cell, factor * here.carried, clipped=True))
    sentence = text.way_back(here, run.settings.cell, scale)
    panel(
        "The last letter’s gradient at every earlier state",
        sentence,
        way_back(lines, [shown(word.characters[i]) for i in range(len(word.read))], colours),
        key=key,
        alt=f"Lines on a logarithmic axis: the length of the gradient at every state. {sentence}",
        table=lambda: _table(flows, word),
    )
    plain(text.clipping(here, run.settings.clip))
    for cell, found in flows.items():
        if cell != run.settings.cell:
            plain(text.way_back(found, cell, scale), muted=True)


def flows_of(run: Run, word: Word, scale: float = 1.0, held: bool = True) -> dict[str, Flow]:
    """The same word, seed, units and number of updates with every cell; the networks last made are kept, by cell."""
    kept: dict[str, Run] = st.session_state.setdefault(keys.LETTERS_OTHERS, {})
    found = {}
    for cell in CELLS:
        network = run if cell == run.settings.cell else alike(run, cell, word, kept.get(cell))
        if network is not run:
            kept[cell] = network
        found[cell] = flow(network, scale, held)
    return found


def factors(found: Flow) -> None:
    """Every step back of the SimpleRNN as a product, which comes out at the digits shown."""
    if not len(found.slopes):
        return
    columns = []
    for t in range(len(found.slopes)):
        (slope, matrix), places, ratio = agreed(
            lambda a, b: a * b, [float(found.slopes[t]), float(found.matrix[t])], places=2
        )
        columns.append((f"{slope:.{places}f}", f"·&nbsp;{matrix:.{places}f}", f"=&nbsp;{ratio:.2f}"))
    names = ("slopes of tanh", "W_hh", "together")
    plain(
        "Each step back of the SimpleRNN, split into its two factors: what the slopes of tanh leave of the gradient’s "
        "length, never more than 1, and what W_hh makes of the rest.",
        muted=True,
    )
    steps = [f"{t + 2}\u00a0→\u00a0{t + 1}" for t in range(len(columns))]
    for few in _few(len(steps)):
        rows = [
            f"<tr><td>{name}</td>{''.join(f'<td class=number>{column[place]}</td>' for column in columns[few])}</tr>"
            for place, name in enumerate(names)
        ]
        abreast = steps[few]
        right = range(1, len(abreast) + 1)
        html_table(("from state", *abreast), rows, "The factors of the gradient, step by step", right=right)


def _few(count: int) -> list[slice]:
    """Which columns stand side by side: all of them, which scroll, or on a stage only so many as fit its width."""
    tables = -(-count // _ABREAST) if on_stage() else 1
    each = -(-count // tables)
    return [slice(first, first + each) for first in range(0, count, each)]


def _table(flows: Mapping[str, Flow], word: Word) -> pd.DataFrame:
    table = pd.DataFrame({"state": range(1, len(word.read) + 1), "letter": word.characters[:-1]})
    for cell, found in flows.items():
        table[f"{cell}_hidden_state"] = found.norms
        if cell == "LSTM":
            table["LSTM_cell_state"] = found.carried
    return table
