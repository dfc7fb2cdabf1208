"""The charts of the test-set figures: each draws the saved numbers, and no title as markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.evaluation import text as evaluation_findings
from components.evaluation.charts import figures as charts
from components.evaluation.charts import look, slices
from components.ui.theme import LIGHT
from models.figures import statistics as science
from models.figures.judged import Judged
from models.figures.records import StarSlice
from tests.judged import N, changed, right_of


def test_roc_draws_the_saved_points_twice_and_marks_the_threshold(trio: list[Judged]) -> None:
    figure = charts.roc(trio, LIGHT)
    lines = [trace for trace in figure.data if trace.name == "LSTM" and trace.mode == "lines"]
    assert [line.xaxis for line in lines] == [None, "x2"]
    for line in lines:
        assert list(line.x) == pytest.approx([0, 10, 20, 100]) and list(line.y) == pytest.approx([0, 80, 95, 100])
        assert "found %{y:.1f} %" in line.hovertemplate, "a space before the sign, as in the sentences"
        assert (line.line.color, line.line.dash) == (LIGHT.families["LSTM"], "solid")
    mark = next(trace for trace in figure.data if trace.name == "threshold 0.5 of LSTM")
    assert (mark.x[0], mark.y[0]) == (100 * 40 / 200, 100)
    assert figure.layout.xaxis.ticksuffix == " %" and list(figure.layout.xaxis2.ticktext) == ["0 %", "12.5 %", "25 %"]
    assert sum(bool(trace.showlegend is not False) for trace in figure.data) == 4


def test_two_models_of_a_family_differ_in_line_and_marker(judged: dict[str, Judged]) -> None:
    one, two = judged["gru"], judged["best_bigru"]
    assert look.colour(one, LIGHT) == look.colour(two, LIGHT)
    symbols = {look.marker(model, LIGHT, 9)["symbol"] for model in (one, two)}
    assert look.dash(one) != look.dash(two) and len(symbols) == 2


def test_calibration_leaves_empty_bins_out(trio: list[Judged]) -> None:
    figure = charts.calibration(trio, 0.85, LIGHT)
    upper, lower = (trace for trace in figure.data if trace.name == "GRU")
    assert list(upper.x) == [0.04, 0.5, 0.83] and list(upper.y) == [2, 60, 91]
    assert list(lower.y) == [190, 10, 200]
    assert upper.error_y.array[2] == pytest.approx(100 * science.margin(0.91, 200), abs=1e-2)
    assert upper.error_y.arrayminus[0] <= 2
    assert figure.data[0].name == "says what is" and list(figure.data[0].x) == [0, 1]
    assert all(shape.x0 == 0.85 for shape in figure.layout.shapes)


def test_stars_leave_room_for_those_that_do_not_exist(trio: list[Judged]) -> None:
    figure = slices.by_stars(trio, LIGHT)
    middle = figure.data[1]
    assert list(middle.x) == [1, 2, 3, 4, 7, 8, 9, 10]
    assert list(middle.y) == pytest.approx([100, 98, 90, 70, 80, 90, 96, 94])
    assert middle.error_y.array[0] == 0 and middle.error_y.array[3] == pytest.approx(
        100 * science.margin(0.7, 50), abs=1e-3
    )
    assert "none in" in figure.layout.annotations[0].text
    assert list(figure.layout.xaxis.tickvals) == list(range(1, 11))


def test_stars_with_a_middle_have_no_gap(trio: list[Judged]) -> None:
    rows = (StarSlice(5, 60, 0.5),)
    figure = slices.by_stars([changed(trio[0], by_stars=rows)], LIGHT)
    assert not figure.layout.annotations
    assert "5 and 6" not in evaluation_findings.about_stars([changed(trio[0], by_stars=rows)])


def test_lengths_of_another_file_stand_where_they_belong(trio: list[Judged]) -> None:
    short = changed(trio[1], by_length=trio[1].figures.by_length[1:])
    figure = slices.by_length([trio[0], short], LIGHT)
    assert [round(x) for x in figure.data[0].x] == [0, 1, 2]
    assert [round(x) for x in figure.data[1].x] == [1, 2]
    assert list(figure.layout.xaxis.ticktext) == ["0", "50", "1,000"]


def test_lines(trio: list[Judged]) -> None:
    read = slices.by_share_read(trio, LIGHT)
    assert list(read.data[0].x) == [10, 50, 90, 100]
    assert list(read.data[0].y) == pytest.approx([60, 80, 88, 85])
    moved = slices.by_threshold(trio, 0.75, LIGHT)
    assert list(moved.data[0].x) == [0.25, 0.5, 0.75]
    assert moved.layout.shapes[0].x0 == 0.75


def test_pairs_and_their_bars(trio: list[Judged]) -> None:
    pairs = evaluation_findings.pairs(trio)
    assert next((one.title, two.title) for one, two, _ in pairs) == ("SimpleRNN", "GRU")
    for one, two, both in pairs:
        first, second = right_of(one.card.name), right_of(two.card.name)
        assert both.only_first + both.only_second == int((first != second).sum())
        assert both.lead == pytest.approx(first.mean() - second.mean())
    figure = charts.paired(pairs, LIGHT)
    assert [bar.x[0] for bar in figure.data[:2]] == [
        -100 * pairs[0][2].only_first / N,
        100 * pairs[0][2].only_second / N,
    ]
    assert figure.data[0].text == f"{pairs[0][2].only_first:,} · {100 * pairs[0][2].only_first / N:.1f} %"


def test_a_title_in_a_chart_is_escaped(trio: list[Judged]) -> None:
    hostile = Judged(replace(trio[0].card, title='<a href="http://a.example">x</a>'), trio[0].figures, 0)
    for figure in (
        charts.roc([hostile], LIGHT),
        charts.calibration([hostile], None, LIGHT),
        slices.by_stars([hostile], LIGHT),
        slices.by_threshold([hostile], 0.5, LIGHT),
        charts.paired(evaluation_findings.pairs([hostile, trio[1]]), LIGHT),
    ):
        assert "<a href" not in figure.to_json().replace("\\u003c", "<")


def test_no_bar_where_two_never_differ(trio: list[Judged]) -> None:
    same = changed(trio[0])
    figure = charts.paired(evaluation_findings.pairs([trio[0], same]), LIGHT)
    assert [bar.x[0] for bar in figure.data] == [0, 0]
