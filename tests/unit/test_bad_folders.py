"""A model that cannot be read is that model's trouble alone, and nothing it brings costs more than it may."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from models import artifacts, catalog, limited
from models.card import TRIO
from models.errors import ArtifactError
from models.nn import network


def change_card(folder: Path, **changes: Any) -> None:
    facts = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**facts, **changes}))


def unknown_family(folder: Path) -> None:
    change_card(folder, family="Transformer")


def dangling_link(folder: Path) -> None:
    (folder / "card.json").unlink()
    (folder / "card.json").symlink_to(folder / "nowhere")


def endless_device(folder: Path) -> None:
    (folder / "card.json").unlink()
    (folder / "card.json").symlink_to("/dev/zero")


def pipe(folder: Path) -> None:
    (folder / "card.json").unlink()
    os.mkfifo(folder / "card.json")


def huge(folder: Path) -> None:
    with (folder / "card.json").open("r+b") as file:
        file.truncate(5_000_000_000)


@pytest.mark.parametrize("harm", [unknown_family, dangling_link, endless_device, pipe, huge])
def test_one_bad_card_stops_nobody_else(own_trio: Path, harm: Any) -> None:
    harm(own_trio / "lstm")
    started = time.monotonic()
    assert [card.name for card in catalog.list_models(own_trio)] == [name for name in TRIO if name != "lstm"]
    assert [error.model for error in catalog.damaged_models(own_trio)] == ["lstm"]
    with pytest.raises(ArtifactError):
        catalog.load_model("lstm", own_trio)
    assert catalog.load_model("gru", own_trio).card.name == "gru"
    assert time.monotonic() - started < 20  # an endless device would never end


def test_half_characters_in_a_title_become_whole_ones(own_trio: Path) -> None:
    change_card(own_trio / "lstm", title="A \ud800 title", recipe={"chosen": ["\udfff"]})
    (card,) = [card for card in catalog.list_models(own_trio) if card.name == "lstm"]
    assert card.title == "A ? title"
    json.dumps(card.facts, ensure_ascii=False).encode()


def test_a_folder_that_links_nowhere_is_no_model(own_trio: Path) -> None:
    (own_trio / "gone").symlink_to(own_trio / "nowhere")
    assert len(catalog.list_models(own_trio)) == 3
    assert catalog.damaged_models(own_trio) == ()


def test_a_card_that_is_being_written_is_the_old_one_or_the_new_one(own_trio: Path) -> None:
    (own_trio / "lstm" / ".card.json.unfinished").write_text("{")
    assert len(catalog.list_models(own_trio)) == 3
    assert artifacts.read_card(own_trio / "lstm")["family"] == "LSTM"


def sign(folder: Path, file: str) -> None:
    """Put the checksum of a file on the card."""
    facts = json.loads((folder / "card.json").read_text())
    facts["files"][file] = {"sha256": artifacts.sha256(folder / file)}
    (folder / "card.json").write_text(json.dumps(facts))


def rewritten(path: Path, change: Any) -> None:
    """Change the weights inside a ``.keras`` file."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(members["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        change(file)
    members["model.weights.h5"] = weights.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def narrower_embedding(file: Any) -> None:
    place = file["layers/embedding/vars"]
    vectors = np.asarray(place["0"])[:, :-1]
    del place["0"]
    place["0"] = vectors


def external_data(file: Any) -> None:
    place = file["layers/embedding/vars"]
    shape = place["0"].shape
    del place["0"]
    place.create_dataset("0", shape, "f4", external=[("/etc/hostname", 0, h5py.h5f.UNLIMITED)])


def external_link(file: Any) -> None:
    del file["layers/embedding"]
    file["layers/embedding"] = h5py.ExternalLink("/etc/hostname", "/layers/embedding")


def soft_link(file: Any) -> None:
    file["elsewhere"] = file["layers/embedding"]
    del file["layers/embedding"]
    file["layers/embedding"] = h5py.SoftLink("/elsewhere")


def absurd_shape(file: Any) -> None:
    place = file["layers/embedding/vars"]
    del place["0"]
    place.create_dataset("0", (40_000, 40_000), "f4")


def packed_zeros(file: Any) -> None:
    place = file["layers/embedding/vars"]
    del place["0"]
    place.create_dataset("0", (100_000, 20_000), "f4", chunks=(1_000, 1_000), compression="gzip")


@pytest.mark.parametrize(
    "change", [narrower_embedding, external_data, external_link, soft_link, absurd_shape, packed_zeros]
)
def test_weights_that_are_not_what_they_seem_are_refused(own_trio: Path, change: Any) -> None:
    folder = own_trio / "lstm"
    rewritten(folder / "model.keras", change)
    sign(folder, "model.keras")
    with pytest.raises(ArtifactError) as caught:
        catalog.load_model("lstm", own_trio)
    assert caught.value.model == "lstm"
    assert catalog.load_model("gru", own_trio)


def test_a_failure_is_not_unpacked_again_before_a_file_changes(own_trio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = own_trio / "lstm"
    whole = (folder / "model.keras").read_bytes()
    rewritten(folder / "model.keras", narrower_embedding)
    sign(folder, "model.keras")
    tries = []
    load = network.load
    monkeypatch.setattr(network, "load", lambda path: tries.append(path) or load(path))
    for _ in range(3):
        with pytest.raises(ArtifactError):
            catalog.load_model("lstm", own_trio)
    assert len(tries) == 1
    (folder / "model.keras").write_bytes(whole)
    sign(folder, "model.keras")
    assert catalog.load_model("lstm", own_trio)


def test_swapped_figures_are_not_shown(own_trio: Path) -> None:
    for name, share in (("lstm", 0.5), ("gru", 0.9)):
        (own_trio / name / "evaluation.json").write_text(json.dumps({"accuracy": share}))
        artifacts.write_card(own_trio / name, artifacts.read_card(own_trio / name))
    whole = (own_trio / "lstm" / "evaluation.json").read_bytes()
    (own_trio / "lstm" / "evaluation.json").write_bytes((own_trio / "gru" / "evaluation.json").read_bytes())
    with pytest.raises(ArtifactError, match="checksum"):
        artifacts.read_evaluation(own_trio / "lstm", checked=True)
    (own_trio / "lstm" / "evaluation.json").write_bytes(whole)
    artifacts.verify(own_trio / "lstm", "evaluation.json", artifacts.read_card(own_trio / "lstm"))


def lying_npz(path: Path, shape: str) -> None:
    """An archive whose array says that it is larger than anything that stands there."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    array = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("format.npy", array)


@pytest.mark.parametrize("shape", ["(100000, 100000)", "(-1,)", "()", "(9999999999999999999999,)"])
def test_arrays_larger_than_their_file_are_refused(own_trio: Path, shape: str) -> None:
    folder = own_trio / "lstm"
    lying_npz(folder / "states.npz", shape)
    sign(folder, "states.npz")
    with pytest.raises(ArtifactError, match=r"states\.npz"):
        artifacts.read_arrays(catalog.read_card(folder), "states.npz")


def test_a_member_that_unpacks_to_more_than_it_may_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", bytes(2_000_000))
    with zipfile.ZipFile(path) as archive, pytest.raises(ValueError, match="larger than 1 MB"):
        limited.member(archive, "config.json", 1_000_000)
