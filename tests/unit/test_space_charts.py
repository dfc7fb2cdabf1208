"""State space, unit lab and growth: figures and sentences against the models' own functions and NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from components.inside import epochs, state_space, unit_lab
from components.inside.charts import epochs as growth_charts
from components.inside.charts import lab
from components.inside.charts.state_space import MOST_LABELS, labelled, path_2d, path_3d
from components.ui.theme import DARK, LIGHT
from models.catalog import PRETRAINED as REAL
from models.catalog import load_model, read_card
from models.examples import BY_NAME
from models.explain.epochs import load_growth
from models.explain.interventions import Clamp, read_clamped
from models.explain.probes import units_marking
from models.explain.state_space import load_states, path_of
from models.explain.view import View, readout, weightiest
from tests.inside_page import known_words

NAMES = ("simple_rnn", "lstm", "gru", "best_bigru")
pytestmark = pytest.mark.skipif(not (REAL / "lstm" / "states.npz").is_file(), reason="no pretrained models here")


def opened(name: str, text: str, place: int = 0, cursor: int = 0):
    model = load_model(name, REAL)
    trace = model.trace(text)
    view = View(trace, model.card.family, place, weightiest(trace, place), min(cursor, len(trace.tokens) - 1))
    return model, view, load_states(model.card)[place]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("words", [1, 2, 48, 400, 1500])
def test_the_path_is_the_projected_states(name: str, words: int) -> None:
    _, view, space = opened(name, known_words(words), cursor=7)
    path = path_of(view, space)
    states = np.concatenate([np.zeros((1, len(space.center))), view.layer.hidden_states])
    expected = (states - space.center) @ space.components[:3].T
    np.testing.assert_allclose(path.points, expected, atol=2e-4)
    for figure, axes in ((path_2d(view, space, LIGHT), "xy"), (path_3d(view, space, DARK), "xyz")):
        drawn = next(trace for trace in figure.data if trace.name == "this review")
        here = next(trace for trace in figure.data if trace.name == "word under the cursor")
        for column, axis in enumerate(axes):
            values = np.asarray(drawn[axis])
            assert values[0] == pytest.approx(expected[0, column], abs=2e-3)
            assert values[-1] == pytest.approx(expected[-1, column], abs=2e-3)
            if words <= 400 and axes == "xy":
                rows = np.unique(np.append(np.linspace(0, words, min(400, words + 1)).astype(int), words))
                np.testing.assert_allclose(values, expected[rows, column], atol=2e-3)
            assert here[axis][0] == pytest.approx(expected[view.cursor + 1, column], abs=2e-3)
        assert len(figure.to_json()) < 300_000
        assert f"{100 * space.explained[0]:.0f} %" in figure.to_json()


def test_a_backward_layer_walks_from_the_last_word_to_the_first() -> None:
    _, view, space = opened("best_bigru", known_words(30), place=1, cursor=4)
    path = path_of(view, space)
    assert path.words.tolist() == list(range(29, -1, -1))
    np.testing.assert_array_equal(path.states[1:], view.layer.hidden_states[::-1])
    assert path.after(4) == 26


@pytest.mark.parametrize("name", NAMES)
def test_movement_and_readout_are_those_of_numpy(name: str) -> None:
    _, view, space = opened(name, BY_NAME["turn"].text)
    path = path_of(view, space)
    steps = np.diff(np.vstack([np.zeros(len(space.center)), view.layer.hidden_states]), axis=0)
    held = (steps @ space.components[:2].T.astype(float)) ** 2
    assert state_space.movement(path, 2) == pytest.approx(held.sum() / (steps**2).sum(), abs=1e-4)
    sentence = state_space.insight(view, space, 2)
    assert f"{100 * held.sum() / (steps**2).sum():.0f} % of how far the state moves" in sentence
    line = next(trace for trace in path_2d(view, space, LIGHT).data if trace.name.startswith("readout"))
    direction = space.components[:2] @ space.readout
    drawn = np.array([line.x[1] - line.x[0], line.y[1] - line.y[0]])
    assert np.dot(drawn, direction) / np.linalg.norm(drawn) / np.linalg.norm(direction) == pytest.approx(1, abs=1e-3)
    # One network reads its own logit off the readout, so the line points to where the head says "positive".
    np.testing.assert_allclose(space.readout, readout(view.trace, 0), atol=1e-2)


def test_labels_name_first_last_cursor_and_the_strongest() -> None:
    _, view, space = opened("lstm", BY_NAME["turn"].text, cursor=20)
    path = path_of(view, space)
    words = labelled(path, 20)
    assert len(words) == MOST_LABELS
    assert {0, 20, len(view.trace.tokens) - 1, int(path.words[path.moved.argmax()])} <= set(words)
    notes = path_2d(view, space, LIGHT).layout.annotations
    assert sorted(int(note.text.replace("<b>", "").split()[0]) for note in notes) == [word + 1 for word in words]
    for high in {note.ay for note in notes}:
        across = sorted(note.ax for note in notes if note.ay == high)
        assert len(set(across)) == len(across)


def test_markup_in_words_does_not_reach_the_figure() -> None:
    _, view, space = opened("lstm", "good")
    token = view.trace.tokens[0]._replace(text="<img>")
    object.__setattr__(view.trace, "tokens", (token,))
    for figure in (path_2d(view, space, LIGHT), path_3d(view, space, LIGHT)):
        assert "<img>" not in figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")


@pytest.mark.parametrize("name", NAMES)
def test_held_units_are_drawn_as_read_clamped_says(name: str) -> None:
    model, view, space = opened(name, BY_NAME["turn"].text)
    changed = read_clamped(model.network, view.trace, [Clamp(0, view.unit, -1.0)])
    figure = lab.held(view, changed, LIGHT)
    if changed.running_probabilities is None:
        np.testing.assert_allclose(figure.data[0].x, [view.trace.probability, changed.probability])
    else:
        np.testing.assert_allclose(figure.data[0].y, view.trace.running_probabilities, atol=1e-4)
        np.testing.assert_allclose(figure.data[1].y, changed.running_probabilities, atol=1e-4)
    sentence = unit_lab.about_held(view.trace, changed, [view.unit], -1.0)
    assert f"from {view.trace.probability:.3f} to {changed.probability:.3f}" in sentence
    assert ("verdict turns" in sentence) == ((view.trace.probability >= 0.5) != (changed.probability >= 0.5))
    other = path_of(view, space, changed.layers[0].hidden_states)
    dashed = next(t for t in path_2d(view, space, LIGHT, other=other).data if t.name == "with units held")
    np.testing.assert_allclose(dashed.x, other.points[:, 0], atol=2e-3)


def test_marking_units_and_weights_and_words_are_drawn_as_computed() -> None:
    model, view, space = opened("gru", BY_NAME["turn"].text)
    found = units_marking(view.layer.hidden_states, 10, 14)
    figure = lab.marking(found[:5], found[1].unit, LIGHT)
    outside, inside = figure.data[-2:]
    assert list(inside.customdata) == [each.unit for each in found[:5]]
    np.testing.assert_allclose(
        inside.x, [view.layer.hidden_states[10:14, u].mean() for u in inside.customdata], atol=1e-4
    )
    rest = np.delete(view.layer.hidden_states, range(10, 14), axis=0)
    np.testing.assert_allclose(outside.x, [rest[:, u].mean() for u in outside.customdata], atol=1e-4)
    weights = readout(view.trace, 0)
    bars = lab.weights(weights, 3, LIGHT).data[0]
    np.testing.assert_allclose(bars.y, np.sort(weights)[::-1], atol=1e-4)
    words = unit_lab.moving_words(space, 5, model.vocabulary.words, 3)
    assert [word for word, _ in words[:3]] == [model.vocabulary.words[i] for i in space.raising[5][:3]]
    np.testing.assert_allclose(lab.movers(words, LIGHT).data[0].x, [value for _, value in words], atol=1e-4)
    assert words[0][1] >= words[1][1] > 0 > words[-2][1] >= words[-1][1]


@pytest.mark.parametrize("name", NAMES)
def test_growth_is_drawn_epoch_by_epoch(name: str) -> None:
    model = load_model(name, REAL)
    found = load_growth(read_card(REAL / name), model.vocabulary)
    review = found.reviews["turn"]
    order = np.arange(review.hidden_states[0].shape[-1])
    for epoch in range(len(found.epochs)):
        figure = growth_charts.reading(review, found, epoch, 0, order, 3, model.card.family, LIGHT)
        np.testing.assert_allclose(figure.data[-1].z / 100, review.hidden_states[0][epoch].T, atol=0.0055)
        if review.running_probabilities is not None:
            assert len(figure.data) == len(found.epochs) + 1
            np.testing.assert_allclose(figure.data[-2].y, review.running_probabilities[epoch], atol=1e-4)
            assert figure.data[-2].name == f"epoch {found.epochs[epoch]}"
        curve = growth_charts.loss(None, review, found, epoch, model.card.family, LIGHT)
        assert curve.layout.shapes[-1].x0 == found.epochs[epoch] - 0.3
        sentence = epochs.insight(review, found, epoch, 0, None)
        assert f"After epoch {found.epochs[epoch]}" in sentence
        assert f"{review.probabilities[epoch]:.3f}" in sentence
    kept = found.epochs.index(found.kept)
    assert review.logits[kept] == pytest.approx(model.trace(BY_NAME["turn"].text).logit, abs=1e-3)
