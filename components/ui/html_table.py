"""A table of finished HTML, narrow enough for a phone."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st


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
        f'<th scope="col" style="text-align:{"right" if i in right else "left"};font-weight:500;opacity:.75">'
        f"{html.escape(heading)}</th>"
        for i, heading in enumerate(headings)
    )
    st.html(
        "<style>.unrolled-table{width:100%;border-collapse:collapse;font-size:.95rem;white-space:nowrap;"
        "text-align:left}.unrolled-table :is(th,td){padding:.3rem .55rem .3rem 0;"
        "border-bottom:1px solid rgba(128,128,128,.28)}"
        ".unrolled-table.snug{width:auto;font-size:1.02rem}"
        ".unrolled-table.snug :is(th,td){padding:.45rem .9rem .45rem 0}"
        ".unrolled-bar{width:5.5rem;margin:0 .55rem 0 .35rem}"
        "@media (max-width:640px){.unrolled-table,.unrolled-table.snug{white-space:normal;font-size:.85rem}"
        ".unrolled-table :is(th,td),.unrolled-table.snug :is(th,td){padding-right:.35rem}"
        ".unrolled-bar{width:2rem;margin:0 .35rem}}</style>"
        f'<div style="overflow-x:auto" tabindex="0" role="region" aria-label="{html.escape(label)}">'
        f'<table class="unrolled-table{" snug" if snug else ""}">'
        f"<thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
