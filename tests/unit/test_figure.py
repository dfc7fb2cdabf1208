"""The one way to make figures: as Plotly would make them, sent as they are, and never with a misspelt property."""

from __future__ import annotations

import json
import math

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest
from plotly.subplots import make_subplots

from components.ui.figure import HUNDREDTHS, Drawing, Figure
from components.ui.theme import LIGHT
from tests.screen import numbers


def sent(figure: go.Figure) -> dict:
    return json.loads(plotly.io.to_json(figure, validate=False))


def test_rows_lie_where_plotly_puts_them() -> None:
    drawing = Drawing(LIGHT, 300, rows=3, heights=[0.2, 0.3, 0.5], spacing=0.05)
    plotly_rows = make_subplots(rows=3, shared_xaxes=True, vertical_spacing=0.05, row_heights=[0.2, 0.3, 0.5])
    for row in (1, 2, 3):
        drawing.scatter(y=[1, 2], row=row)
        plotly_rows.add_scatter(y=[1, 2], row=row, col=1)
    drawing.probability(row=2)
    drawing.vline(1)
    plotly_rows.add_hline(y=0.5, row=2, line={"color": LIGHT.muted, "width": 1, "dash": "dot"})
    ours, theirs = sent(drawing.figure()), sent(plotly_rows)
    for name, axis in theirs["layout"].items():
        if "axis" in name:
            assert ours["layout"][name]["domain"] == pytest.approx(axis.pop("domain"))
            assert axis.items() <= ours["layout"][name].items()
    threshold, upright = ours["layout"]["shapes"]
    assert [threshold] == theirs["layout"]["shapes"]
    assert upright == {"type": "line", "x0": 1, "x1": 1, "xref": "x", "y0": 0, "y1": 1, "yref": "paper"}
    for mine, plotlys in zip(ours["data"], theirs["data"], strict=True):
        assert (mine["xaxis"], mine["yaxis"]) == (plotlys["xaxis"], plotlys["yaxis"])


def test_settings_are_merged_and_none_takes_one_away() -> None:
    drawing = Drawing(LIGHT, 200)
    drawing.layout(margin={"t": 36})
    drawing.yaxis(title_text="nats", tickfont=None)
    drawing.scatter(y=[1], text=None)
    figure = drawing.figure()
    assert figure.layout.margin.t == 36 and figure.layout.margin.l == 8
    assert figure.layout.yaxis.title.text == "nats" and figure.layout.yaxis.title.font.color == LIGHT.muted
    made = sent(figure)
    assert "tickfont" not in made["layout"]["yaxis"] and "text" not in made["data"][0]


@pytest.mark.parametrize("dtype", ["f4", "f8", "i1", "u2", "i8"])
def test_arrays_arrive_as_they_were(dtype: str) -> None:
    values = np.arange(12).reshape(3, 4).astype(dtype)
    drawing = Drawing(LIGHT, 200)
    drawing.heatmap(z=values)
    written = sent(drawing.figure())["data"][0]["z"]
    assert set(written) == {"dtype", "bdata", "shape"}
    np.testing.assert_array_equal(numbers(written), values)


def test_words_gaps_and_single_numbers_arrive_as_json() -> None:
    drawing = Drawing(LIGHT, 200)
    drawing.scatter(x=np.array(["a", "b"]), y=[np.float32(0.5), math.nan], visible=np.bool_(True), name=np.str_("n"))
    trace = sent(drawing.figure())["data"][0]
    assert (trace["x"], trace["y"], trace["visible"], trace["name"]) == (["a", "b"], [0.5, None], True, "n")


def test_a_figure_can_still_be_changed_as_plotlys() -> None:
    drawing = Drawing(LIGHT, 200)
    drawing.scatter(y=np.zeros(3))
    figure = drawing.figure()
    figure.update_layout(height=500)
    assert sent(figure)["layout"]["height"] == 500


def test_what_is_drawn_later_changes_no_colour_of_the_theme() -> None:
    first = Drawing(LIGHT, 200)
    first.xaxis(tickfont={"size": 40})
    first.layout(font={"size": 40})
    assert Drawing(LIGHT, 200).figure().layout.xaxis.tickfont.size == 13
    assert Drawing(LIGHT, 200).figure().layout.font.size == 14


def test_tests_refuse_a_property_that_plotly_does_not_know() -> None:
    drawing = Drawing(LIGHT, 200)
    drawing.scatter(y=[1], colour="red")
    with pytest.raises(ValueError, match="colour"):
        drawing.figure()


def test_a_figure_is_plotlys_own_only_when_somebody_looks() -> None:
    drawing = Drawing(LIGHT, 200)
    drawing.scatter(y=[1, 2])
    figure = drawing.figure()
    assert isinstance(figure, Figure) and isinstance(figure, go.Figure)
    sent(figure)
    assert "_data_objs" not in figure.__dict__
    assert tuple(figure.data[0].y) == (1, 2)


def test_hundredths_travel_in_a_byte_and_are_written_with_their_point() -> None:
    values = np.array([[-1.0, -0.074, 0.0], [0.004, 0.37, 1.0]], np.float32)
    drawing = Drawing(LIGHT, 200)
    drawing.heatmap(z=values, hundredths=True, hovertemplate=f"%{{z{HUNDREDTHS}}}")
    figure = drawing.figure()
    written = sent(figure)["data"][0]["z"]
    assert written["dtype"] == "i1"
    np.testing.assert_array_equal(numbers(written), [[-100, -7, 0], [0, 37, 100]])
    assert figure.config["locales"]["en"]["format"] == {"grouping": [2], "thousands": "."}
    drawing.heatmap(z=values * 3, hundredths=True)
    assert sent(drawing.figure())["data"][1]["z"]["dtype"] == "i2"
    assert Drawing(LIGHT, 200).figure().config == {}
