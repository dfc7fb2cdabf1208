"""The charts of the test-set figures, what they say, what chance allows, and what counts as damaged."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from components.evaluation import controls as evaluation
from components.evaluation import text as evaluation_findings
from components.evaluation.charts import figures as charts
from components.evaluation.charts import look, slices
from components.ui.theme import LIGHT, Palette
from models import artifacts
from models import statistics as science
from models.catalog import PRETRAINED, read_card
from models.figures import reading
from models.figures.judged import Judged
from models.figures.records import Bin, LengthSlice, Part, Slice, StarSlice, as_rows
from models.figures.writing import as_json
from tests.histories import put_run
from tests.judged import WRONG, N, figures_of, read_figures_of, right_of


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    shelf = tmp_path_factory.mktemp("shelf")
    return {
        name: Judged(read_card(put_run(shelf, name)), read_figures_of(name), int(name == "best_bigru"))
        for name in WRONG
    }


@pytest.fixture
def trio(models: dict[str, Judged]) -> list[Judged]:
    return [models[name] for name in ("simple_rnn", "lstm", "gru")]


def changed(model: Judged, **figures: Any) -> Judged:
    return replace(model, figures=replace(model.figures, **figures))


# What chance allows.


def test_margin_at_25_000_reviews() -> None:
    assert science.margin(0.92, 25_000) == pytest.approx(1.96 * 0.001716, abs=1e-5)
    assert math.isnan(science.margin(0.5, 0))
    assert science.margin(1.0, 10) == 0


def test_margin_holds_95_percent_of_test_sets() -> None:
    random = np.random.default_rng(1)
    shares = random.binomial(25_000, 0.92, 20_000) / 25_000
    inside = np.mean(np.abs(shares - 0.92) <= science.margin(0.92, 25_000))
    assert inside == pytest.approx(0.95, abs=0.006)


def test_auc_margin_holds_95_percent() -> None:
    """Exponential scores, for which Hanley and McNeil's formula is exact."""
    random = np.random.default_rng(2)
    positive, negative = random.exponential(5.0, (1_500, 120)), random.exponential(1.0, (1_500, 120))
    found = np.array([(p[:, None] > q).mean() for p, q in zip(positive, negative, strict=True)])
    assert found.mean() == pytest.approx(5 / 6, abs=0.005)
    assert science.auc_margin(5 / 6, 120, 120) == pytest.approx(1.96 * found.std(), rel=0.06)
    assert math.isnan(science.auc_margin(0.9, 0, 5))


def test_a_perfect_model_shows_this_calibration_error_by_chance() -> None:
    random = np.random.default_rng(3)
    bins = [Bin(0, 1, n, p, p) for n, p in ((4_000, 0.05), (500, 0.5), (2_000, 0.9))]
    total = sum(bin_.reviews for bin_ in bins)
    errors = [
        sum(abs(random.binomial(b.reviews, b.mean_probability) - b.reviews * b.mean_probability) for b in bins) / total
        for _ in range(4_000)
    ]
    assert science.chance_calibration_error(bins) == pytest.approx(np.mean(errors), rel=0.03)


def test_parting_counts() -> None:
    one = np.array([1, 1, 0, 0, 1], bool)
    two = np.array([1, 0, 1, 0, 0], bool)
    found = science.parting(one, two)
    assert (found.only_first, found.only_second, found.both_wrong) == (2, 1, 1)
    assert found.disagreement == pytest.approx(3 / 5)
    assert found.lead == pytest.approx(one.mean() - two.mean())
    assert found.margin == pytest.approx(1.96 * math.sqrt(3) / 5)
    with pytest.raises(ValueError, match="other reviews"):
        science.parting(one, two[:4])


def test_slices_vary_by_chance_as_often_as_they_should() -> None:
    random = np.random.default_rng(4)
    sizes = (500, 2_000, 6_000, 300)

    def rows(shares: tuple[float, ...]) -> list[Slice]:
        return [Slice(n, random.binomial(n, p) / n) for n, p in zip(sizes, shares, strict=True)]

    assert np.mean([science.varies(rows((0.9,) * 4)) for _ in range(3_000)]) == pytest.approx(0.05, abs=0.015)
    assert science.varies(rows((0.9, 0.95, 0.9, 0.8)))
    assert not science.varies([Slice(3, 0.5)])
    assert not science.varies([])


# Damage.


@pytest.mark.parametrize("name", WRONG)
def test_good_figures_pass(name: str) -> None:
    figures = read_figures_of(name)
    assert figures.accuracy == pytest.approx(1 - WRONG[name] / N)
    assert as_rows(figures.by_length) == figures_of(name)["by_length"]
    assert figures.rows("thresholds") == figures_of(name)["thresholds"]
    np.testing.assert_array_equal(figures.right(), right_of(name))


def test_older_files_lack_parts(tmp_path: Path) -> None:
    whole = figures_of("lstm")
    core = {name: whole[name] for name in ("test_reviews", "accuracy", "loss", "auc", "confusion")}
    (tmp_path / "evaluation.json").write_text(json.dumps(core))
    found = artifacts.read_evaluation(tmp_path)
    assert (found.test_reviews, found.accuracy, found.loss, found.auc) == tuple(core[k] for k in list(core)[:4])
    assert found.confusion == read_figures_of("lstm").confusion
    assert found.right() is None and found.scored_alike(0.5) is None and not found.damaged
    assert not any(found.has(part) for part in get_args(Part))


def paths(part: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value; of a list, to its first row."""
    if isinstance(part, dict):
        return [way for key, value in part.items() for way in [(*above, key), *paths(value, (*above, key))]]
    return [*paths(part[0], (*above, 0)), (*above, 0)] if isinstance(part, list) else []


@pytest.mark.parametrize("file", sorted(PRETRAINED.glob("*/evaluation.json")), ids=lambda file: file.parent.name)
def test_figures_that_are_read_are_written_as_they_stood_to_the_last_byte(file: Path) -> None:
    text = file.read_text()
    assert json.dumps(as_json(reading.read(json.loads(text))), indent=1) + "\n" == text


@pytest.mark.parametrize("way", [way for way in paths(figures_of("lstm")) if way != ("model",)], ids=str)
@pytest.mark.parametrize("wrong", ["![x](http://a.example)", -1, float("nan"), True, [None], {"a": 1}], ids=repr)
def test_a_wrong_value_anywhere_is_refused_when_read(way: tuple[Any, ...], wrong: Any, tmp_path: Path) -> None:
    figures = copy.deepcopy(figures_of("lstm"))
    part: Any = figures
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = wrong
    (tmp_path / "evaluation.json").write_text(json.dumps(figures))
    if way[0] == "challenges":  # a part that is left out by itself
        found = artifacts.read_evaluation(tmp_path)
        assert found == replace(read_figures_of("lstm"), challenges=None, damaged=("challenges",))
        return
    with pytest.raises(ValueError):
        artifacts.read_evaluation(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        "{}",
        "\x00",
        '{"test_reviews": 0}',
        '{"test_reviews": 1e999}',
        '{"test_reviews": ' + "9" * 400,
        "[" * 100_000,
    ],
)
def test_what_is_no_file_of_figures(content: str, tmp_path: Path) -> None:
    (tmp_path / "evaluation.json").write_text(content)
    with pytest.raises(ValueError):
        artifacts.read_evaluation(tmp_path)


def test_inconsistent_figures_are_refused() -> None:
    for change in (
        {"test_reviews": N + 1},
        {"accuracy": 0.5},
        {"right_bits": "AAAA"},
        {"right_bits": "not base64!"},
        {"by_stars": [{"stars": 1, "reviews": 5, "accuracy": None}]},
        {"loss": 10**400},
    ):
        with pytest.raises(ValueError):
            reading.read({**figures_of("gru"), **change})


# Charts.


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


def test_two_models_of_a_family_differ_in_line_and_marker(models: dict[str, Judged]) -> None:
    one, two = models["gru"], models["best_bigru"]
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
    figure = charts.partings(pairs, LIGHT)
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
        charts.partings(evaluation_findings.pairs([hostile, trio[1]]), LIGHT),
    ):
        assert "<a href" not in figure.to_json().replace("\\u003c", "<")


@pytest.mark.parametrize("palette", [LIGHT])
def test_no_bar_where_two_never_differ(trio: list[Judged], palette: Palette) -> None:
    same = changed(trio[0])
    figure = charts.partings(evaluation_findings.pairs([trio[0], same]), palette)
    assert [bar.x[0] for bar in figure.data] == [0, 0]


# Sentences.


def test_about_accuracy(trio: list[Judged]) -> None:
    sentence = evaluation_findings.about_accuracy(trio)
    # 40 and 32 wrong: the runs 20–59 and 40–71 overlap on 20, so they differ on 20 + 12 reviews.
    chance = 100 * 1.96 * math.sqrt(32) / N
    assert sentence.startswith(
        "GRU is right most often, on 92.00 %: 2.00 points ahead of LSTM, no more than chance moves"
    )
    assert f"(±{chance:.2f})" in sentence
    assert "7.00 points ahead of SimpleRNN, more than chance moves" in sentence
    alone = evaluation_findings.about_accuracy(trio[:1])
    assert "85.0 % of 400 test reviews" in alone and "±3.5 points" in alone


def test_leads_without_single_verdicts_are_judged_unpaired(trio: list[Judged]) -> None:
    old = [changed(model, right_bits=None) for model in trio[:2]]
    expected = math.hypot(science.margin(0.85, N), science.margin(0.9, N))
    assert evaluation_findings.lead_margin(*old) == pytest.approx(expected)
    assert f"±{100 * expected:.2f}" in evaluation_findings.about_accuracy(old)


def test_level_models(trio: list[Judged]) -> None:
    assert "level with SimpleRNN" in evaluation_findings.about_accuracy([trio[0], changed(trio[0])])


def test_other_sentences(trio: list[Judged]) -> None:
    gru = trio[2]
    say = evaluation_findings
    assert say.about_confusion(gru) == (
        "32 negative reviews called positive, 0 positive ones called negative: it leans positive."
    )
    assert "finds 100.0 % of the positive reviews and calls 16.0 % of the negative ones positive" in say.about_roc(trio)
    assert "All are a little too cautious." in say.about_calibration(trio)
    assert say.scored_like(gru, 0.85) == (
        "Of 200 test reviews that GRU scored between 0.80 and 0.87, 91 % were positive (±4)."
    )
    assert "only 10 test reviews" in say.scored_like(gru, 0.5)
    assert "only 0 test reviews" in say.scored_like(gru, 1.0)
    assert "80.0 % (under 50 words) to 98.0 % (50–999)" not in say.about_length(trio)  # 177 reviews are too few
    assert "4 stars and on 100.0 % of those with 1. There are no reviews of 5 and 6 stars" in say.about_stars(trio)
    assert "After 50 % of the words GRU is right on 80.0 %, at the end on 92.0 %" in say.about_share(trio)
    assert "the last 10 % alone bring 4.00 points" in say.about_share(trio)
    sentence = say.about_threshold([gru], 0.75)
    assert sentence.endswith("GRU 85.8 % (−6.2 points against 0.5, 12 false alarms, 50 missed).")
    assert "not one" not in sentence and "None of these" in say.about_threshold([gru], 0.33)
    assert "All 3 are right on 82.0 %, and none is on 5.0 %" in say.about_partings(trio, say.pairs(trio))


def test_length_is_told_with_what_chance_does(trio: list[Judged]) -> None:
    rows = (
        LengthSlice(0, 50, 5_000, 0.80),
        LengthSlice(50, 100, 5_000, 0.98),
        LengthSlice(1_000, 10_000, 3, 1.0),
    )
    sentence = evaluation_findings.about_length([changed(trio[0], by_length=rows)])
    assert "more than chance does: from 80.0 % (under 50 words) to 98.0 % (50–99)" in sentence
    assert "Only 3 reviews have 1,000 or more words" in sentence


def test_tables(trio: list[Judged]) -> None:
    table = evaluation.figures_table([*trio[:2], changed(trio[2], calibration=None, loss_deviation=None)])
    assert table["accuracy_percent"].tolist() == pytest.approx([85, 90, 92])
    assert table["loss_chance"][0] == pytest.approx(1.96 * 0.5 / 20)
    assert np.isnan(table["calibration_error_points"][2]) and np.isnan(table["loss_chance"][2])
    counts = evaluation.confusion_table(trio[0])
    assert counts["reviews"].tolist() == [140, 60, 0, 200]
    assert counts["share"].tolist() == pytest.approx([0.7, 0.3, 0, 1])
    assert len(evaluation.part_table(trio, "calibration")) == 45
    assert len(evaluation.pair_table(evaluation_findings.pairs(trio))) == 3
