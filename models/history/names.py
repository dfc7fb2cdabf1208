"""Which column of a history is the loss, which the accuracy, of training and of validation, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable

QUANTITIES = ("loss", "accuracy", "val_loss", "val_accuracy")
SECONDS = ("seconds", "epoch_seconds", "time", "epoch_time", "duration")
EPOCHS = ("epoch", "epochs", "ep", "epoch_number")
# What stands beside the curves and is none of them.
BESIDE = frozenset((*SECONDS, *EPOCHS)) | frozenset(
    "step steps _step global_step iteration lr learning_rate timestamp _timestamp _runtime grad_norm total_flos run "
    "train_runtime train_samples_per_second train_steps_per_second eval_runtime eval_samples_per_second "
    "eval_steps_per_second".split()
)
_LOSSES = frozenset(
    {"loss", "cross_entropy", "crossentropy", "binary_crossentropy", "nll", "nll_loss", "log_loss", "bce"}
)
_ACCURACIES = frozenset(
    {"accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "accuracy_score"}
)
_TRAINING = frozenset({"train", "training", "trn"})
_VALIDATION = {"val": 0, "valid": 0, "validation": 0, "eval": 1, "evaluation": 1, "dev": 1, "test": 2}


def sources(names: Iterable[str]) -> dict[str, str]:
    """For each of ``QUANTITIES`` that is there, the column it is in: the plainest name of those that fit."""
    ranked: dict[str, tuple[int, str]] = {}
    for name in names:
        found = _quantity(name)
        if found is not None and (found[0] not in ranked or found[1] < ranked[found[0]][0]):
            ranked[found[0]] = (found[1], name)
    return {quantity: ranked[quantity][1] for quantity in QUANTITIES if quantity in ranked}


def others(names: Iterable[str], used: Iterable[str]) -> list[str]:
    """The columns that are neither drawn nor stand beside what is drawn."""
    taken = BESIDE | set(used)
    return [name for name in names if name and name not in taken]


def _quantity(name: str) -> tuple[str, int] | None:
    """What a name means, and how far it is from the plain one: 0 for ``val_loss``, more for ``eval/loss_1``."""
    if name in QUANTITIES:
        return name, 0
    base = re.sub(r"[\s./:\-]+", "_", name).strip("_")
    rank = 1
    shorter = re.sub(r"_\d{1,3}$", "", base.removeprefix("epoch_").replace("_epoch_", "_"))
    rank += shorter != base
    words = shorter.split("_")
    side = next((word for word in words if word in _VALIDATION), None)
    rest = "_".join(word for word in words if word != side and word not in _TRAINING)
    rank += len(words) - len(rest.split("_")) + (_VALIDATION[side] if side else 0)
    quantity = "loss" if rest in _LOSSES else "accuracy" if rest in _ACCURACIES else None
    if quantity is None:
        return None
    return (f"val_{quantity}" if side else quantity), rank + (rest != quantity)
