"""What training writes down while it runs: the curves, one row an epoch and one every few batches."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import keras
import numpy as np

HISTORY_COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
STEP_COLUMNS = ("step", "epoch", "loss", "accuracy")
STEPS_PER_ROW = 20


@keras.saving.register_keras_serializable("unrolled")
class LabelledAccuracy(keras.metrics.Mean):
    """Share of right verdicts among reviews with a label; a teacher's opinion, never exactly 0 or 1, is left out."""

    def __init__(self, name: str = "accuracy", **kwargs: object) -> None:
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Count one batch of targets and logits, both ``(n, 1)``."""
        labelled = keras.ops.logical_or(keras.ops.equal(y_true, 0), keras.ops.equal(y_true, 1))
        right = keras.ops.equal(keras.ops.greater(y_true, 0.5), keras.ops.greater(y_pred, 0))
        super().update_state(keras.ops.cast(right, "float32"), keras.ops.cast(labelled, "float32"))


class Curves(keras.callbacks.Callback):
    """Append to ``history.csv`` and ``steps.csv``; on resuming, rows of unfinished epochs are dropped.

    Args:
        folder: where the two files lie.
        prefix: of the log entries to keep, for networks with several outputs ("final_").
        before: epochs and steps of the training that this one goes on from, whose rows the files begin with.
    """

    def __init__(self, folder: Path, prefix: str = "", before: tuple[int, int] = (0, 0)) -> None:
        super().__init__()
        self._history, self._steps = folder / "history.csv", folder / "steps.csv"
        self._prefix, self._before = prefix, before

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the clock and make sure that the files end where this epoch begins."""
        keep_epochs_before(self._history, HISTORY_COLUMNS, epoch)
        keep_epochs_before(self._steps, STEP_COLUMNS, epoch)
        self._epoch, self._started = epoch, time.perf_counter()
        self._totals = np.zeros(2)
        self._written = 0

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Every few batches (fewer in a short epoch), write their own mean: Keras's logs hold that of the epoch."""
        done = batch + 1
        if done % min(STEPS_PER_ROW, max(1, self.params["steps"] // 20)) or not logs:
            return
        totals = done * np.array([logs[f"{self._prefix}loss"], logs[f"{self._prefix}accuracy"]])
        loss, accuracy = (totals - self._totals) / (done - self._written)
        self._totals, self._written = totals, done
        epochs, steps = self._before
        step = steps + (self._epoch - epochs) * self.params["steps"] + done
        _append(self._steps, (step, self._epoch + 1, f"{loss:.5f}", f"{min(1, max(0, accuracy)):.5f}"))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the epoch's row."""
        names = (f"{self._prefix}loss", f"{self._prefix}accuracy")
        values = [(logs or {}).get(prefix + name, float("nan")) for prefix in ("", "val_") for name in names]
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        seconds = time.perf_counter() - self._started
        _append(self._history, (epoch + 1, *(f"{v:.5f}" for v in values), f"{rate:.2e}", f"{seconds:.1f}"))


class DropoutGoesOn(keras.callbacks.Callback):
    """Let every dropout layer draw in an epoch what it would have drawn had the run never been interrupted.

    Keras saves no state of its random generators. A dropout layer draws once a step and counts its draws, so the
    count at the beginning of an epoch is known.

    Args:
        steps: batches of an epoch.
    """

    def __init__(self, steps: int) -> None:
        super().__init__()
        self._steps_per_epoch = steps

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Set the count of every dropout layer."""
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.Dropout) and layer.rate > 0:
                state = layer.seed_generator.state
                state.assign([int(state.numpy()[0]), epoch * self._steps_per_epoch])


def keep_epochs_before(path: Path, columns: tuple[str, ...], epoch: int) -> None:
    """Cut a curve file back to the epochs before ``epoch`` (0-based); make it with its header if there is none."""
    rows = list(csv.DictReader(path.read_text().splitlines())) if path.exists() else []
    write_rows(path, columns, [row for row in rows if int(row["epoch"]) <= epoch])


def write_rows(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Write a curve file anew."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _append(path: Path, row: tuple[object, ...]) -> None:
    with path.open("a", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(row)
