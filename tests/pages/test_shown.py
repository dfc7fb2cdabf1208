"""The look at every page after every run: what it finds, and what it leaves to the visitor."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.shown import offences

SIGNS = {
    "{_start(view)}": "placeholder",
    "None": "missing",
    "nan": "missing",
    "**bold**": "Markdown",
    "`code`": "Markdown",
}
# One line for each way a text gets on the screen; ``{text!r}`` is put in.
WAYS = {
    "html": "st.html('<p>It is <b>' + {text!r} + '</b>.</p>')",
    "read aloud": "st.html('<p aria-label=\"It is ' + {text!r} + '\"></p>')",
    "text": "st.text('It is ' + {text!r})",
    "chart": "st.plotly_chart({{'data': [{{'y': [1], 'text': ['It is ' + {text!r}]}}]}}, alt='A chart')",
    "alt of a chart": "st.plotly_chart({{'data': [{{'y': [1]}}]}}, alt='It is ' + {text!r})",
    "table": "st.dataframe({{'a': ['It is ' + {text!r}]}})",
    "list": "st.selectbox('Choose', ['It is ' + {text!r}])",
}
RENDERED = {
    "paragraph": "st.markdown('It is ' + {text!r})",
    "button": "st.button('It is ' + {text!r})",
    "section": "st.expander('It is ' + {text!r})",
    "help": "st.toggle('Say', help='It is ' + {text!r})",
    "metric": "st.metric('Value', 'It is ' + {text!r})",
}


def after(*lines: str) -> AppTest:
    return AppTest.from_string("\n".join(["import streamlit as st", *lines])).run(timeout=30)


@pytest.fixture
def nothing_unfinished_is_shown() -> None:
    """Not here: these pages are unfinished on purpose."""


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("way", WAYS)
def test_it_is_found_wherever_it_stands(way: str, sign: str) -> None:
    found = offences(after(WAYS[way].format(text=sign)))
    assert found and SIGNS[sign] in found[0]
    assert offences(after(WAYS[way].format(text="12 words, 3 of them new"))) == []


@pytest.mark.parametrize("way", RENDERED)
def test_markdown_that_streamlit_renders_is_no_offence(way: str) -> None:
    assert offences(after(RENDERED[way].format(text="**bold**, `code`, [a link](http://localhost)"))) == []
    for bare in ("** bold**", "{here}", "nan"):
        assert offences(after(RENDERED[way].format(text=bare)))


def test_a_missing_cell_needs_a_sign_of_the_tables_own() -> None:
    assert offences(after("st.dataframe({'a': [1.0, None]})"))
    assert offences(after("st.dataframe({'a': [1.0, None]}, placeholder='–')")) == []


def test_what_a_visitor_typed_is_theirs() -> None:
    lines = "box = st.text_area('Review', key='review')", "st.text(box)", "st.text('It is nan')"
    at = after(*lines)
    at.text_area(key="review").set_value("**good**, {or} None of it, but finance").run()
    assert offences(at) == ["text: a missing value, 'nan', in 'It is nan'"]
    assert offences(at, "nan") == []


def test_none_of_them_is_a_sentence_and_a_style_is_not_read() -> None:
    assert offences(after("st.html('<style>p { color: red }</style><p>None of the <b>3</b> models</p>')")) == []
