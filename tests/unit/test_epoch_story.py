"""How a network came about, told from its card: its story, and its layers without Keras."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.training import diagram, epoch_story
from components.ui.theme import LIGHT
from models.catalog import read_card
from models.errors import ArtifactError
from models.nn.summary import read_summary
from tests.histories import RUNS, put_run


def story(card):
    """As a card with these facts is read for the first time; of each card that is done once."""
    return dict(epoch_story.story(replace(card)))


def test_the_story_leaves_out_what_the_card_does_not_tell(runs_shelf):
    card = read_card(runs_shelf / "lstm")
    paragraphs = story(card)
    assert "22,380 labelled" in paragraphs["Data"]
    assert "naive Bayes" in paragraphs["The teacher"]
    assert "70 %" in paragraphs["Early words"]
    assert "Texts turned round" not in paragraphs
    assert "Short opinions" not in paragraphs
    card.facts["training"] |= {"refined_after": 5, "short_opinions": 16_000, "share_kept": 0.5}
    paragraphs = story(card)
    assert "After epoch 5 it was also shown 16,000 opinions" in paragraphs["Short opinions"]
    assert "moved 50 % of the way" in paragraphs["Short opinions"]
    card.facts["recipe"]["parts_per_epoch"] = 30_000
    assert "30,000 pieces an epoch" in story(card)["Pieces of reviews"]
    card.facts["recipe"] |= {
        "sentences_per_epoch": 20_000,
        "negated_per_epoch": 6_000,
        "joined_per_epoch": 70,
        "mirrored_per_epoch": 9_000,
    }
    card.facts["recipe"]["teachers"] = ["naive_bayes", "best_bigru", "best_stacked"]
    paragraphs = story(card)
    for figure in ("20,000 single sentences", "6,000 more", "70 times", "9,000 labelled reviews"):
        assert figure in paragraphs["Texts turned round"]
    both = "A word-count model (naive Bayes), the network `best_bigru` and the network `best_stacked` gave"
    assert both in paragraphs["The teacher"]
    card.facts["recipe"] |= {"language_model_epochs": 2, "adversarial": 1.5, "teachers": []}
    card.facts["recipe"]["unlabelled_per_epoch"] = 10_000
    card.facts["training"]["unlabelled_reviews"] = 50_000
    paragraphs = story(card)
    assert "The teacher" not in paragraphs
    assert (
        "went 2 times through all texts, the 50,000" in paragraphs["The start"]
        and "hurts most" in paragraphs["The start"]
    )
    assert paragraphs["The start"].startswith("Before it was told a single verdict, its")
    card.facts["recipe"]["continues"] = "first_pretrained"
    taken_over = (
        "It started from what the earlier network `first_pretrained` had learnt. Before it learnt verdicts itself,"
    )
    assert story(card)["The start"].startswith(taken_over)
    card.facts["recipe"]["continues"] = "<b>"
    assert story(card)["The start"] == paragraphs["The start"]
    assert "guess the next word. Then" in paragraphs["The start"]
    card.facts["recipe"]["bidirectional"] = True
    assert "guess the next word (from the other end, the one before). Then" in story(card)["The start"]
    assert "10,000 reviews an epoch that nobody labelled are moved too" in paragraphs["The start"]
    card.facts["recipe"]["unlabelled_per_epoch"] = 0
    assert "are moved too" not in story(card)["The start"]
    for shift, expected in (
        (None, "divided by 1.30, so"),
        (0.001, "divided by 1.30, so"),
        (-0.2, "by 1.30 and moved by −0.20,"),
    ):
        card.facts["training"] |= {"temperature": 1.3, "shift": shift}
        assert expected in " ".join(story(card).values())
    card.facts["training"], card.facts["recipe"] = None, {"seed": "x", "teachers": 3}
    assert epoch_story.story(card) == []


def test_layers_and_parameters_without_keras(runs_shelf):
    for name in RUNS:
        card = read_card(runs_shelf / name)
        layers = read_summary(card.folder)
        assert sum(layer.parameters for layer in layers) == card.parameters
        assert "NotEqual" not in {layer.kind for layer in layers}
        assert layers[-1].shape == ("reviews", 1)
    assert layers[2].kind == "Bidirectional(GRU)"
    assert layers[2].shape == ("reviews", "words", 8)
    assert diagram.layer_table(layers)["output shape"].iloc[1] == "reviews × words × 3"
    drawn = diagram.svg(layers, "GRU", False, LIGHT)
    assert drawn.count("← h") == 3
    assert drawn.count(">verdict<") == 1
    assert drawn.count(">P<") == 0


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a zip"])
def test_a_damaged_network_has_no_layers(tmp_path, content):
    folder = put_run(tmp_path, "gru")
    (folder / "model.keras").unlink()
    if content is not None:
        (folder / "model.keras").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"model\.keras"):
        read_summary(folder)
