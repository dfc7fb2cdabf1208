"""A brought network on the shelf of one's own machine: whole or not at all, opened again through the same checks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.catalog import damaged_models, list_models, load_model
from models.errors import ArtifactError
from models.foreign import shelf as brought
from models.foreign.model import ForeignModel
from models.jobs.training_job import Workshop
from models.scoring import Scorer
from tests import network_files, small_networks

TEXTS = ["a good film", "the plot was not bad"]


@pytest.fixture(scope="module")
def model() -> ForeignModel:
    return small_networks.model("LSTM")


@pytest.fixture(scope="module")
def once(model: ForeignModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    brought.put(folder, model, small_networks.KINDS["LSTM"][0], measured=(0.925, 40))
    return folder


@pytest.fixture
def shelf(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "shelf"))


def test_it_reads_the_same_after_a_restart(shelf: Path, model: ForeignModel) -> None:
    (card,) = list_models(shelf)
    assert (card.name, card.title, card.part) == ("my_mine_1", "Mine", "yours")
    again = load_model("my_mine_1", shelf)
    np.testing.assert_array_equal(again.predict(TEXTS), model.predict(TEXTS))
    assert isinstance(again, ForeignModel) and again.labels == ("ham", "spam")
    assert again.preparation == model.preparation
    assert again.card.folder == shelf / "my_mine_1"
    np.testing.assert_array_equal(Scorer("my_mine_1", shelf=shelf)(TEXTS), model.predict(TEXTS))
    assert sorted(path.name for path in shelf.iterdir()) == ["my_mine_1"]
    assert (shelf / "my_mine_1" / "model.keras").read_bytes() == small_networks.KINDS["LSTM"][0]


def test_its_card_says_what_is_known_and_nothing_else(shelf: Path) -> None:
    text = (shelf / "my_mine_1" / "README.md").read_text("utf-8")
    assert "P(spam); 0 is ham" in text and "Embedding → LSTM → Dense" in text and "maxlen 20" in text
    assert "right on 92.5 % of 40 rows" in text and "does not tell what it was trained on" in text
    assert list_models(shelf)[0].test_accuracy is None


def test_two_of_the_same_name_stand_side_by_side(shelf: Path, model: ForeignModel) -> None:
    taken = tuple(card.title for card in list_models(shelf))
    assert brought.put(shelf, model, small_networks.KINDS["LSTM"][0], taken) == "my_mine_2_1"
    assert [card.title for card in list_models(shelf)] == ["Mine", "Mine 2"]
    shop = Workshop(shelf)
    shop.remove("my_mine_2_1")
    assert [card.name for card in list_models(shelf)] == ["my_mine_1"]


def test_a_file_that_was_swapped_meets_the_same_checks(shelf: Path) -> None:
    folder = shelf / "my_mine_1"
    (folder / "model.keras").write_bytes(network_files.keras(arrays=network_files.h5({})))
    with pytest.raises(ArtifactError, match="checksum differs"):
        load_model("my_mine_1", shelf)
    facts = json.loads((folder / "card.json").read_text("utf-8"))
    facts["files"]["model.keras"] = {"sha256": brought.artifacts.sha256(folder / "model.keras")}
    (folder / "card.json").write_text(json.dumps(facts), "utf-8")  # whoever can write there can do that too
    with pytest.raises(ArtifactError) as refused:
        load_model("my_mine_1", shelf)
    assert "checksum" not in refused.value.reason and "\n" not in refused.value.reason


@pytest.mark.parametrize(
    ("key", "value"),
    [("labels", ["<b>", "spam"]), ("labels", "ab"), ("labels", ["ham"]), ("title", "[x](http://x)"), ("units", 5),
     ("preparation", {"maxlen": -1}), ("preparation", None), ("preparation", {"padding": "left"})],
)  # fmt: skip
def test_a_card_of_another_hand_breaks_nobody_else(shelf: Path, key: str, value: object) -> None:
    path = shelf / "my_mine_1" / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {key: value}), "utf-8")
    if key in ("labels", "title"):
        assert [error.model for error in damaged_models(shelf)] == ["my_mine_1"]
    with pytest.raises(ArtifactError):
        load_model("my_mine_1", shelf)


@pytest.mark.tensorflow
def test_keras_never_opens_it(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from models import evaluate
    from models.training.networks import load_network

    with pytest.raises(ArtifactError, match="TensorFlow is not let near"):
        load_network("my_mine_1", shelf)
    assert evaluate.main(["my_mine_1", "--shelf", str(shelf)]) == 2
    assert "not let near" in capsys.readouterr().err


def test_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, model: ForeignModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(brought.artifacts, "write_card", full)
    with pytest.raises(OSError, match="No space"):
        brought.put(tmp_path, model, b"PK")
    assert list(tmp_path.iterdir()) == []
