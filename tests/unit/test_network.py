"""Saved ``.keras`` files read without Keras: the same numbers, or a documented exception."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.nn import network as networks
from models.nn.cells import sigmoid
from models.training.recipe import Recipe
from models.training.recipes import RECIPES
from tests.keras_reading import verdicts_of
from tests.shelves import randomize

pytestmark = pytest.mark.tensorflow
LENGTHS = (23, 14, 5, 5, 1)
READOUTS = (("last",), ("mean", "max"), ("last", "mean", "max"), ("max", "last"))
DOCUMENTED = (OSError, ValueError, KeyError, zipfile.BadZipFile)


def small(family: str, **changes: object) -> Recipe:
    recipe = replace(RECIPES["lstm"], name="small", family=family, vocabulary=50, embedding=8, units=(5,))
    return replace(recipe, **changes)


def save(network: Any, folder: Path) -> Path:
    randomize(network, 1)
    path = folder / "model.keras"
    network.save(path)
    return path


def padded_ids(lengths: tuple[int, ...]) -> np.ndarray:
    """``(reviews, timesteps)``, 0 after a review's end."""
    ids = np.random.default_rng(2).integers(1, 50, (len(lengths), lengths[0])).astype(np.int32)
    return np.where(np.arange(lengths[0]) < np.array(lengths)[:, None], ids, 0)


def probabilities(network: networks.Network, ids: np.ndarray, lengths: tuple[int, ...]) -> np.ndarray:
    readings = network.read(np.ascontiguousarray(ids.T), np.array(lengths))
    return sigmoid(network.final_logits(readings[-1], np.array(lengths)))


def assert_reads_like(original: Any, path: Path) -> networks.Network:
    """In a batch padded with longer texts, and every review alone."""
    network, ids, asked = networks.load(path), padded_ids(LENGTHS), verdicts_of(original)
    together = asked(ids)
    assert np.ptp(together) > 0.02, "the reviews must differ for the comparison to mean something"
    np.testing.assert_allclose(probabilities(network, ids, LENGTHS), together, atol=1e-5, rtol=0)
    for row, length in zip(ids, LENGTHS, strict=True):
        alone = asked(row[None, :length])
        np.testing.assert_allclose(probabilities(network, row[None, :length], (length,)), alone, atol=1e-5, rtol=0)
    return network


CASES = [(family, {"readout": readout}) for family in ("SimpleRNN", "LSTM", "GRU") for readout in READOUTS[:2]]
CASES += [("GRU", {"readout": readout}) for readout in READOUTS[2:]]
CASES += [(family, {"bidirectional": True, "readout": ("mean", "max")}) for family in ("SimpleRNN", "LSTM", "GRU")]
CASES += [("LSTM", {"units": (5, 4)}), ("GRU", {"units": (4, 3, 2), "readout": ("mean",)})]
CASES += [("LSTM", {"units": (5, 4), "bidirectional": True, "readout": ("max",)})]


@pytest.mark.parametrize(("family", "changes"), CASES)
def test_probability_is_that_of_keras(family: str, changes: dict[str, object], tmp_path: Path) -> None:
    from models.training.networks import build

    recipe = small(family, **changes)
    original = build(recipe)
    network = assert_reads_like(original, save(original, tmp_path))
    assert len(network.layers) == len(recipe.units)
    assert network.pooling == recipe.readout
    assert network.streams == recipe.streams == (not recipe.bidirectional)
    width = 2 if recipe.bidirectional else 1
    assert [layer.units for layer in network.layers] == [width * units for units in recipe.units]
    assert [layer.forward.units for layer in network.layers] == list(recipe.units)


@pytest.mark.parametrize("family", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize("both_ways", [False, True])
def test_the_networks_of_tutorials_are_read_too(family: str, both_ways: bool, tmp_path: Path) -> None:
    """Sequential, last state only, sigmoid in the output layer."""
    import keras

    layer = getattr(keras.layers, family)(5)
    original = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(50, 8, mask_zero=True),
            keras.layers.Bidirectional(layer) if both_ways else layer,
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    assert_reads_like(original, save(original, tmp_path))


def test_a_gru_that_resets_before_is_read(tmp_path: Path) -> None:
    import keras

    words = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(50, 8, mask_zero=True)(words)
    original = keras.Model(
        words, keras.layers.Dense(1, activation="sigmoid")(keras.layers.GRU(5, reset_after=False)(x))
    )
    assert_reads_like(original, save(original, tmp_path))


def test_blocks_of_the_readout(tmp_path: Path) -> None:
    from models.training.networks import build

    network = networks.load(save(build(small("GRU", readout=("last", "mean", "max"))), tmp_path))
    blocks = np.concatenate([network.weights[network.block(kind)] for kind in ("last", "mean", "max")])
    np.testing.assert_array_equal(blocks, network.weights)


# What cannot be read must not be read wrongly.

# name: what stands behind the embedding, made of ``keras.layers``
STRANGE: dict[str, Callable[[Any], list[Any]]] = {
    "no recurrent layer": lambda k: [k.GlobalAveragePooling1D(), k.Dense(1)],
    "two outputs": lambda k: [k.LSTM(4), k.Dense(2)],
    "two hidden layers": lambda k: [k.LSTM(4), k.Dense(4, "relu"), k.Dense(4, "relu"), k.Dense(1)],
    "a hidden layer of another kind": lambda k: [k.LSTM(4), k.Dense(4, activation="tanh"), k.Dense(1)],
    "other activation": lambda k: [k.LSTM(4, activation="relu"), k.Dense(1)],
    "other gate activation": lambda k: [k.GRU(4, recurrent_activation="hard_sigmoid"), k.Dense(1)],
    "no bias": lambda k: [k.GRU(4, use_bias=False), k.Dense(1)],
    "reads from the end only": lambda k: [k.LSTM(4, go_backwards=True), k.Dense(1)],
    "pooling of another kind": lambda k: [k.LSTM(4, return_sequences=True), k.GlobalAveragePooling1D(), k.Dense(1)],
    "directions added up": lambda k: [k.Bidirectional(k.GRU(4), merge_mode="sum"), k.Dense(1)],
    "a layer in front": lambda k: [k.Conv1D(8, 3), k.LSTM(4), k.Dense(1)],
    "normalised": lambda k: [k.LSTM(4), k.LayerNormalization(), k.Dense(1)],
    "other output": lambda k: [k.LSTM(4), k.Dense(1, activation="tanh")],
}


@pytest.mark.parametrize("name", STRANGE)
def test_another_architecture_is_refused(name: str, tmp_path: Path) -> None:
    import keras

    start = [keras.Input((None,), dtype="int32"), keras.layers.Embedding(50, 8)]
    path = save(keras.Sequential([*start, *STRANGE[name](keras.layers)]), tmp_path)
    with pytest.raises(ValueError, match=r"."):
        networks.load(path)


def test_last_state_of_a_backward_layer_that_gives_all_states_is_refused(tmp_path: Path) -> None:
    """``logits[:, -1]`` would be the backward state after one word, and after none in a padded batch."""
    from models.training.networks import build

    path = save(build(small("GRU", bidirectional=True)), tmp_path)
    with pytest.raises(ValueError):
        networks.load(path)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from models.training.networks import build

    return save(build(small("LSTM")), tmp_path_factory.mktemp("healthy"))


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(healthy: Path, share: float, tmp_path: Path) -> None:
    data = healthy.read_bytes()
    path = tmp_path / "cut.keras"
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(DOCUMENTED):
        networks.load(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.keras", tmp_path):
        with pytest.raises(OSError):
            networks.load(path)


def rewritten(healthy: Path, path: Path, **members: bytes | None) -> Path:
    """A copy of the zip with members replaced, or left out where None."""
    with zipfile.ZipFile(healthy) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = members.get(name.replace(".", "_"), old.read(name))
            if data is not None:
                new.writestr(name, data)
    return path


def test_a_zip_of_other_things_is_refused(healthy: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(healthy) as archive:
        config = json.loads(archive.read("config.json"))
    assert networks.load(rewritten(healthy, tmp_path / "same.keras")).layers
    changes: list[dict[str, bytes | None]] = [
        {"config_json": None},
        {"model_weights_h5": None},
        {"config_json": b"{"},
        {"config_json": b"{}"},
        {"config_json": b"[]"},
        {"config_json": json.dumps({**config, "config": None}).encode()},
        {"model_weights_h5": b"no HDF5"},
    ]
    for number, members in enumerate(changes):
        with pytest.raises(DOCUMENTED):
            networks.load(rewritten(healthy, tmp_path / f"{number}.keras", **members))


def test_flipped_bytes_never_pass_for_the_same_network(healthy: Path, tmp_path: Path) -> None:
    """The zip's own checksums find them, or the file cannot be read at all."""
    data = bytearray(healthy.read_bytes())
    original = networks.load(healthy)
    for place in np.linspace(0, len(data) - 1, 40).astype(int):
        changed = data.copy()
        changed[place] ^= 0xFF
        path = tmp_path / "flipped.keras"
        path.write_bytes(changed)
        try:
            network = networks.load(path)
        except Exception:  # any refusal is one; load_model makes it an ArtifactError
            continue
        np.testing.assert_array_equal(network.embedding, original.embedding)
        np.testing.assert_array_equal(network.weights, original.weights)
