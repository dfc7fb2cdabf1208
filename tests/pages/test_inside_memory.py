"""Memory and the three credits on the page Inside, over a shelf of tiny networks of every kind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.session import resources
from models.examples import EXAMPLES
from models.explain.attribution import integrated_gradients, occlusion
from models.explain.memory import FILLERS, fading
from models.nn.gradients import gradients
from tests.inside_page import CLOSED, open_inside
from tests.screen import html_of, numbers
from tests.shelves import TINY

ROOT = Path(__file__).resolve().parents[2]
REVIEW = EXAMPLES[0].text
TRIO = ("simple_rnn", "lstm", "gru")
OPEN = {"memory-section": True, "ways-section": True}
NASTY = (
    '<b>loved</b> <script>alert(1)</script> <img src=x onerror=alert(1)> ![p](http://x/y.png) <a href="http://x">f</a>'
)


pytestmark = pytest.mark.usefixtures("tiny")


def open_memory(model: str, review: str | None = None, **state) -> AppTest:
    return open_inside(model, review, **CLOSED | state)


def charts(at: AppTest) -> dict[str, dict]:
    """Figures by the key their panel gave them."""
    found = {}
    for chart in at.get("plotly_chart"):
        assert chart.proto.alt
        assert len(chart.proto.spec) < 300_000
        found[chart.proto.id.rsplit("-None-")[-1] if "-None-" in chart.proto.id else chart.proto.id] = json.loads(
            chart.proto.spec
        )
    return {name: next(f for key, f in found.items() if key.endswith(name)) for name in KEYS if any(
        key.endswith(name) for key in found
    )}  # fmt: skip


KEYS = ("three-ways", "waterfall", "memory", "filler-probability", "filler-gradient")


def test_closed_sections_draw_nothing():
    assert not charts(open_memory("lstm"))


# The others read too few words to have room for fillers.
@pytest.mark.parametrize("model", [name for name, recipe in TINY.items() if recipe.max_timesteps >= 300])
def test_memory_shows_the_trio_and_the_chosen_model(model):
    at = open_memory(model, **OPEN, timestep=5)
    figures = charts(at)
    assert set(figures) == set(KEYS)
    lines = figures["memory"]["data"]
    names = [resources.card(name).title for name in TRIO]
    chosen = resources.card(model)
    extra = 0 if model in TRIO else 2 if chosen.bidirectional else 1
    assert [line["name"] for line in lines[:3]] == names
    assert len(lines) == 3 + extra
    for name, line in zip(TRIO, lines, strict=False):
        loaded = resources.model(name)
        expected = gradients(loaded.network, loaded.trace(REVIEW)).layers[-1].norms(through_time=True)
        np.testing.assert_allclose(numbers(line["y"]), expected, rtol=1e-3)
    counts = range(0, 201, 20)
    for place, name in enumerate(dict.fromkeys([*TRIO, model])):
        found = fading(resources.model(name), REVIEW, 4, counts)
        p, g = (figures[f"filler-{what}"]["data"][place] for what in ("probability", "gradient"))
        np.testing.assert_allclose(numbers(p["y"]), 1 / (1 + np.exp(-found.logits)), rtol=1e-3)
        np.testing.assert_allclose(numbers(g["y"]), np.maximum(found.through_time, 1e-38), rtol=1e-3)
    assert " ".join(FILLERS) in html_of(at)


@pytest.mark.parametrize("model", list(TINY))
def test_the_three_ways_are_the_models_credits(model):
    at = open_memory(model, **OPEN)
    loaded = resources.model(model)
    trace = loaded.trace(REVIEW)
    rows = charts(at)["three-ways"]["data"]
    along = integrated_gradients(loaded.network, trace)
    for bars, credits in zip(rows, (trace.contributions, occlusion(loaded, trace), along.credits), strict=True):
        np.testing.assert_allclose(numbers(bars["y"]), credits, atol=6e-5)
    steps = charts(at)["waterfall"]["data"][0]
    assert numbers(steps["x"])[:-1].sum() == pytest.approx(numbers(steps["x"])[-1])
    assert numbers(steps["x"])[-1] == pytest.approx(trace.logit, abs=1e-4)
    shown = html_of(at)
    assert "Spearman" in shown and f"with {along.steps} points" in shown
    assert shown.count("It does not claim") == 3


def test_the_slider_moves_the_line_and_reads_again_from_memory(monkeypatch):
    at = open_memory("lstm", **OPEN)
    assert at.slider(key="filler-words").value == 100
    monkeypatch.setattr("components.session.work.run", None)  # must not be needed again
    at.session_state["filler-words"] = 40
    for key in OPEN:
        at.session_state[key] = True
    at.run()
    assert not at.exception, at.exception
    assert charts(at)["filler-gradient"]["layout"]["shapes"][-1]["x0"] == 40
    assert "With 40 filler words behind" in html_of(at)


@pytest.mark.parametrize("model", ["simple_rnn", "lstm", "gru", "best_bigru"])
@pytest.mark.parametrize(
    "review",
    ["film", "good film", "qqqx zzzw", " ".join(["film good"] * 100), " ".join(["bad"] * 1500)],
    ids=["one", "two", "unknown", "200", "1500"],
)
def test_any_length(model, review):
    at = open_memory(model, review, **OPEN)
    figures = charts(at)
    assert {"memory", "three-ways", "waterfall"} <= set(figures)
    room = 300 - min(300, len(review.split()))
    assert ("filler-gradient" in figures) == (room >= 20)
    if room < 20:
        assert "no room for filler words" in html_of(at)
    else:
        assert at.slider(key="filler-words").max == min(200, room // 20 * 20)


def test_a_review_too_long_for_occlusion_says_so(monkeypatch):
    monkeypatch.setattr("components.inside.attribution.MOST_OCCLUDED", 10)
    at = open_memory("lstm", **OPEN)
    assert len(charts(at)["three-ways"]["data"]) == 2
    assert "Beyond 10 words" in html_of(at)
    assert html_of(at).count("It does not claim") == 2


def test_a_broken_or_missing_model_of_the_trio_is_left_out(tiny_shelf, tmp_path, monkeypatch):
    for name in ("simple_rnn", "lstm"):
        shutil.copytree(tiny_shelf / name, tmp_path / name)
    (tmp_path / "simple_rnn" / "model.keras").write_bytes(b"broken")
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    at = open_memory("lstm", **OPEN)
    assert [line["name"] for line in charts(at)["memory"]["data"]] == [resources.card("lstm").title]
    assert "out of order: simple_rnn, gru" in html_of(at)


def test_html_stays_text():
    at = open_memory("best_bigru", NASTY, **OPEN)
    everything = html_of(at) + "".join(chart.proto.spec + chart.proto.alt for chart in at.get("plotly_chart"))
    for evil in ("<script>alert", "<img src=x", '<a href="http://x"', "<b>loved"):
        assert evil not in everything
