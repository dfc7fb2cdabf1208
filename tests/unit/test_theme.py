"""Two meanings have two scales: what is for or against a verdict, and how a unit stands."""

from __future__ import annotations

import numpy as np
import pytest

from components.compare.charts.models import side_by_side
from components.ui.theme import DARK, FAMILY_SYMBOL, LIGHT, Palette, contrast, family_symbol
from components.ui.verdict import family_mark, ranks
from models.catalog import load_model
from models.compare.readers import Reader, common_words

# What a deuteranope and a protanope see of linear RGB (Viénot, Brettel and Mollon 1999).
_SEEN = {
    "normal": np.eye(3),
    "deuteranopia": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
    "protanopia": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
}


def seen(colour: str, eye: str) -> np.ndarray:
    """CIELAB of a colour as the eye sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(_SEEN[eye] @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    f = np.cbrt(np.maximum(xyz / [0.9505, 1, 1.089], 1e-6))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_states_and_sentiment_are_told_apart(colours: Palette) -> None:
    """By eyes that see three colours; to others each chart's printed scale tells, and the ends of each differ."""
    for _, end in (colours.diverging[1], colours.diverging[-2]):
        for _, state in (colours.states[1], colours.states[-2]):
            assert np.linalg.norm(seen(end, "normal") - seen(state, "normal")) > 25
    for eye in _SEEN:
        below, above = (seen(stop[1], eye) for stop in (colours.states[1], colours.states[-2]))
        assert np.linalg.norm(below - above) > 40


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_scale_of_states_is_even_and_leaves_the_paper(colours: Palette) -> None:
    strengths = [contrast(colour, colours.neutral) for _, colour in colours.states]
    assert strengths == [*sorted(strengths[:3], reverse=True), 1.0, *sorted(strengths[4:])]
    assert min(strengths[0], strengths[-1]) > 5


def test_two_models_of_a_family_differ_side_by_side() -> None:
    models = [load_model(name) for name in ("gru", "plain_gru")]
    readers = [Reader(model.card, model.trace("A dull, slow film.")) for model in models]
    figure = side_by_side(readers, common_words(readers), [], False, LIGHT)
    drawn = [trace for trace in figure.data if trace.opacity == 1]
    assert [trace.line.color for trace in drawn] == [LIGHT.families["GRU"]] * 2
    assert len({trace.marker.symbol for trace in drawn}) == len({trace.line.dash for trace in drawn}) == 2
    rank = ranks(model.card for model in models)
    marks = [family_mark(model.card, rank[model.card.name]).partition("</span>")[0] for model in models]
    assert len(set(marks)) == 2


@pytest.mark.parametrize("family", FAMILY_SYMBOL)
def test_no_further_model_of_a_family_has_the_first_ones_marker(family: str) -> None:
    first, *further = (family_symbol(family, rank) for rank in range(6))
    assert first == FAMILY_SYMBOL[family]
    assert all("-open" in symbol for symbol in further)  # a dot or a cross in a filled marker cannot be seen
    assert len(set(further)) == 4
