"""The shelf: what is on it, in which order, and what happens when something on it is damaged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models import artifacts
from models.catalog import damaged_models, list_models, load_model, read_card
from models.errors import ArtifactError, UnknownModel
from tests.shelves import ROOT, TINY


def edit_card(folder: Path, **changes: Any) -> None:
    facts = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**facts, **changes}))


def names(shelf: Path) -> list[str]:
    return [card.name for card in list_models(shelf)]


def test_models_come_in_display_order(tiny_shelf: Path) -> None:
    cards = list_models(tiny_shelf)
    assert [card.name for card in cards] == sorted(TINY, key=lambda name: TINY[name].order)
    assert [card.name for card in cards][:3] == ["simple_rnn", "lstm", "gru"]
    assert damaged_models(tiny_shelf) == ()


def test_a_card_tells_what_the_recipe_says(tiny_shelf: Path) -> None:
    for card in list_models(tiny_shelf):
        recipe = TINY[card.name]
        for attribute in (
            "title",
            "family",
            "order",
            "summary",
            "bidirectional",
            "embedding",
            "max_timesteps",
            "vocabulary",
        ):
            assert getattr(card, attribute) == getattr(recipe, attribute)
        assert (card.layers, card.units) == (len(recipe.units), recipe.units[0])
        assert card.test_accuracy == 0.5
        assert card.folder == tiny_shelf / card.name
        model = load_model(card.name, tiny_shelf)
        assert model.card == card
        cells = [c for layer in model.network.layers for c in (layer.forward, layer.backward) if c is not None]
        arrays = [model.network.embedding, model.network.weights, *(model.network.hidden or ())]
        arrays += [weights for cell in cells for weights in (cell.kernel, cell.recurrent, cell.bias)]
        assert sum(array.size for array in arrays) + 1 == card.parameters


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.name)
def test_every_model_on_the_shelf_loads(card: Any) -> None:
    model = load_model(card.name)
    assert model.card == card
    assert len(model.vocabulary) == card.vocabulary == model.network.embedding.shape[0]
    assert model.network.layers[0].forward.units == card.units
    assert type(model.network.layers[0].forward).__name__ == card.family
    assert len(model.network.layers) == card.layers
    assert model.network.streams == (not card.bidirectional)
    for name, facts in card.facts["files"].items():
        assert artifacts.sha256(card.folder / name) == facts["sha256"], name


def test_nothing_on_our_shelf_is_damaged() -> None:
    assert damaged_models() == ()


def test_neither_tensorflow_nor_keras_is_imported(tiny_shelf: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from models.catalog import list_models, load_model\n"
        "shelf = Path(sys.argv[1]); cards = list_models(shelf); list_models()\n"
        "assert len(cards) >= 3\n"
        "assert not {'pandas', 'h5py'} & set(sys.modules), 'listing reads JSON only'\n"
        "for card in cards:\n"
        "    model = load_model(card.name, shelf); model.trace('A good film'); model.predict(['A good film'])\n"
        "heavy = {'tensorflow', 'keras', 'streamlit', 'plotly', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    command = [sys.executable, "-c", program, str(tiny_shelf)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nothing",
        "../x",
        "../lstm",
        "lstm/",
        "./lstm",
        "/etc",
        ".",
        "..",
        "x" * 1_000,
        "LSTM",
        "lstm\n",
        "lstm\x00",
        "café",
    ],
)
def test_unknown_names(own_trio: Path, name: str) -> None:
    shutil.copytree(own_trio / "lstm", own_trio.parent / "lstm")
    with pytest.raises(UnknownModel) as caught:
        load_model(name, own_trio)
    assert caught.value.name == name
    assert caught.value.known == ("simple_rnn", "lstm", "gru")
    assert len(str(caught.value)) < 200
    assert isinstance(caught.value, LookupError)


def test_an_empty_or_missing_shelf(tmp_path: Path) -> None:
    for shelf in (tmp_path, tmp_path / "nowhere"):
        assert list_models(shelf) == () and damaged_models(shelf) == ()
        with pytest.raises(UnknownModel, match="none"):
            load_model("lstm", shelf)


def test_unfinished_folders_and_stray_files_are_no_models(own_trio: Path) -> None:
    shutil.copytree(own_trio / "lstm", own_trio / ".lstm.unfinished")
    (own_trio / "notes").write_text("not a folder")
    assert names(own_trio) == ["simple_rnn", "lstm", "gru"]
    assert damaged_models(own_trio) == ()


def test_a_folder_put_there_appears_by_itself(own_trio: Path, tiny_shelf: Path) -> None:
    shutil.copytree(tiny_shelf / "best_bigru", own_trio / "best_bigru")
    shutil.copytree(tiny_shelf / "lstm", own_trio / "another_lstm")
    assert names(own_trio) == ["simple_rnn", "another_lstm", "lstm", "gru", "best_bigru"], "equal order: by name"


FILES = ("model.keras", "vocabulary.txt", "card.json")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("harm", ["missing", "emptied", "truncated", "altered", "a folder"])
def test_a_damaged_file_is_named(own_trio: Path, file: str, harm: str) -> None:
    path = own_trio / "lstm" / file
    data = path.read_bytes()
    path.unlink()
    if harm == "emptied":
        path.write_bytes(b"")
    elif harm == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "altered":
        half = len(data) // 2
        path.write_bytes(b"\xff" + data[1:half] + bytes([data[half] ^ 1]) + data[half + 1 :])
    elif harm == "a folder":
        path.mkdir()
    with pytest.raises(ArtifactError) as caught:
        load_model("lstm", own_trio)
    assert (caught.value.model, caught.value.file) == ("lstm", file)
    assert caught.value.reason and file in str(caught.value)
    load_model("gru", own_trio).trace("The others go on.")


CARDS = {
    "not JSON": "{",
    "not an object": "[]",
    "no format": '{"title": "x"}',
    "not UTF-8": b"\xff\xfe",
    "nested too deep": "[" * 100_000,
    "empty object": "{}",
}


@pytest.mark.parametrize("name", CARDS)
def test_a_damaged_card_hides_no_other_model(own_trio: Path, name: str) -> None:
    content = CARDS[name]
    (own_trio / "lstm" / "card.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert names(own_trio) == ["simple_rnn", "gru"]
    (damage,) = damaged_models(own_trio)
    assert (damage.model, damage.file) == ("lstm", "card.json")
    with pytest.raises(ArtifactError):
        load_model("lstm", own_trio)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"format": None},
        {"title": None, "units": []},
        {"units": {}},
        {"layers": "many"},
        {"parameters": None},
        {"max_timesteps": [1]},
        {"order": float("inf")},
        {"vocabulary": float("nan")},
        {"test_accuracy": "good"},
    ],
    ids=str,
)
def test_a_card_with_a_wrong_value_is_damaged(own_trio: Path, changes: dict[str, Any]) -> None:
    edit_card(own_trio / "lstm", **changes)
    assert names(own_trio) == ["simple_rnn", "gru"]
    with pytest.raises(ArtifactError):
        read_card(own_trio / "lstm")


@pytest.mark.parametrize("files", [{}, None, [], {"model.keras": None}, {"model.keras": {"sha256": 5}}, "x"], ids=str)
def test_a_card_without_checksums_vouches_for_nothing(own_trio: Path, files: Any) -> None:
    edit_card(own_trio / "lstm", files=files)
    with pytest.raises(ArtifactError):
        load_model("lstm", own_trio)
    assert "gru" in names(own_trio)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_model_that_reads_no_word_is_damaged(own_trio: Path, limit: int) -> None:
    edit_card(own_trio / "lstm", max_timesteps=limit)
    with pytest.raises(ArtifactError):
        load_model("lstm", own_trio)


def test_a_vocabulary_larger_than_the_network_is_refused(own_trio: Path) -> None:
    """Checksums right, files wrong: a word's id would lie outside the embedding."""
    folder = own_trio / "lstm"
    with (folder / "vocabulary.txt").open("a") as file:
        file.write("extra\n")
    artifacts.write_card(folder, artifacts.read_card(folder))
    with pytest.raises(ArtifactError, match="more words"):
        load_model("lstm", own_trio)


def test_files_of_another_kind_with_right_checksums_are_refused(own_trio: Path) -> None:
    for file, content in (("vocabulary.txt", b"no\nreserved\nwords\n"), ("model.keras", b"no zip")):
        folder = own_trio / "lstm"
        kept = (folder / file).read_bytes()
        (folder / file).write_bytes(content)
        artifacts.write_card(folder, artifacts.read_card(folder))
        with pytest.raises(ArtifactError) as caught:
            load_model("lstm", own_trio)
        assert caught.value.file == file
        (folder / file).write_bytes(kept)
