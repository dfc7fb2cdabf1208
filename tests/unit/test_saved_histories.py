"""Training histories on the shelf: read as they were written, judged one by one, and each axis of their curves."""

from __future__ import annotations

import json

import pytest

from components.training.charts.curves import points
from models import histories
from models.catalog import list_models, read_card
from models.errors import ArtifactError
from models.history.curves import curves_of
from tests.histories import made_up_shelf, put_run


def test_saved_histories_are_read_as_written(runs):
    assert list(runs) == ["simple_rnn", "lstm", "gru", "best_bigru"]
    lstm = runs["lstm"]
    assert lstm.epochs == 3
    assert lstm.best == 1
    assert lstm.values["val_loss"].tolist() == [0.45, 0.30, 0.36]
    assert lstm.elapsed.tolist() == [90, 180, 270]
    assert lstm.steps.step.tolist() == [2, 4, 6, 8, 10, 12]
    assert lstm.steps.epoch_ends(3).tolist() == [4, 8, 12]
    assert [history.rank for history in runs.values()] == [0, 0, 0, 1]


@pytest.mark.parametrize("damage", ["missing", "cut", "binary", "empty", "changed"])
def test_a_damaged_history_disables_its_model_alone(tmp_path, damage):
    made_up_shelf(tmp_path)
    path = tmp_path / "lstm" / "history.csv"
    text = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {"cut": text[:70], "binary": b"\x80\x00\xff" * 50, "empty": b"", "changed": text + b"4,1,1,1,1,1,1\n"}[
                damage
            ]
        )
    found, damaged = histories.collect(list_models(tmp_path))
    assert list(found) == ["simple_rnn", "gru", "best_bigru"]
    assert [(error.model, error.file) for error in damaged] == [("lstm", "history.csv")]


def test_a_history_without_a_checksum_is_still_judged_by_its_content(tmp_path):
    folder = put_run(tmp_path, "gru")
    card = json.loads((folder / "card.json").read_text())
    del card["files"]
    (folder / "card.json").write_text(json.dumps(card))
    assert histories.saved(read_card(folder)).epochs == 2
    (folder / "history.csv").write_text("epoch,loss,accuracy,val_loss,val_accuracy\n1,0.5,0.7,0.4,0.8\n2,0.4\n")
    with pytest.raises(ArtifactError, match="gaps"):
        histories.saved(read_card(folder))


def test_damaged_steps_leave_the_epochs(tmp_path):
    folder = put_run(tmp_path, "gru")
    (folder / "steps.csv").write_text("nothing")
    card = read_card(folder)
    assert histories.saved(card).steps is None
    assert isinstance(histories.saved_steps(card), ArtifactError)


def test_curves_along_every_axis(runs):
    lstm = runs["lstm"]
    training, validation = curves_of(lstm, "accuracy", "epoch")
    assert training.y == pytest.approx([78, 86, 93])
    assert (validation.best, training.best) == (1, None)
    assert curves_of(lstm, "loss", "seconds")[1].x.tolist() == [90, 180, 270]
    training, validation = curves_of(lstm, "loss", "step")
    assert training.x.tolist() == [2, 4, 6, 8, 10, 12]
    assert validation.x.tolist() == [4, 8, 12]
    table = points([lstm], "loss", "step")
    assert list(table.columns) == ["run", "series", "epoch", "step", "loss_nats", "best_epoch"]
    assert table[table["best_epoch"]].to_dict("records") == [
        {"run": "LSTM", "series": "validation", "epoch": 2, "step": 8, "loss_nats": 0.3, "best_epoch": True}
    ]
    assert points([], "loss", "epoch").empty
