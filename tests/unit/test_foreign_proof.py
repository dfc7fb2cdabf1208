"""A brought network before Keras: on one's own machine, only the bytes that were read, and nothing is left lying."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.catalog import load_model
from models.foreign import proof
from models.foreign import shelf as brought
from models.foreign.model import ForeignModel
from models.foreign.open import assemble, read_plan, usual_preparation, words_of
from models.foreign.preparation import Preparation
from models.foreign.words import Words
from models.jobs.keras_check import CheckFailed
from tests import keras_networks, network_files, small_networks
from tests.keras_networks import INDEX, PREPARED, Case, cell

TEXT = "the film was not good"


@pytest.fixture(autouse=True)
def own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_TRAINING", "1")


def dropped(kind: str = "two directions") -> ForeignModel:
    """A network of this visit with its file, as on one's own machine."""
    model = small_networks.model(kind)
    model.file = small_networks.KINDS[kind][0]
    return model


def reason_of(model: ForeignModel) -> str:
    with pytest.raises(CheckFailed) as failed:
        proof.against_tensorflow(model, model.trace(TEXT), TEXT)
    return failed.value.reason


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every question that goes to Keras, with the folder as it is then; the answer is our own reading."""
    questions: list[dict[str, Any]] = []

    def ask(question: dict[str, Any], limit: float, check: Callable[[], None], folder: Path) -> dict[str, Any]:
        file = Path(question["network"])
        questions.append({**question, "bytes": file.read_bytes(), "mode": folder.stat().st_mode & 0o777, "in": folder})
        check()
        trace = dropped().trace(TEXT)
        states = {f"last_{place}": state for place, (_, state) in enumerate(proof.last_states(trace))}
        return {"probability": np.float32(trace.probability), "seconds": np.float64(1), **states}

    monkeypatch.setattr(proof, "ask", ask)
    return questions


def test_keras_gets_the_file_and_the_ids_and_no_text(asked: list[dict[str, Any]]) -> None:
    model = dropped()
    agreement = proof.against_tensorflow(model, model.trace(TEXT), TEXT)
    assert agreement.largest < 1e-7
    assert [difference.quantity for difference in agreement.differences] == [
        "P(spam)", "the last hidden state, layer forward", "the last hidden state, layer backward",
    ]  # fmt: skip
    (question,) = asked
    assert question["bytes"] == model.file and question["ids"] == model.ids(TEXT) and question["mode"] == 0o700
    assert "film" not in str({key: value for key, value in question.items() if key != "bytes"})


def test_the_folder_is_gone_whatever_happens(asked: list[dict[str, Any]]) -> None:
    class Gone(BaseException):
        """The visit has ended."""

    def gone() -> None:
        raise Gone

    model = dropped()
    proof.against_tensorflow(model, model.trace(TEXT), TEXT)
    with pytest.raises(Gone):
        proof.against_tensorflow(model, model.trace(TEXT), TEXT, check=gone)
    assert len(asked) == 2 and not any(question["in"].exists() for question in asked)


def test_a_hosted_server_never_shows_it_to_keras(asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNROLLED_TRAINING")
    assert reason_of(dropped()) == "failed" and not asked


def test_a_swapped_file_is_not_shown_to_keras(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    model = dropped()
    name = brought.put(tmp_path, model, small_networks.KINDS["two directions"][0])
    stored = load_model(name, tmp_path)
    assert isinstance(stored, ForeignModel)
    assert stored.file is None
    proof.against_tensorflow(stored, stored.trace(TEXT), TEXT)
    assert asked.pop()["bytes"] == model.file
    (tmp_path / name / "model.keras").write_bytes(small_networks.KINDS["LSTM"][0])
    assert reason_of(stored) == "changed"
    (tmp_path / name / "model.keras").unlink()
    assert reason_of(stored) == "changed" and not asked


def test_what_names_code_is_not_shown_to_keras(asked: list[dict[str, Any]]) -> None:
    model = dropped()
    assert model.plan.raw is not None
    layers = model.plan.raw.config["config"]["layers"]
    layers[-1]["config"]["kernel_initializer"] = {"module": "keras.initializers", "class_name": "GlorotUniform"}
    proof.against_tensorflow(model, model.trace(TEXT), TEXT)
    layers[-1]["config"]["kernel_initializer"] = {"module": "os", "class_name": "function", "config": "system"}
    assert reason_of(model) == "code" and len(asked) == 1


def test_the_last_state_is_where_a_direction_ends() -> None:
    trace = small_networks.model("two layers").trace(TEXT)
    found = list(proof.last_states(trace))
    assert len(found) == 4
    for (name, state), layer in zip(found, trace.layers, strict=True):
        assert layer.name in name
        np.testing.assert_array_equal(state, layer.hidden_states[0 if layer.direction == "backward" else -1])


@pytest.mark.slow
@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["an older file", "with its words"])
def test_keras_itself_agrees(kind: str, tmp_path: Path) -> None:
    model = behind_the_words(tmp_path) if kind == "an older file" else with_its_words(tmp_path)
    text = "w3 w9 zz w20"
    agreement = proof.against_tensorflow(model, model.trace(text), text)
    assert agreement.largest < 1e-5
    assert len(agreement.differences) == 1 + 3


def behind_the_words(folder: Path) -> ForeignModel:
    """Both ways and then from the end, over padding behind that is skipped; an HDF5 file."""
    both = ("Bidirectional", {"layer": cell("LSTM", 3, return_sequences=True), "merge_mode": "ave"})
    case = Case((both, cell("GRU", go_backwards=True), ("Dense", {"units": 1})), "post", mask=True)
    path = keras_networks.saved(keras_networks.build(case), case, "keras 3 h5", folder)
    words = Words("a dictionary of words", INDEX, Preparation())
    model = assemble(read_plan(path), words, Preparation().changed(PREPARED["post"]))
    model.file = path.read_bytes()
    return model


def with_its_words(folder: Path) -> ForeignModel:
    """A TextVectorization in front, a network within the network, two classes; a ``.keras`` file."""
    import keras

    layers = keras.layers
    inner = keras.Sequential(
        [
            keras.Input((9,)),
            layers.Embedding(30, 5),
            layers.SimpleRNN(4, return_sequences=True),
            layers.Bidirectional(layers.GRU(3, return_sequences=True)),
        ]
    )
    vectorization = layers.TextVectorization(vocabulary=[f"w{i}" for i in range(1, 28)], output_sequence_length=9)
    ends = [layers.GlobalMaxPooling1D(), layers.Dense(2, "softmax")]
    network = keras.Sequential([keras.Input((1,), dtype="string"), vectorization, inner, *ends])
    network.save(folder / "words.keras")
    plan = read_plan(folder / "words.keras")
    words = words_of(plan)
    assert words is not None
    model = assemble(plan, words, usual_preparation(plan, words))
    model.file = (folder / "words.keras").read_bytes()
    return model


@pytest.mark.slow
@pytest.mark.tensorflow
def test_what_keras_cannot_open_is_told() -> None:
    """The file names an initializer that Keras does not have; here nobody looks for it."""
    lost = {"module": "keras.initializers", "class_name": "NoSuchThing", "config": {}, "registered_name": None}
    data = network_files.keras(network_files.config(dense={"kernel_initializer": lost}))
    words = Words("a dictionary of words", small_networks.WORDS, Preparation())
    model = assemble(read_plan(data, "x.keras"), words, Preparation())
    model.file = data
    assert reason_of(model) == "unopened"
