"""Training histories in the forms people have them in, each value at its true epoch."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.training import curves_text
from components.training.charts.curves import curves, points
from components.ui.theme import LIGHT
from models import histories
from models.history import files
from models.history.history import History
from models.history.run import HistoryError


def one(data: bytes | str, name: str = "") -> History:
    (found,) = files.runs(data.encode() if isinstance(data, str) else data, name)
    return found


def shown(found: History, quantity: str) -> dict[float, float]:
    """Epoch and value of what is known of a quantity."""
    values = found.values[quantity]
    known = np.isfinite(values)
    return dict(zip(found.at[known].tolist(), values[known].round(6).tolist(), strict=True))


def test_a_second_heading_after_a_resume_is_no_epoch():
    found = one("epoch,loss\n0,0.5\n1,0.4\nepoch,loss\n2,0.3\n")
    assert shown(found, "loss") == {1: 0.5, 2: 0.4, 3: 0.3}
    assert found.resumes == (1,)
    assert "taken up again" in " ".join(found.notes)


def test_a_second_heading_may_have_other_columns():
    found = one("epoch,loss\n0,0.5\nepoch,accuracy,loss\n1,0.8,0.4\n")
    assert shown(found, "loss") == {1: 0.5, 2: 0.4}
    assert shown(found, "accuracy") == {2: 0.8}


def test_repeated_epochs_count_once_and_it_is_said():
    found = one("epoch,loss\n0,0.5\n1,0.4\n2,0.39\n1,0.35\n2,0.3\n")
    assert shown(found, "loss") == {1: 0.5, 2: 0.35, 3: 0.3}
    assert found.resumes == (0,)
    assert "2 epochs stand there twice" in " ".join(found.notes)


def test_epochs_that_start_again_are_drawn_behind_the_others():
    found = one("epoch,loss\n0,0.5\n1,0.4\n0,0.35\n1,0.3\n")
    assert shown(found, "loss") == {1: 0.5, 2: 0.4, 3: 0.35, 4: 0.3}
    assert found.resumes == (1,)
    assert "start again" in " ".join(found.notes)


def test_gaps_in_the_epochs_stay_gaps():
    assert shown(one("epoch,loss\n1,0.5\n3,0.4\n7,0.3\n"), "loss") == {1: 0.5, 3: 0.4, 7: 0.3}


def test_validation_every_second_epoch_stands_there():
    found = one(json.dumps({"loss": [6, 5, 4, 3, 2, 1], "val_loss": [5.5, 4.5, 3.5]}))
    assert shown(found, "val_loss") == {2: 5.5, 4: 4.5, 6: 3.5}
    assert "every second epoch" in " ".join(found.notes)
    ambiguous = one(json.dumps({"loss": [6, 5, 4, 3, 2, 1], "val_loss": [5, 4, 3, 2]}))
    assert shown(ambiguous, "val_loss") == {}
    assert "left out" in " ".join(ambiguous.notes)
    stopped = one(json.dumps({"loss": [3, 2, 1], "val_loss": [2.5, 1.5]}))
    assert shown(stopped, "val_loss") == {1: 2.5, 2: 1.5}


def test_rows_every_few_steps_stand_within_their_epoch():
    rows = [
        {"epoch": 0.5, "loss": 1.0, "step": 10},
        {"epoch": 1.0, "loss": 0.9, "step": 20},
        {"epoch": 1.0, "eval_loss": 0.8, "eval_accuracy": 0.7, "step": 20},
        {"epoch": 1.5, "loss": 0.6, "step": 30},
        {"epoch": 2.0, "eval_loss": 0.5, "step": 40},
    ]
    for text in (json.dumps({"log_history": rows}), json.dumps(rows), "\n".join(map(json.dumps, rows))):
        found = one(text)
        assert shown(found, "loss") == {0.5: 1.0, 1: 0.9, 1.5: 0.6}
        assert shown(found, "val_loss") == {1: 0.8, 2: 0.5}
    whole = one("epoch,step,loss,val_loss\n0,1,1.0,\n0,2,0.9,0.8\n1,3,0.7,\n1,4,0.6,0.5\n")
    assert shown(whole, "loss") == {0.5: 1.0, 1: 0.9, 1.5: 0.7, 2: 0.6}
    assert shown(whole, "val_loss") == {1: 0.8, 2: 0.5}


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        ("train_loss,train_acc", ("loss", "accuracy")),
        ("loss,accuracy_1", ("loss", "accuracy")),
        ("training/loss,valid_loss", ("loss", "val_loss")),
        ("Loss,Validation Accuracy", ("loss", "val_accuracy")),
        ("loss,test_loss", ("loss", "val_loss")),
        ("epoch_loss,binary_accuracy", ("loss", "accuracy")),
    ],
)
def test_columns_are_known_under_other_names(heading, read):
    found = one(f"{heading},f1\n0.5,0.7,0.6\n0.4,0.8,0.7\n")
    assert [shown(found, quantity) for quantity in read] == [{1: 0.5, 2: 0.4}, {1: 0.7, 2: 0.8}]
    assert "Not drawn: f1." in found.notes


def test_the_plainest_name_counts():
    found = one("loss,train_loss,val_loss,test_loss\n1,9,2,8\n")
    assert shown(found, "loss") == {1: 1}
    assert shown(found, "val_loss") == {1: 2}


@pytest.mark.parametrize(
    "text",
    [
        str({"loss": [0.5, 0.4], "val_loss": [0.6, float("nan")]}),
        "{'loss': [np.float64(0.5), np.float64(0.4)], 'val_loss': array([0.6, nan], dtype=float32)}",
        "history = {'loss': (0.5, 0.4,), \"val_loss\": [0.6, None]}",
    ],
)
def test_a_printed_dictionary_is_read_and_never_run(text):
    found = one(text)
    assert shown(found, "loss") == {1: 0.5, 2: 0.4}
    assert shown(found, "val_loss") == {1: 0.6}


@pytest.mark.parametrize("text", ["{'loss': __import__('os').getcwd()}", "{'loss': [1] * 9**9}", "{'loss': open('x')}"])
def test_code_in_a_dictionary_is_no_history(text):
    with pytest.raises(HistoryError):
        one(text)


KERAS_2 = (
    "Epoch 1/3\r\n"
    " 1/25 [>.............................] - ETA: 12s - loss: 0.7001 - accuracy: 0.4000"
    + "\b"
    * 80
    + "25/25 [==============================] - 2s 45ms/step - loss: 0.6900 - accuracy: 0.5100 - val_loss: 0.6800 - "
    "val_accuracy: 0.5500\nEpoch 2/3\n"
    "25/25 [==============================] - 1s 40ms/step - loss: 0.5900 - accuracy: 0.6100 - val_loss: 0.5800 - "
    "val_accuracy: 0.6500\nEpoch 2: val_loss improved from 0.68000 to 0.58000, saving model to x.h5\n"
    "Epoch 3/3\n 3/25 [==>...] - ETA: 1s - loss: 0.1000 - accuracy: 0.9000"
)
KERAS_3 = (
    "\x1b[1mEpoch 1/2\x1b[0m\n"
    "\r\x1b[1m 1/25\x1b[0m \x1b[32m━\x1b[0m\x1b[37m━━━\x1b[0m \x1b[1m5s\x1b[0m 45ms/step - loss: 0.7001"
    "\r\x1b[1m25/25\x1b[0m \x1b[32m━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m2s\x1b[0m 45ms/step - accuracy: 0.5100 "
    "- loss: 0.6900 - val_accuracy: 0.5500 - val_loss: 0.6800\nEpoch 2/2\n"
    "25/25 ━━━━━━━━━━ 1s 40ms/step - accuracy: 0.6100 - loss: 0.5900 - val_accuracy: 0.6500 - val_loss: 5.8000e-01\n"
)
PLAIN = (
    "Epoch 1/2\n25/25 - 2s - 45ms/step - accuracy: 0.5100 - loss: 0.6900 - val_accuracy: 0.5500 - val_loss: 0.6800\n"
    "Epoch 2/2\n25/25 - 1s - 45ms/step - accuracy: 0.6100 - loss: 0.5900 - val_accuracy: 0.6500 - val_loss: 0.5800\n"
)


@pytest.mark.parametrize("text", [KERAS_2, KERAS_3, PLAIN])
def test_what_fit_prints(text):
    found = one(text)
    assert shown(found, "loss") == {1: 0.69, 2: 0.59}
    assert shown(found, "val_loss") == {1: 0.68, 2: 0.58}
    assert shown(found, "val_accuracy") == {1: 0.55, 2: 0.65}
    assert found.seconds is not None
    assert found.seconds.tolist() == [2, 1]
    broken = "1 epoch that did not end is left out." in found.notes
    assert broken == (text == KERAS_2)


def _field(number: int, kind: int, content: bytes) -> bytes:
    head = bytes([number << 3 | kind])
    return head + (bytes([len(content)]) if kind == 2 else b"") + content


def event_file(scalars: list[tuple[str, int, float]], tensor: bool) -> bytes:
    """An event file as TensorBoard's writers make it: plain values, or tensors of one number."""
    records = [_field(1, 1, struct.pack("<d", 1.0)) + _field(3, 2, b"brain.Event:2")]
    for tag, step, value in scalars:
        number = struct.pack("<f", value)
        held = _field(8, 2, _field(1, 0, b"\x01") + _field(4, 2, number)) if tensor else _field(2, 5, number)
        summary = _field(1, 2, _field(1, 2, tag.encode()) + held)
        records.append(_field(1, 1, struct.pack("<d", 2.0)) + _field(2, 0, bytes([step])) + _field(5, 2, summary))
    return b"".join(struct.pack("<Q", len(record)) + bytes(4) + record + bytes(4) for record in records)


SCALARS = [("epoch_loss", 0, 0.5), ("epoch_accuracy", 0, 0.75), ("epoch_loss", 1, 0.25), ("batch_loss", 9, 7.0)]


@pytest.mark.parametrize("tensor", [True, False])
def test_event_files_are_read_without_tensorflow(tensor):
    found = one(event_file(SCALARS, tensor), "events.out.tfevents.1.host")
    assert shown(found, "loss") == {1: 0.5, 2: 0.25}
    assert shown(found, "accuracy") == {1: 0.75}
    validation = one(event_file([*SCALARS, ("evaluation_loss_vs_iterations", 2, 0.3)], tensor))
    assert shown(validation, "val_loss") == {1: 0.5, 2: 0.25}


def test_an_event_file_that_ends_within_a_record_is_read_so_far():
    assert shown(one(event_file(SCALARS, True)[:-30]), "loss") == {1: 0.5, 2: 0.25}


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.integers(0, 400), st.booleans())
def test_no_bytes_in_an_event_file_raise_anything_but_our_own_error(junk, place, tensor):
    data = bytearray(event_file(SCALARS, tensor))
    data[40 + place : 40 + place + len(junk)] = junk
    try:
        found = files.runs(bytes(data))
    except HistoryError:
        return
    assert all(np.isfinite(run.at).all() for run in found)


def test_exports_of_trackers():
    tensorboard = "Wall time,Step,Value\n1.5,0,0.5\n2.5,1,0.4\n"
    assert shown(one(tensorboard, "run-train-tag-epoch_loss.csv"), "loss") == {1: 0.5, 2: 0.4}
    assert shown(one(tensorboard, "run-validation-tag-epoch_accuracy.csv"), "val_accuracy") == {1: 0.5, 2: 0.4}
    with pytest.raises(HistoryError, match="which curve"):
        one(tensorboard, "x.csv")
    long = files.runs(b"run,step,metric,value\na,0,loss,0.5\na,1,loss,0.4\nb,0,loss,0.6\na,1,val_loss,0.3\n")
    assert [run.called for run in long] == ["a", "b"]
    assert shown(long[0], "val_loss") == {2: 0.3}
    wide = files.runs(
        b'"Step","one - loss","one - loss__MIN","two - loss","two - val_loss"\n0,0.5,0.1,0.6,0.7\n1,0.4,0.1,,0.6\n'
    )
    assert [run.called for run in wide] == ["one", "two"]
    assert shown(wide[0], "loss") == {1: 0.5, 2: 0.4}
    assert shown(wide[1], "val_loss") == {1: 0.7, 2: 0.6}


@pytest.mark.parametrize(
    "content",
    [
        {"a": {"loss": [1, 2]}, "b": {"history": {"loss": [3]}}},
        [{"name": "a", "history": {"loss": [1, 2]}}, {"name": "b", "history": {"loss": [3]}}],
    ],
)
def test_one_json_of_several_runs(content: Any):
    found = histories.visitors_runs(json.dumps(content).encode(), 2)
    assert [(run.title, run.called) for run in found] == [("Yours 2", "a"), ("Yours 3", "b")]
    assert [run.values["loss"].tolist() for run in found] == [[1, 2], [3]]


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"\x80\x04\x95 a pickle", "pickle"), (b"\x93NUMPY\x01", "NumPy"), (b"\x89HDF\r\n", "Your network"),
     (b"PK\x03\x04", "Your network"), (bytes(range(1, 256)) * 3, "not a text file")],
)  # fmt: skip
def test_what_is_never_opened_is_answered_with_the_line_that_saves_it(data, says):
    with pytest.raises(HistoryError) as caught:
        files.runs(data)
    assert says in caught.value.reason
    assert "json.dump(" in caught.value.code


def test_the_figure_draws_each_value_at_its_epoch_and_marks_the_resume():
    data = b"epoch,loss,val_loss\n0,0.9,\n1,0.8,0.7\nepoch,loss,val_loss\n2,0.6,\n3,0.5,0.4\n"
    (history,) = histories.visitors_runs(data)
    figure = json.loads(curves([history], "loss", "epoch", LIGHT).to_json())
    lines = [trace for trace in figure["data"] if trace.get("name") == "Yours 1"]
    assert len(figure["layout"]["shapes"]) == 1
    assert figure["layout"]["shapes"][0]["x0"] == 2
    assert any("taken up again" in note["text"] for note in figure["layout"]["annotations"])
    assert any("epoch 4" in note["text"] for note in figure["layout"]["annotations"])
    assert len(lines) == 2
    accuracy = json.loads(curves([history], "accuracy", "epoch", LIGHT).to_json())
    assert not accuracy["layout"].get("shapes")  # where nothing of it is drawn, nothing is marked
    table = points([history], "loss", "epoch")
    assert table[table["best_epoch"]]["epoch"].tolist() == [4]
    assert "epoch 4 of 4" in curves_text.about_loss([history])
    assert "0.100 nats below" in curves_text.about_gap([history])
