"""Memory and the three credits: figures against the models' functions, sums, sentences against the numbers."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from components.inside import attribution as attribution_panels
from components.inside import memory as memory_panels
from components.inside.attribution import ALONG, EXACT, WITHOUT, Credits
from components.inside.charts import attribution, memory
from components.inside.charts.memory import FLOOR
from components.inside.memory_results import Remembering, fading_lines, fading_table, gradient_lines, gradient_table
from components.ui.format import power_of_ten
from components.ui.theme import DARK, FAMILY_DASH, FAMILY_SYMBOL, LIGHT
from models.catalog import load_model
from models.examples import EXAMPLES
from models.explain.attribution import integrated_gradients, occlusion, rank_correlation
from models.explain.memory import Line, fading
from models.explain.view import View
from models.explain.waterfall import waterfall_steps
from models.nn.gradients import gradients

REVIEW = EXAMPLES[0].text


def reading(model, review: str = REVIEW) -> Remembering:
    trace = model.trace(review)
    return Remembering(model.card, model, trace, gradients(model.network, trace))


def view_of(model, review: str = REVIEW, cursor: int = 0) -> View:
    return View(model.trace(review), model.card.family, 0, 0, cursor)


def line(values, name: str = "SimpleRNN", family: str = "SimpleRNN") -> Line:
    return Line(name, family, None, np.array(values, float))


def test_lines_are_the_norms_through_time(tiny_model) -> None:
    one, view = reading(tiny_model), view_of(tiny_model)
    lines = gradient_lines([one], view)
    top = one.found.layers[-len(lines) :]
    assert len(lines) == (2 if tiny_model.card.bidirectional else 1)
    for drawn, layer in zip(lines, top, strict=True):
        carried = layer.through_time if layer.cell_through_time is None else layer.cell_through_time
        np.testing.assert_allclose(drawn.values, np.sqrt((carried**2).sum(1)), rtol=1e-9)
    figure = memory.gradients(view, lines, LIGHT)
    for trace, drawn in zip(figure.data, lines, strict=True):
        np.testing.assert_allclose(trace.y, np.maximum(drawn.values, FLOOR), rtol=1e-3)
        assert list(trace.x) == list(range(1, len(view.trace.tokens) + 1))
    assert figure.layout.yaxis.type == "log"
    table = gradient_table([one], view)
    np.testing.assert_array_equal(table[f"{tiny_model.card.name} {top[0].name} through_time"], lines[0].values)


def test_families_keep_their_look_and_others_differ(tiny_shelf) -> None:
    models = [load_model(name, tiny_shelf) for name in ("simple_rnn", "lstm", "gru", "best_bigru")]
    lines = gradient_lines([reading(model) for model in models], view_of(models[1]))
    assert len(lines) == 5
    for drawn in lines[:3]:
        assert memory.looks(drawn) == (FAMILY_SYMBOL[drawn.family], FAMILY_DASH[drawn.family])
    assert len({(drawn.family, *memory.looks(drawn)) for drawn in lines}) == 5
    figure = memory.gradients(view_of(models[1]), lines, DARK)
    assert [t.line.color for t in figure.data] == [DARK.families[drawn.family] for drawn in lines]


def test_the_floor_is_drawn_and_printed_only_where_it_is_reached(tiny_shelf) -> None:
    view = view_of(load_model("lstm", tiny_shelf), "one two three")
    figure = memory.gradients(view, [line([0.0, 1e-60, 1.0])], LIGHT)
    assert figure.data[0].y == (FLOOR, FLOOR, 1.0)
    assert figure.layout.yaxis.range[0] < np.log10(FLOOR)
    assert "10⁻³⁸" in figure.layout.annotations[0].text
    assert not memory.gradients(view, [line([1e-8, 1e-3, 1.0])], LIGHT).layout.annotations


def test_ticks_are_powers_of_ten_within_the_range(tiny_shelf) -> None:
    view = view_of(load_model("lstm", tiny_shelf), "one two three")
    for low in (0.5, 1e-5, 1e-20, 1e-50):
        settings = memory.gradients(view, [line([low, 1.0, 2.0])], LIGHT).layout.yaxis
        ticks = np.log10(settings.tickvals)
        np.testing.assert_allclose(ticks, np.round(ticks), atol=1e-9)
        assert 2 <= len(ticks) <= 9
        assert settings.range[0] <= ticks.min() and ticks.max() <= settings.range[1]
        assert np.log10(max(low, FLOOR)) > settings.range[0]
    assert [power_of_ten(e) for e in (-12, 0, 1, 8)] == ["10⁻¹²", "1", "10", "10⁸"]


def test_long_reviews_are_thinned_by_geometric_means(tiny_shelf) -> None:
    model = load_model("lstm", tiny_shelf)
    view = view_of(model, "film " * 300)
    tokens = view.trace.tokens * 5
    long = View(
        type(view.trace)(**{f: getattr(view.trace, f) for f in view.trace.__slots__} | {"tokens": tokens}),
        "LSTM",
        0,
        0,
        0,
    )
    values = 10 ** np.linspace(-30, 0, len(tokens))
    figure = memory.gradients(long, [line(values)], LIGHT)
    assert len(figure.data[0].y) == 400
    assert figure.data[0].y[0] == pytest.approx(10 ** np.log10(values[:3]).mean(), rel=0.1)
    assert len(json.dumps(figure.to_dict(), default=list)) < 300_000


@pytest.mark.parametrize(
    ("decades", "text"),
    [(0.5, "3.2-fold"), (1.0, "10-fold"), (3.6, "4,000-fold"), (5.5, "320,000-fold"), (8.1, "about 10⁸-fold")],
)
def test_folds(decades: float, text: str) -> None:
    assert memory_panels.fold(decades) == text


def test_change_reads_the_numbers() -> None:
    assert memory_panels.change("SimpleRNN", 2.0, 0.0005) == "the SimpleRNN’s shrinks 4,000-fold"
    assert memory_panels.change("GRU", 1.0, 2.0) == "the GRU’s grows 2.0-fold"
    assert memory_panels.change("LSTM", 1.0, 1.05) == "the LSTM’s stays about the same"
    assert memory_panels.change("SimpleRNN", 1.0, 0.0) == "the SimpleRNN’s shrinks more than 10³⁸-fold"
    assert memory_panels.change("SimpleRNN", 0.0, 1e-60) == "the SimpleRNN’s is below 10⁻³⁸ before and after"
    assert memory_panels.change("A, forward", 1.0, 10.0, " gradient") == "the A’s gradient (forward) grows 10-fold"


def test_the_sentence_says_whether_the_simple_rnn_falls_by_far_the_most(tiny_shelf) -> None:
    view = view_of(load_model("lstm", tiny_shelf), "one two three", cursor=1)
    others = [line([0.5, 0.8, 1.0], "LSTM", "LSTM"), line([1.0, 1.0, 1.0], "GRU", "GRU")]
    far = memory_panels.gradient_sentence([line([1e-6, 1e-3, 1.0]), *others], view)
    assert "From the last word back to “two” (word 2, 1 word away) the SimpleRNN’s gradient shrinks 1,000-fold" in far
    assert "falls by orders of magnitude more: it loses 6.0 powers of ten, LSTM and GRU at most 0.3." in far
    lost = memory_panels.gradient_sentence([line([0.0, 1e-3, 1.0]), *others], view)
    assert "it loses more than 38.0 powers of ten" in lost
    near = memory_panels.gradient_sentence([line([0.1, 0.5, 1.0]), *others], view)
    assert "does not fall by orders of magnitude more on this text: it loses 1.0 powers of ten" in near
    grown = memory_panels.gradient_sentence([line([2.5, 1.6, 1.0]), *others], view)
    assert "on this text: it grows by 0.4 powers of ten, LSTM and GRU lose at most 0.3." in grown


def test_filler_lines_and_table_are_the_fading(tiny_model) -> None:
    one, counts = reading(tiny_model), (0, 20, 40)
    found = fading(tiny_model, REVIEW, 5, counts)
    counts = tuple(n for n in counts if n <= tiny_model.card.max_timesteps - len(one.trace.tokens))
    assert len(counts) == 3 or tiny_model.card.unread_end == "start"
    (p,), (g,) = fading_lines([one], [found], "probability"), fading_lines([one], [found], "gradient")
    np.testing.assert_allclose(p.values, 1 / (1 + np.exp(-found.logits)), atol=1e-9)
    np.testing.assert_array_equal(g.values, found.through_time)
    assert p.values[0] == pytest.approx(one.trace.probability, abs=1e-6)
    for quantity, drawn in (("probability", p), ("gradient", g)):
        figure = memory.fading(quantity, [drawn], found.counts, 20, LIGHT)
        np.testing.assert_allclose(figure.data[0].y, np.maximum(drawn.values, FLOOR), rtol=1e-3)
        assert list(figure.data[0].x) == list(counts)
        assert figure.layout.shapes[-1].x0 == 20
        if 20 not in counts:
            continue
        sentence = memory_panels.fading_sentence([drawn], view_of(tiny_model, cursor=5), quantity, counts, 20)
        assert "With 20 filler words behind “ready”" in sentence
    assert list(fading_table([one], [found])["filler_words"]) == list(counts)


def credits_of(model, trace) -> Credits:
    return Credits(trace.contributions, occlusion(model, trace), integrated_gradients(model.network, trace))


def test_the_rows_are_the_three_credits(tiny_model) -> None:
    view = view_of(tiny_model)
    credits = credits_of(tiny_model, view.trace)
    figure = attribution.three_ways(view, credits.named, LIGHT)
    expected = (view.trace.contributions, credits.without, credits.along.credits)
    for bars, values in zip(figure.data, expected, strict=True):
        np.testing.assert_allclose(np.array(bars.y), values, atol=6e-5)
    assert len({figure.layout[f"yaxis{k}"].range for k in ("", 2, 3)}) == 1
    assert figure.data[0].y.sum() + view.trace.bias == pytest.approx(view.trace.logit, abs=5e-3)
    named = {EXACT: expected[0], WITHOUT: expected[1], ALONG: expected[2]}
    for a, b, rho in attribution_panels.pairs(credits):
        assert rho == rank_correlation(named[a], named[b])
    sentence = attribution_panels.agreement_sentence(credits, view)
    two = view_of(tiny_model, "good film")
    same = Credits(*(np.array([2.0, 1.0]) for _ in range(2)), credits.along.__class__(np.array([3.0, 1.0]), 4, 0, 28))
    assert "all three rank the words equally much alike (ρ = +1.00)" in attribution_panels.agreement_sentence(same, two)
    assert max(f"{rho:+.2f}".replace("-", "−") for *_, rho in attribution_panels.pairs(credits)) in sentence
    assert f"with {credits.along.steps} points" in attribution_panels.completeness_sentence(credits.along)


@pytest.mark.parametrize("review", ["film", "good film", REVIEW], ids=["one", "two", "many"])
def test_the_waterfall_adds_up(tiny_model, review: str) -> None:
    view = view_of(tiny_model, review)
    steps = waterfall_steps(view)
    for above, below in pairwise(steps[:-1]):
        assert below.start == above.end
    assert steps[-1].end == steps[-2].end == pytest.approx(view.trace.logit, abs=1e-4)
    assert (steps[0].kind, steps[0].start, steps[-1].start) == ("bias", 0, 0)
    words = [step for step in steps if step.timestep is not None]
    np.testing.assert_allclose(
        [s.value for s in words], view.trace.contributions[[s.timestep for s in words]], atol=1e-6
    )
    shown, sentence = attribution_panels.waterfall_sentence(steps, view)
    numbers = [float(text.replace("−", "-")) for text in shown]
    assert round(sum(numbers[:-1]), 2) == numbers[-1]
    assert f"P(positive) = {view.trace.probability:.3f}" in sentence
    figure = attribution.waterfall(steps, shown, DARK)
    np.testing.assert_allclose(np.array(figure.data[0].base) + np.array(figure.data[0].x), [s.end for s in steps])
    assert [a.text for a in figure.layout.annotations] == shown


def test_no_markup_of_a_word_lives_in_a_label(tiny_shelf) -> None:
    view = view_of(load_model("lstm", tiny_shelf), "good film")
    steps = [attribution.Step("<a href=x>y</a> (1)", 0, 1, "word", 0)]
    figure = attribution.waterfall(steps, ["+1"], LIGHT)
    assert "<a" not in figure.layout.yaxis.ticktext[0]
    assert view.trace.tokens
