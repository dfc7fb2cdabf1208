"""One of a few options, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

Option = TypeVar("Option", bound=int | str)


def one_of(question: str, options: Mapping[Option, str], key: str, **settings: Any) -> Option:
    """Ask for one of the options, by their titles; one is always chosen, the first where none was, for the visit.

    Args:
        key: of the session.
        settings: more for ``st.segmented_control``.
    """
    chosen: Option | None = st.segmented_control(
        question,
        list(options),
        format_func=options.__getitem__,
        key=key,
        required=True,
        persist_state="session",
        wrap=True,
        **settings,
    )
    return next(iter(options)) if chosen is None else chosen
