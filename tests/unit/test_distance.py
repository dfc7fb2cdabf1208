"""The plain trio: alike in all but the cell, and its cards say what each carries over 200 words."""

from __future__ import annotations

import numpy as np
import pytest

from models import artifacts
from models.card import PLAIN_TRIO, ModelCard
from models.card_facts import seed_accuracies, seeds
from models.catalog import list_models, load_model
from models.explain.distance import COUNTS, WORDS, behind, measure, review
from models.explain.memory import FILLERS
from models.nn.gradients import gradients
from models.training.report.model_card import readme


def test_the_plain_trio_differs_in_nothing_but_the_cell() -> None:
    recipes = [load_model(name).card.facts["recipe"] for name in PLAIN_TRIO]
    of_the_cell = {"name", "title", "family", "order", "summary"}
    alike = [{key: value for key, value in recipe.items() if key not in of_the_cell} for recipe in recipes]
    assert alike[0] == alike[1] == alike[2]
    assert {recipe["family"] for recipe in recipes} == {"SimpleRNN", "LSTM", "GRU"}
    assert alike[0]["readout"] == ["last"] and not alike[0]["teachers"] and not alike[0]["language_model_epochs"]


@pytest.mark.parametrize("name", PLAIN_TRIO)
def test_a_card_says_what_is_measured(name: str) -> None:
    model = load_model(name)
    found, on_card = measure(model), model.card.facts["memory"]
    trace = model.trace(review())
    assert len(trace.tokens) == WORDS == on_card["words"] == len(found.gradient)
    by_hand = gradients(model.network, trace).layers[0].norms(through_time=True)
    assert on_card["gradient_at_first"] == pytest.approx(by_hand[0], rel=1e-2)
    assert on_card["gradient_at_last"] == pytest.approx(by_hand[-1], rel=1e-2)
    assert found.first_of_last == pytest.approx(by_hand[0] / by_hand[-1], rel=1e-3)
    text = "a wonderful film " + " ".join((*FILLERS, *FILLERS)[:40])
    place = COUNTS.index(40)
    assert behind("a wonderful film", 40) == text
    assert on_card["praise"][place] == pytest.approx(float(model.predict([text])[0]), abs=1e-3)
    np.testing.assert_allclose(on_card["blame"], found.blame, atol=1e-3)
    card = (model.card.folder / "README.md").read_text(encoding="utf-8")
    assert (
        f"{on_card['gradient_at_first']:.3g} at the first" in card
        and f"{on_card['praise'][-1]:.2f} (200 words)" in card
    )
    rows = model.card.facts["seeds"]
    assert [row["seed"] for row in rows] == [row.seed for row in seeds(model.card)] == [1, 2, 3]
    assert seed_accuracies(model.card) == [row["test_accuracy"] for row in rows]


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.name)
def test_the_card_for_people_is_the_one_that_the_figures_give(card: ModelCard) -> None:
    written = (card.folder / "README.md").read_text(encoding="utf-8")
    assert readme(card, artifacts.read_evaluation(card.folder)) == written
