"""The presenter view: the same pages for a projector. Type grows, what nobody watches folds away or goes.

``?present=1`` switches it on when the app is opened; it then lasts for the visit, on every page, until it is left.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import streamlit as st

from components.session import keys, links


def begin() -> bool:
    """Whether the visitor presents. Called once a run, before anything is drawn."""
    if keys.PRESENTING not in st.session_state:
        st.session_state[keys.PRESENTING] = st.query_params.get(links.PRESENT) == "1"
    if not st.session_state[keys.PRESENTING]:
        return False
    if st.query_params.get(links.PRESENT) != "1":  # another page was opened: the address began anew
        st.query_params[links.PRESENT] = "1"
    return True


def active() -> bool:
    """Whether the presenter view is on."""
    return bool(st.session_state.get(keys.PRESENTING))


def leave_button() -> None:
    """The one control that the presenter view adds."""
    st.button(
        "Leave presenter view",
        key="leave-presenter",
        icon=":material/close_fullscreen:",
        type="tertiary",
        on_click=_leave,
        width="content",
    )


def folded(label: str) -> AbstractContextManager[object]:
    """A place for controls that an audience need not see: folded while presenting, open otherwise."""
    return st.expander(label, icon=":material/edit:") if active() else nullcontext()


def _leave() -> None:
    st.session_state[keys.PRESENTING] = False
    st.query_params.pop(links.PRESENT, None)
