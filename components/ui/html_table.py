"""A table of finished HTML, narrow enough for a phone."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from components.ui import labels


def html_table(
    headings: Sequence[str], rows: Sequence[str], label: str, *, right: Sequence[int] = (), snug: bool = False
) -> None:
    """A plain table that a screen reader can read; on a phone its text wraps.

    Args:
        headings: plain text.
        rows: finished HTML, everything in them escaped.
        label: what it is, for those who do not see it.
        right: the columns that are flush right, counted from 0.
        snug: as wide as it needs instead of the whole width.
    """
    cells = "".join(
        f'<th scope="col"{" class=right" if i in right else ""}>{html.escape(labels.relabelled(heading))}</th>'
        for i, heading in enumerate(headings)
    )
    st.html(
        f'<div class="u-scroll" tabindex="0" role="region" aria-label="{html.escape(labels.relabelled(label))}">'
        f'<table class="unrolled-table{" snug" if snug else ""}">'
        f"<thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
