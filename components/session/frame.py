"""The frame around every page: the list of pages, the router, the page header, the deep-link guard."""

from __future__ import annotations

import contextlib
from typing import NoReturn

import streamlit as st

from components.session import address, browser, handover, inputs, keys, presenter, share
from components.ui import labels, styles, theme
from components.ui.picture import pictures

# In the order of the menu: file stem (which is also the URL), title, icon.
_PAGES = (
    ("read", "Read", ":material/chat_bubble:"),
    ("inside", "Inside", ":material/grid_on:"),
    ("compare", "Compare", ":material/compare_arrows:"),
    ("training", "Training", ":material/show_chart:"),
    ("evaluation", "Evaluation", ":material/fact_check:"),
    ("batch", "Batch", ":material/table_rows:"),
    ("your_network", "Your network", ":material/upload_file:"),
    ("lessons", "Lessons", ":material/school:"),
    ("letters", "Letters", ":material/abc:"),
    ("about", "About", ":material/info:"),
)


def pages() -> list[st.Page]:
    """The pages of the app; the first one opens at the bare address. Made once a visit: each looks at its file."""
    made: list[st.Page] | None = st.session_state.get(keys.PAGES)
    if made is None:
        made = st.session_state[keys.PAGES] = [
            st.Page(f"pages/{stem}.py", title=title, icon=icon, url_path=stem, default=stem == "read")
            for stem, title, icon in _PAGES
        ]
    return made


def configure() -> None:
    """Title and icon of the browser's tab.

    The icon is a file of our own, since Streamlit would fetch a named one from another host; and it is given by its
    address, since Streamlit would read and check a file in every run.
    """
    st.set_page_config(page_title="Unrolled", page_icon="/app/static/icon.png", layout="wide")


def run() -> None:
    """Route to the page that the address names."""
    configure()
    page = st.navigation(pages(), position="top")
    if st.session_state.get(keys.LAST_PAGE) != page.url_path:
        inputs.carry_over()
    st.session_state[keys.LAST_PAGE] = page.url_path
    st.session_state[keys.ROUTED], st.session_state[keys.PART_KEEPS] = True, False
    with address.followed(page.url_path), contextlib.suppress(_Ended):
        page.run()
    if page.url_path:  # Read draws one chart, where somebody asks for it, and lets it be downloaded there
        pictures()
    if not st.session_state[keys.PART_KEEPS]:
        browser.keep()


class _Ended(Exception):
    """A page that ends early, which is no error."""


def end_page() -> NoReturn:
    """End a page that has nothing more to show: what belongs to every page still follows, as after its last line.

    ``st.stop`` would leave that out.
    """
    raise _Ended


def follow_address() -> None:
    """The end of a part of a page that answers by itself: what it made untrue is no longer in the address."""
    share.forget_what_is_stale()
    address.remember()


def end_part() -> None:
    """The end of the one part that holds the page's review and answers by itself: the browser is told the text there.

    Such a part may not end with ``end_page``.
    """
    follow_address()
    st.session_state[keys.PART_KEEPS] = True
    browser.keep()


def page_header(title: str, intro: str) -> None:
    """Begin a page: every page script calls this first.

    On a fresh server Streamlit runs ``pages/<name>.py`` for a deep link without running the app around it, until
    somebody opens the first page. Then the router's mark is missing: name the pages, and run again through it.
    """
    if not st.session_state.pop(keys.ROUTED, False):
        configure()
        st.navigation(pages(), position="hidden")
        st.rerun()
    handover.leave_if_asked()
    labels.use(())
    page = st.session_state.get(keys.LAST_PAGE) or _PAGES[0][0]
    presenting = presenter.begin()
    styles.page_styles(theme.palette(), *(["ui/presenter.css"] if presenting else []))
    share.restore(page)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="page-header"):
        st.title(title, anchor=False, width="content")
        if not presenting:
            st.caption(intro, width="content")
        if presenting:
            presenter.leave_button()
        share.share_button(page)
