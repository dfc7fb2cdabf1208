"""``growth.npz``: what is written is what Keras reads after every epoch, and what is damaged is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.catalog import load_model, read_card
from models.errors import ArtifactError
from models.examples import BY_NAME, EXAMPLES
from models.explain.attribution import ids_of
from models.explain.epochs import load_growth
from models.training.report.growth import find_run, main, write_growth
from tests.damage import DAMAGES


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ["lstm", "stacked_bigru"])
def test_growth_is_what_keras_reads_after_every_epoch(name: str, tiny_shelf: Path, tmp_path: Path) -> None:
    import keras

    from models.training.networks import build
    from tests.shelves import TINY, randomize

    temperature, shift, folder, run = 1.5, -0.3, tmp_path / name, tmp_path / "work" / "runs" / f"{name}-1-abc"
    shutil.copytree(tiny_shelf / name, folder)
    run.mkdir(parents=True)
    shutil.copy(folder / "history.csv", run)
    network = build(TINY[name])
    logits = network.get_layer("readout").output
    trained = keras.Model(network.input, {"final": logits[:, -1], "running": logits})
    expected, running = [], []
    example = BY_NAME["glowing"]
    ids = ids_of(load_model(name, tmp_path).trace(example.text))[None]
    for epoch in (1, 2):
        randomize(network, epoch)
        trained.save_weights(run / f"epoch_{epoch:02d}.weights.h5")
        predicted = trained.predict(ids, verbose=0)
        expected.append(predicted["final"][0, 0])
        running.append(predicted["running"][0, :, 0])
    trained.save_weights(run / "epoch_03.weights.h5")  # of an older, longer training: not in the history
    facts = artifacts.read_card(folder)
    facts["training"] = {"temperature": temperature, "shift": shift, "best_epoch": 2}
    artifacts.write_card(folder, facts)
    assert find_run(read_card(folder), tmp_path / "work" / "runs") == run
    assert main([name, "--shelf", str(tmp_path), "--work", str(tmp_path / "work")]) == 0
    model = load_model(name, tmp_path)
    growth = load_growth(model.card, model.vocabulary)
    assert growth.epochs == (1, 2)
    assert growth.kept == 2
    assert list(growth.reviews) == [example.name for example in EXAMPLES]
    review = growth.reviews[example.name]
    np.testing.assert_allclose(review.logits, np.array(expected) / temperature + shift, atol=1e-5)
    assert (review.running_logits is None) == (name == "stacked_bigru")
    if review.running_logits is not None:
        np.testing.assert_allclose(review.running_logits, np.array(running) / temperature + shift, atol=1e-5)
        np.testing.assert_allclose(review.running_probabilities[:, -1], review.probabilities, atol=1e-6)
    trace = model.trace(example.text)
    assert growth.layers == tuple(layer.name for layer in trace.layers)
    assert review.tokens == trace.tokens
    for states, layer in zip(review.hidden_states, trace.layers, strict=True):
        assert states.dtype == np.float16
        assert states.shape == (2, *layer.hidden_states.shape)
        assert np.abs(states[0] - states[1]).max() > 0.1, "epochs must differ for the comparison to mean something"


@pytest.fixture
def grown(tiny_shelf: Path, tmp_path: Path) -> Path:
    """A folder with ``growth.npz``, its epochs made of the finished model's own weights."""
    import zipfile

    folder, run = tmp_path / "lstm", tmp_path / "run"
    shutil.copytree(tiny_shelf / "lstm", folder)
    run.mkdir()
    shutil.copy(folder / "history.csv", run)
    with zipfile.ZipFile(folder / "model.keras") as archive:
        for epoch in (1, 2):
            (run / f"epoch_{epoch:02d}.weights.h5").write_bytes(archive.read("model.weights.h5"))
    facts = artifacts.read_card(folder)
    facts["training"] = {"best_epoch": 2}
    artifacts.write_card(folder, facts)
    write_growth(folder, run)
    return folder


def test_kept_epoch_reads_like_the_finished_model(grown: Path) -> None:
    model = load_model("lstm", grown.parent)
    growth = load_growth(model.card, model.vocabulary)
    for example in EXAMPLES:
        trace, review = model.trace(example.text), growth.reviews[example.name]
        assert review.logits[1] == pytest.approx(trace.logit, abs=1e-5)
        np.testing.assert_allclose(review.running_logits[1], trace.running_logits, atol=1e-5)
        np.testing.assert_allclose(review.hidden_states[0][1], trace.layers[0].hidden_states, atol=1e-3)
    assert (grown / "growth.npz").stat().st_size < 3_000_000


def test_growth_too_large_keeps_the_top_layers(tiny_shelf: Path, tmp_path: Path, grown: Path, monkeypatch) -> None:
    """A stacked network over the limit: the layers below the top are left out, their names too."""
    import zipfile

    from models.training.report import growth as growing

    folder, run = tmp_path / "stacked_bigru", tmp_path / "other"
    shutil.copytree(tiny_shelf / "stacked_bigru", folder)
    run.mkdir()
    shutil.copy(folder / "history.csv", run)
    with zipfile.ZipFile(folder / "model.keras") as archive:
        for epoch in (1, 2):
            (run / f"epoch_{epoch:02d}.weights.h5").write_bytes(archive.read("model.weights.h5"))
    facts = artifacts.read_card(folder) | {"training": {"best_epoch": 1}}
    artifacts.write_card(folder, facts)
    monkeypatch.setattr(growing, "MOST_BYTES", write_growth(folder, run).stat().st_size - 1)
    write_growth(folder, run)
    model = load_model("stacked_bigru", tmp_path)
    found = load_growth(model.card, model.vocabulary)
    assert found.layers == ("layer 2 forward", "layer 2 backward")
    trace = model.trace(BY_NAME["short"].text)
    np.testing.assert_allclose(found.reviews["short"].hidden_states[1][0], trace.layers[3].hidden_states, atol=1e-3)

    monkeypatch.setattr(growing, "MOST_BYTES", 1)
    write_growth(folder, run)
    rounded = load_growth(load_model("stacked_bigru", tmp_path).card, model.vocabulary)
    assert rounded.layers == found.layers
    states, exact = (growth.reviews["short"].hidden_states[1] for growth in (rounded, found))
    assert np.array_equal(states * 256, np.round(states * 256)) and not np.array_equal(states, exact)
    np.testing.assert_allclose(states, exact, atol=1 / 512 + 1e-3)


def test_a_rewritten_example_is_left_out(grown: Path, monkeypatch) -> None:
    from dataclasses import replace

    model = load_model("lstm", grown.parent)
    monkeypatch.setitem(BY_NAME, "short", replace(BY_NAME["short"], text="Not good, not bad, not new."))
    monkeypatch.delitem(BY_NAME, "long")
    left = load_growth(model.card, model.vocabulary).reviews
    assert set(left) == set(BY_NAME) - {"short"}


@pytest.mark.parametrize(("reason", "damage"), DAMAGES)
def test_damaged_growth_is_refused(reason: str, damage: Callable[[Path], object], grown: Path) -> None:
    damage(grown / "growth.npz")
    model = load_model("lstm", grown.parent)
    with pytest.raises(ArtifactError, match=reason):
        load_growth(model.card, model.vocabulary)


def test_command_says_what_is_wrong(grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelf = str(grown.parent)
    assert main(["nobody", "--shelf", shelf]) == 2
    assert "no model named" in capsys.readouterr().err
    assert main(["lstm", "--shelf", shelf, "--work", shelf]) == 2
    assert "--run" in capsys.readouterr().err
    empty = grown.parent / "empty"
    empty.mkdir()
    assert main(["lstm", "--shelf", shelf, "--run", str(empty)]) == 2
    assert "history.csv" in capsys.readouterr().err
    shutil.copy(grown / "history.csv", empty)
    assert main(["lstm", "--shelf", shelf, "--run", str(empty)]) == 2
    assert "epoch_01.weights.h5" in capsys.readouterr().err
    before = json.loads((grown / "card.json").read_text())
    assert main(["lstm", "--shelf", shelf, "--run", str(grown.parent / "run")]) == 0
    after = json.loads((grown / "card.json").read_text())
    assert before | {"files": None} == after | {"files": None}
    assert after["files"]["growth.npz"]["sha256"] == artifacts.sha256(grown / "growth.npz")
