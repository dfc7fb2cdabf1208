"""``open_network`` and the command line: the same model as those of the shelf, from a file that somebody brings."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import score
from models.catalog import open_network
from models.errors import EmptyReview, ForeignNetworkError
from models.explain.attribution import integrated_gradients, occlusion
from models.explain.interventions import Clamp, read_clamped
from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from models.nn.gradients import gradients
from tests import network_files, small_networks

WORDS = "film good bad very the and not plot actor dull".split()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    network, words = tmp_path / "mine.keras", tmp_path / "word_index.json"
    network.write_bytes(network_files.keras())
    words.write_text(json.dumps({word: i for i, word in enumerate(WORDS, 1)}))
    return network, words


def test_a_brought_network_is_taken_apart_like_ours(files: tuple[Path, Path]) -> None:
    model = open_network(*files)
    trace = model.trace("The film, very GOOD not bad zzz")
    assert [token.text for token in trace.tokens] == ["The", "film", "very", "GOOD", "not", "bad"]
    assert model.ids("The film zzz good") == [5, 1, 2]
    assert trace.probability == pytest.approx(float(model.predict(["the film very good not bad"])[0]), abs=1e-6)
    assert trace.contributions.sum() + trace.bias == pytest.approx(trace.logit, abs=1e-5)
    assert gradients(model.network, trace).word_vectors.shape == (6, network_files.FEATURES)
    assert len(occlusion(model, trace)) == 6
    assert integrated_gradients(model.network, trace).gap < 0.05
    assert read_clamped(model.network, trace, [Clamp(0, 0)]).logit != trace.logit


@pytest.mark.parametrize(
    "settings",
    [{}, {"maxlen": 6}, {"maxlen": 4, "padding": "post", "truncating": "post"}, {"start_id": 11}, {"oov_id": 11},
     {"start_id": 11, "oov_id": 10, "maxlen": 5}],
)  # fmt: skip
def test_alone_in_a_batch_and_from_its_own_ids(files: tuple[Path, Path], settings: dict[str, Any]) -> None:
    model = open_network(*files, preparation=settings)
    texts = ["good film", "the plot and the actor not very good", "bad", "dull dull film zzz the the the the"]
    together = model.predict(texts)
    for text, p in zip(texts, together, strict=True):
        trace = model.trace(text)
        assert trace.probability == pytest.approx(float(p), abs=1e-6)
        again = read_clamped(model.network, trace, [])
        assert again.logit == pytest.approx(trace.logit, abs=1e-5)


def test_it_goes_to_another_process_as_what_it_was_made_from(files: tuple[Path, Path]) -> None:
    model = open_network(*files, preparation={"maxlen": 6, "padding": "post"}, labels=("ham", "spam"))
    other = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(other.predict(["good film"]), model.predict(["good film"]))
    assert other.labels == ("ham", "spam")


def test_what_is_missing_is_said(files: tuple[Path, Path]) -> None:
    with pytest.raises(ForeignNetworkError, match="which word has which id"):
        open_network(files[0])
    with pytest.raises(EmptyReview):
        open_network(*files).trace("zzz yyy")
    assert np.isnan(open_network(*files).predict(["zzz"])[0])
    with pytest.raises(ForeignNetworkError, match="knows only the ids"):
        open_network(*files, preparation={"oov_id": 12})


def test_scoring_a_file_with_it(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reviews, scored = tmp_path / "reviews.csv", tmp_path / "scored.csv"
    reviews.write_text("review\ngood film\nthe actor is dull\n")
    asked = [str(reviews), "--output", str(scored), "--network", str(files[0])]
    assert score.main([*asked, "--vocabulary", str(files[1]), "--preparation", '{"maxlen": 6}']) == 0
    model = open_network(*files, preparation={"maxlen": 6})
    assert f"{float(model.predict(['good film'])[0]):.4f}"[:5] in scored.read_text()
    assert scored.read_text("utf-8").startswith("review,p_positive_")
    in_words = [*asked, "--vocabulary", str(files[1]), "--labels", "ham", "spam"]
    assert score.main(in_words) == 0
    heading, first, _ = scored.read_text("utf-8").splitlines()
    assert heading.startswith("review,p_spam_") and first.split(",")[2] in ("ham", "spam")
    assert score.main(asked) == 2
    assert "bring the file" in capsys.readouterr().err
    assert score.main([*asked, "--vocabulary", str(files[1]), "--preparation", "[1"]) == 2
    assert score.main([str(reviews), "--output", str(scored)]) == 2


@pytest.mark.parametrize(
    ("layers", "settings", "follows"),
    [
        # What stands in front of the words is among what is pooled.
        ([("GRU", {"units": 4, "return_sequences": True}), ("GlobalAveragePooling1D", {})], {"start_id": 11}, True),
        # A mask of its own making, under which the padding behind the words is read.
        ([("Softmax", {}), ("Masking", {"mask_value": 0.0}), ("GRU", {"units": 4})], {"padding": "post"}, False),
    ],
)
def test_the_verdict_after_the_last_word_is_the_verdict(layers: Any, settings: dict[str, Any], follows: bool) -> None:
    plan = read_plan(small_networks.file(*layers), "own.keras")
    prepared = Preparation(maxlen=12).changed(settings)
    model = assemble(plan, Words("a dictionary of words", small_networks.WORDS, Preparation()), prepared)
    trace = model.trace("the film was not good")
    assert (trace.running_logits is not None) == follows
    if trace.running_logits is not None:
        assert trace.running_logits[-1] == pytest.approx(trace.logit, abs=1e-6)


@pytest.mark.parametrize("pooling", ["GlobalMaxPooling1D", "GlobalAveragePooling1D"])
def test_states_that_are_skipped_before_they_are_pooled_leave_the_credits_exact(pooling: str) -> None:
    layers = (("GRU", {"units": 4, "return_sequences": True}), ("Masking", {"mask_value": 0.0}), (pooling, {}))
    plan = read_plan(small_networks.file(*layers), "masked.keras")
    prepared = Preparation(maxlen=20, padding="post")
    text = "the film was not good"
    model = assemble(plan, Words("a dictionary of words", small_networks.WORDS, Preparation()), prepared)
    trace = model.trace(text)
    assert trace.running_logits is None
    assert trace.contributions.sum() + trace.bias == pytest.approx(trace.logit, abs=1e-6)
    assert trace.probability == pytest.approx(model.predict([text])[0], abs=1e-6)
