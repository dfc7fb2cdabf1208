"""The page that ours are measured against: the widgets of Read, its texts and one figure that is ready, nothing else.

It is one of ten pages, as Read is. It is served by Streamlit under our own configuration; see ``pages_under_load``.
"""

import numpy as np
import streamlit as st

from components.ui.figure import Figure
from components.ui.theme import CONFIG


@st.cache_resource
def ready_figure() -> Figure:
    """As large as Read's at 200 words: a line and 64 × 200 cells."""
    cells = np.random.default_rng(1).integers(-100, 100, (64, 200)).astype(np.int8)
    line = {"type": "scatter", "y": np.linspace(0, 1, 200, dtype=np.float32), "text": [f"word{i}" for i in range(200)]}
    labels = {str(i): f"word{i}" for i in range(200)}
    return Figure(
        {
            "data": [line, {"type": "heatmap", "z": cells, "yaxis": "y2"}],
            "layout": {
                "height": 420,
                "yaxis": {"domain": [0.6, 1]},
                "yaxis2": {"domain": [0, 0.55]},
                "xaxis": {"type": "category", "labelalias": labels},
            },
        }
    )


def bare() -> None:
    """What stands on it."""
    st.html("<style>p { margin: 0 }</style>")
    with st.container(horizontal=True):
        st.title("A bare page", anchor=False, width="content")
        st.caption("The same widgets, and nothing behind them.", width="content")
        st.button("Share", key="share")
    left, right = st.columns([4, 7], gap="large")
    with left:
        st.pills("Examples", [f"Example {i}" for i in range(9)], key="example")
        review = st.text_area("Your review", key="review", height=150)
        with st.container(horizontal=True):
            st.button("Read", key="read-now")
            with st.popover("Earlier readings", key="earlier", on_change="rerun"):
                pass
        st.segmented_control("Part", ["one", "two", "three"], key="part", default="one")
        st.pills("Model", ["one", "two", "three"], key="model", default="one")
        for text in ("the verdict", "the evidence", "model by model"):
            st.html(f"<p>{text}</p>")
        with st.expander("How far to believe it", key="believe"):
            st.html("<p>more evidence</p>")
            st.page_link(OTHERS[0], label="Another page")
    with right:
        st.html("<h3>Words</h3>")
        words = " ".join(f'<span style="--c:#ffeedd" title="+0.12">{word}</span>' for word in review.split())
        st.html(f"<div>{words}</div>")
        st.html("<p>legend</p>")
        st.html("<h3>States</h3>")
        st.download_button("CSV", data=lambda: b"", file_name="a.csv", key="csv", on_click="ignore")
        st.plotly_chart(ready_figure(), key="figure", config=CONFIG)
        with st.expander("As a chart", key="chart-section", on_change="rerun"):
            pass


def empty() -> None:
    """Another page."""


OTHERS = [st.Page(empty, title=f"Page {number}", url_path=f"page{number}") for number in range(2, 11)]
st.set_page_config(page_title="Bare", layout="wide")
st.navigation([st.Page(bare, title="Bare", default=True), *OTHERS], position="top").run()
