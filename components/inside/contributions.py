"""What each word added to the verdict, and each sentence of a long review, as a bar that opens to its words."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from components.inside import text
from components.inside.charts import contributions as charts
from components.inside.controls import choose_word
from components.session import reading as readings
from components.session import resources
from components.ui import styles, words
from components.ui.format import agreed, counted, shortened, signed
from components.ui.messages import plain
from components.ui.panel import chart_only, heading
from components.ui.sentences import beside_words
from components.ui.theme import Palette
from components.ui.word_axis import MOST_COLUMNS
from models.card import ModelCard
from models.explain.sentences import sentences, totals
from models.explain.view import View
from models.sentiment import Trace

Array = np.ndarray
FROM = 150  # words, beyond which the bars of single words no longer show at a glance what was decisive
_MOST_WORDS = 1_500
_EXCERPT = 90


def credit(view: View, card: ModelCard, review: str, colours: Palette, words_above: Callable[[], None]) -> None:
    """What every word added to the logit; a click on a bar moves the cursor there; a long review by sentences first.

    Args:
        words_above: draws ``credit_words`` above the chart.
    """
    _sentence_totals(view.trace, review, colours)
    words_above()
    chart_only(
        charts.contributions(view, colours),
        key="credit",
        alt=f"Bars of what each word added to the logit {text.at(view)}. {text.total(view.trace)}",
        on_select=partial(choose_word, "credit"),
        selection_mode="points",
    )
    plain(
        "The logit is the score that the sigmoid squashes into P(positive): 0 is 0.50, +1 is 0.73, +3 is 0.95, and as "
        "far on the other side below zero.",
        muted=True,
    )
    relu = text.about_relu(resources.model(card.name).network, view.trace)
    if relu:
        plain(relu, muted=True)


def credit_words(view: View) -> None:
    """What stands above the bars of what every word added."""
    thinned = " A bar stands for several words here." if len(view.trace.tokens) > MOST_COLUMNS else ""
    heading(
        "What each word added to the verdict",
        f"{text.contributions(view)}{thinned}",
        key="credit",
        table=lambda: readings.word_table(view.trace),
        picture=True,
    )


def _sentence_totals(trace: Trace, review: str, colours: Palette) -> None:
    """The sentences in their order; nothing for a short review or one of a single sentence."""
    found = sentences(review, trace.tokens)
    if len(trace.tokens) <= FROM or len(found) < 2:
        return
    sums = totals(trace.contributions, found)
    heading(
        "What each sentence added to the verdict",
        about(trace, found, sums),
        key="sentence-totals",
        table=lambda: table(trace, review, found, sums),
    )
    scale = max(words.FULL_SHARE, float(np.abs(sums).max()))
    shown = [place for place, (_, stop) in enumerate(found) if stop <= _MOST_WORDS]
    rows = "".join(_row(trace, review, *found[place], float(sums[place]), scale, colours) for place in shown)
    left = len(found) - len(shown)
    more = f'<p class="u-muted">{counted(left, "sentence")} more; the CSV has them all.</p>' if left else ""
    frame = '<div class="u-totals u-scrolls u-words" tabindex="0" role="region" aria-label="The sentences">'
    st.html(f"{styles.tag('inside/sentence_totals.css')}{frame}{rows}</div>{more}")


def about(trace: Trace, found: list[tuple[int, int]], sums: Array) -> str:
    """Which sentence did most, and the sum that makes the logit."""
    most = int(np.abs(sums).argmax())
    start, stop = found[most]
    (together, bias), places, logit = agreed(lambda a, b: a + b, [float(sums.sum()), trace.bias], 2)
    return (
        f"Of {counted(len(found), 'sentence')} number {most + 1} (words {start + 1:,} to {stop:,}) did most, "
        f"{signed(float(sums[most]))}. All add {signed(together, places)}; with {beside_words(trace)} "
        f"{signed(bias, places)} that is the logit {signed(logit)}. Open a sentence to see its words."
    )


def table(trace: Trace, review: str, found: list[tuple[int, int]], sums: Array) -> pd.DataFrame:
    """One row a sentence."""
    tokens = trace.tokens
    return pd.DataFrame(
        {
            "sentence": range(1, len(found) + 1),
            "first_word": [start + 1 for start, _ in found],
            "last_word": [stop for _, stop in found],
            "contribution": sums,
            "text": [review[tokens[start].start : tokens[stop - 1].end] for start, stop in found],
        }
    )


def _row(trace: Trace, review: str, start: int, stop: int, total: float, scale: float, colours: Palette) -> str:
    tokens = trace.tokens
    text = " ".join(review[tokens[start].start : tokens[stop - 1].end].split())
    excerpt = html.escape(words.visible(shortened(text, _EXCERPT)))
    side = "up" if total > 0 else "down"
    bar = f'<span class="bar {side}" aria-hidden="true"><i style="width:{50 * abs(total) / scale:.1f}%"></i></span>'
    inside = words.stretch_html(review, trace, colours, start, stop)
    return (
        f"<details><summary>{bar}<b>{signed(total)}</b><span>{excerpt}</span></summary>"
        f'<p class="words">{inside}</p></details>'
    )
