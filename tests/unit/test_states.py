"""``states.npz``: what is written is what NumPy and scikit-learn say, and what is damaged is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load_model, read_card
from models.errors import ArtifactError
from models.examples import EXAMPLES
from models.explain.state_space import load_states
from models.training.report import states as writing
from tests.damage import DAMAGES, sign

NAMES = ("simple_rnn", "lstm", "best_bigru", "stacked_bigru")


def reviews(vocabulary: int, n: int = 60) -> tuple[list[np.ndarray], np.ndarray]:
    random = np.random.default_rng(3)
    found = [random.integers(1, vocabulary, random.integers(1, 90)).astype(np.int32) for _ in range(n)]
    found[7] = found[7][:0]
    return found, random.integers(0, 2, n)


@pytest.fixture(scope="module")
def shelf(tiny_shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With ``states.npz`` of every model in ``NAMES``; all states are in the sample."""
    shelf = tmp_path_factory.mktemp("states")
    for name in NAMES:
        shutil.copytree(tiny_shelf / name, shelf / name)
        model = load_model(name, shelf)
        writing.write_states(model, *reviews(len(model.vocabulary)))
        sign(shelf / name)
    return shelf


def all_states(name: str, shelf: Path, place: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """States and ids of every review, each read alone."""
    model = load_model(name, shelf)
    documents = [ids for ids in reviews(len(model.vocabulary))[0] if len(ids)]
    found = []
    for ids in documents:
        readings = model.network.read(ids[:, None], np.array([len(ids)]))
        flat = [reading.hidden_states[:, 0] for both in readings for reading in both if reading is not None]
        found.append(flat[place])
    return found, documents


@pytest.mark.parametrize("name", NAMES)
def test_principal_components_are_those_of_numpys_svd(name: str, shelf: Path) -> None:
    space = load_states(read_card(shelf / name))
    model = load_model(name, shelf)
    trace = model.trace(EXAMPLES[0].text)
    assert [layer.name for layer in space] == [layer.name for layer in trace.layers]
    for place, layer in enumerate(space):
        states = np.concatenate(all_states(name, shelf, place)[0]).astype(np.float64)
        center = states.mean(0)
        _, sizes, axes = np.linalg.svd(states - center, full_matrices=False)
        k = min(8, states.shape[1])
        assert layer.components.shape == (k, states.shape[1])
        np.testing.assert_allclose(layer.explained, (sizes**2 / (sizes**2).sum())[:k], atol=1e-6)
        np.testing.assert_allclose(np.abs((axes[:k] * layer.components).sum(1)), 1, atol=1e-4)
        np.testing.assert_allclose(layer.center, center, atol=1e-6)
        np.testing.assert_allclose(layer.spread, states.std(0), atol=1e-6)
        path = layer.project(trace.layers[place].hidden_states)
        signs = np.sign((axes[:3] * layer.components[:3]).sum(1))
        expected = (trace.layers[place].hidden_states - center) @ axes[:3].T * signs
        np.testing.assert_allclose(path, expected, atol=1e-3)
        assert path.shape == (len(trace.tokens), 3)
        # the cloud is a choice among the states, so its extent is theirs
        assert layer.cloud.shape == (min(writing.CLOUD, len(states)), 3)
        np.testing.assert_allclose(layer.cloud.std(0), layer.project(states).std(0), rtol=0.05)
        assert set(np.unique(layer.cloud_labels)) == {0, 1}
        assert layer.cloud_places.min() > 0
        assert layer.cloud_places.max() == 1


def test_projection_is_scikit_learns(shelf: Path) -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    states = np.concatenate(all_states("lstm", shelf, 0)[0]).astype(np.float64)
    fitted = decomposition.PCA(3).fit(states)
    layer = load_states(read_card(shelf / "lstm"))[0]
    ours, theirs = layer.project(states), fitted.transform(states)
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-4)
    np.testing.assert_allclose(layer.explained[:3], fitted.explained_variance_ratio_, atol=1e-6)


def test_readout_direction(shelf: Path) -> None:
    model = load_model("stacked_bigru", shelf)
    layers = load_states(model.card)
    assert [layer.readout is None for layer in layers] == [True, True, False, False]
    assert layers[0].readout_direction() is None
    trace = model.trace(EXAMPLES[0].text)
    np.testing.assert_allclose(np.concatenate([layers[2].readout, layers[3].readout]), trace.readout, atol=1e-6)
    top = layers[3]
    direction = top.readout_direction(components=len(top.components))
    assert np.linalg.norm(direction) == pytest.approx(1, abs=1e-5), "all components together show the whole readout"
    assert (direction >= 0).all(), "components point to the positive"
    np.testing.assert_allclose(top.components.T @ direction * np.linalg.norm(top.readout), top.readout, atol=1e-5)


@pytest.mark.parametrize("name", ["lstm", "best_bigru"])
def test_words_that_move_a_unit_are_those_counted_one_by_one(name: str, shelf: Path, monkeypatch) -> None:
    monkeypatch.setattr(writing, "LEAST_OCCURRENCES", 12)
    model = load_model(name, shelf)
    writing.write_states(model, *reviews(len(model.vocabulary)))
    sign(shelf / name)
    for place, layer in enumerate(load_states(read_card(shelf / name))):
        sums: dict[int, list[np.ndarray]] = {}
        for states, ids in zip(*all_states(name, shelf, place), strict=True):
            zero = np.zeros_like(states[:1])
            backward = layer.name.endswith("backward")
            before = np.concatenate([states[1:], zero] if backward else [zero, states[:-1]])
            for word, moved in zip(ids, states - before, strict=True):
                sums.setdefault(int(word), []).append(moved)
        means = {word: np.mean(moves, 0) for word, moves in sums.items() if len(moves) >= 12 and word >= 2}
        assert len(means) > 24
        for unit in range(layer.raising.shape[0]):
            ranked = sorted(means, key=lambda word: means[word][unit])
            np.testing.assert_allclose(layer.fall[unit], [means[word][unit] for word in ranked[:12]], atol=1e-5)
            np.testing.assert_allclose(layer.rise[unit], [means[word][unit] for word in ranked[:-13:-1]], atol=1e-5)
            assert means[int(layer.raising[unit, 0])][unit] == pytest.approx(layer.rise[unit, 0], abs=1e-5)
            assert means[int(layer.lowering[unit, 0])][unit] == pytest.approx(layer.fall[unit, 0], abs=1e-5)


def test_too_few_words_are_marked_as_missing(shelf: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(writing, "LEAST_OCCURRENCES", 10_000)
    shutil.copytree(shelf / "lstm", tmp_path / "lstm")
    model = load_model("lstm", tmp_path)
    writing.write_states(model, *reviews(len(model.vocabulary)))
    sign(tmp_path / "lstm")
    layer = load_states(read_card(tmp_path / "lstm"))[0]
    assert (layer.raising == -1).all()
    assert np.isnan(layer.fall).all()


def test_a_large_sample_is_drawn_evenly_over_all_words(monkeypatch) -> None:
    monkeypatch.setattr(writing, "SAMPLE", 500)
    lengths = [5, 0, 1000, 1]
    taken = writing._sample(lengths, 1)
    assert [len(part) for part in taken][1] == 0
    assert sum(map(len, taken)) == 500
    for part, length in zip(taken, lengths, strict=True):
        assert (part < length).all()
        assert len(set(part)) == len(part)
    assert taken[2].mean() == pytest.approx(500, abs=40)
    again = writing._sample(lengths, 1)
    assert all((a == b).all() for a, b in zip(taken, again, strict=True))


def test_states_are_small_and_repeatable(shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf / "simple_rnn", tmp_path / "simple_rnn")
    model = load_model("simple_rnn", tmp_path)
    path = writing.write_states(model, *reviews(len(model.vocabulary)))
    with np.load(path) as again, np.load(shelf / "simple_rnn" / "states.npz") as first:
        assert again.files == first.files
        for name in again.files:
            np.testing.assert_array_equal(again[name], first[name])
    assert path.stat().st_size < 500_000


@pytest.mark.parametrize(("reason", "damage"), DAMAGES)
def test_damaged_states_are_refused(reason: str, damage: Callable[[Path], object], shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf / "lstm", tmp_path / "lstm")
    damage(tmp_path / "lstm" / "states.npz")
    with pytest.raises(ArtifactError, match=reason) as error:
        load_states(read_card(tmp_path / "lstm"))
    assert error.value.file == "states.npz"
    load_model("lstm", tmp_path)  # the model itself goes on
