"""The presenter view: the same pages for a projector. Type grows, what nobody watches folds away or goes.

``?present=1`` switches it on when the app is opened; it then lasts for the visit, on every page, until it is left.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import streamlit as st

from components.session import keys, links

# Streamlit measures in rem, so one number enlarges text, widgets and spaces; Plotly's labels have pixels of their own.
_STYLE = """<style>
html { font-size: 20px !important; }
[data-testid="stMainBlockContainer"] { padding-top: 3.4rem !important; padding-bottom: 1rem !important; }
[data-testid="stToolbarActions"], [data-testid="stMainMenu"], [data-testid="stDownloadButton"],
[data-testid="stElementToolbar"], .modebar-container { display: none !important; }
.js-plotly-plot .xtick text, .js-plotly-plot .ytick text { font-size: 15px !important; }
.js-plotly-plot .xtitle, .js-plotly-plot .ytitle { font-size: 16px !important; }
.unrolled-review { font-size: 1.2rem !important; line-height: 1.75 !important; max-height: 320px !important; }
@media (max-width: 640px) { html { font-size: 17px !important; } }
</style>"""


def begin() -> bool:
    """Whether the visitor presents. Called once a run, before anything is drawn; styles the page if so."""
    if keys.PRESENTING not in st.session_state:
        st.session_state[keys.PRESENTING] = st.query_params.get(links.PRESENT) == "1"
    if not st.session_state[keys.PRESENTING]:
        return False
    if st.query_params.get(links.PRESENT) != "1":  # another page was opened: the address began anew
        st.query_params[links.PRESENT] = "1"
    st.html(_STYLE)
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
