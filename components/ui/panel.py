"""The frame around every chart: title, one sentence that reads this result, the chart, its numbers as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from components.ui import labels, stage, theme
from components.ui.figure import Figure
from components.ui.messages import escaped


def panel(
    title: str,
    sentence: str,
    figure: Figure,
    *,
    key: str,
    alt: str,
    table: Callable[[], pd.DataFrame],
    part: str = "",
    **chart: Any,
) -> Any:
    """Draw one chart with everything that belongs to it.

    Args:
        title: says what is shown; our own words only.
        sentence: reads this result, and may quote the visitor's words: it is shown as plain text.
        key: unique on the page; also the name of the CSV file.
        alt: what somebody who cannot see the chart is told.
        table: makes the chart's numbers when the visitor asks for them.
        part: see ``heading``.
        chart: passed on to ``st.plotly_chart`` (``on_select``, ``selection_mode``).
    """
    heading(title, sentence, key=key, table=table, picture=True, part=part)
    return chart_only(figure, key=key, alt=alt, **chart)


def chart_only(figure: Figure, *, key: str, alt: str, **chart: Any) -> Any:
    """The chart of a panel whose heading is drawn apart from it, with the same key; see ``panel``."""
    figure, room = stage.fitted(figure)
    return st.plotly_chart(
        figure, key=key, alt=labels.relabelled(alt), config=theme.CONFIG | figure.config, **room, **chart
    )


def heading(
    title: str,
    sentence: str,
    *,
    key: str,
    table: Callable[[], pd.DataFrame] | None = None,
    picture: bool = False,
    part: str = "",
) -> None:
    """The words above a chart or a text, with the buttons for its numbers and, of a chart, for its picture.

    Titles are headings of the third level. Where no heading of the second stands above them, ``part`` is one that is
    only heard, so that whoever goes from heading to heading misses no level.
    """
    heading_html = f'<h3 class="u-title">{escaped(title)}</h3><p class="u-sentence">{escaped(sentence)}</p>'
    if picture:
        name = escaped(f"Download a picture of: {title}")
        button = f'<button type="button" data-picture="{key}" aria-label="{name}" title="SVG or PNG">Picture</button>'
        heading_html = f'<div class="u-heading"><div>{heading_html}</div>{button}</div>'
    if part:
        heading_html = f'<h2 class="u-heard">{escaped(part)}</h2>{heading_html}'
    if table is None:
        st.html(heading_html)
        return
    words = labels.now()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", wrap=False, key=f"{key}-heading"):
        st.html(heading_html)
        st.download_button(
            "CSV",
            data=lambda: labels.in_table(table(), words).to_csv(index=False).encode(),
            file_name=f"unrolled-{key}.csv",
            mime="text/csv",
            key=f"{key}-csv",
            icon=":material/download:",
            help=f"The numbers of this chart: {labels.relabelled(title)}",
            on_click="ignore",
            type="tertiary",
            width="content",
        )
