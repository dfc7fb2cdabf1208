"""A finished network goes on: its last epochs show what those before did not, and less of what they did."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from models import artifacts, card_facts
from models.catalog import load_model
from models.training.data.batches import EvaluationBatches
from models.training.data.corpus import Corpus, Part
from models.training.data.imdb import DatasetError
from models.training.fit.calibration import Calibration
from models.training.fit.callbacks import HISTORY_COLUMNS, write_rows
from models.training.networks import build, load_network, running
from models.training.recipe import Recipe

# Shares of the way from the start to what was learnt, the furthest first, and what the taken one may add to the loss
# on validation, in nats.
_SHARES = (1.0, 0.75, 0.5, 0.25)
_MAY_COST = 0.0005


@dataclass(frozen=True)
class Finished:
    """A finished network to go on from.

    Attributes:
        folder: where it lies, with the curves of its own epochs.
        weights: all of them, in Keras's order.
        vectors: its word vectors, ``(vocabulary, embedding)``.
        epochs, steps: how long it has been trained already.
        pretraining_minutes: of its language model.
    """

    folder: Path
    weights: list[np.ndarray]
    vectors: np.ndarray
    epochs: int
    steps: int
    pretraining_minutes: float | None

    @classmethod
    def read(cls, folder: Path, corpus: Corpus) -> Finished:
        """Read it from its folder.

        Raises:
            DatasetError: if it learnt other words than the corpus has.
        """
        name, shelf = folder.name, folder.parent
        model = load_model(name, shelf)
        if model.vocabulary.words != corpus.vocabulary.words:
            raise DatasetError(f"The network {name} in {shelf} learnt other words; remove it, and it is trained anew.")
        network = load_network(name, shelf)
        history = artifacts.read_history(folder / "history.csv")
        steps = int((folder / "steps.csv").read_text().split()[-1].split(",")[0])
        minutes = card_facts.training(model.card).pretraining_minutes
        (vectors,) = network.get_layer("embedding").get_weights()
        return cls(folder, network.get_weights(), vectors, int(history.epoch.max()), steps, minutes)

    def begin(self, run: Path) -> None:
        """Let the curves of ``run`` go on after its own, unless they already do."""
        for name in ("history.csv", "steps.csv"):
            if not (run / name).exists():
                shutil.copy(self.folder / name, run / name)

    def meet(self, trained: keras.Model, network: keras.Model, recipe: Recipe, validation: Part, run: Path) -> None:
        """Put weights between those of the start and those of every new epoch in the place of the latter.

        The furthest of ``_SHARES`` is taken whose loss on validation, once calibrated, is hardly above that of the
        start; the epoch's row of the history then tells of these weights. Wortsman et al. 2022, "Robust fine-tuning of
        zero-shot models": on the line between both, most of what is new is learnt before much of the old is lost.

        Args:
            trained, network: the network with and without what only training needs; they share their weights.
            run: working folder with the weights of every epoch; where they are as they were learnt is kept beside.
        """
        plain = build(recipe)
        most = _losses(plain, self.weights, recipe, validation)[0] + _MAY_COST
        rows = list(csv.DictReader((run / "history.csv").read_text().splitlines()))
        for row in rows[self.epochs :]:
            file, learnt = (run / f"{kind}_{int(row['epoch']):02d}.weights.h5" for kind in ("epoch", "learnt"))
            if learnt.exists():
                continue
            trained.load_weights(file)
            ends = network.get_weights()
            for share in _SHARES:
                weights = [a + np.float32(share) * (b - a) for a, b in zip(self.weights, ends, strict=True)]
                calibrated, loss, accuracy = _losses(plain, weights, recipe, validation)
                if calibrated <= most:
                    break
            network.set_weights(weights)
            file.rename(learnt)
            trained.save_weights(file)
            (run / f"share_{int(row['epoch']):02d}.json").write_text(json.dumps(share))
            if share == _SHARES[0]:
                continue
            row |= {"val_loss": f"{loss:.5f}", "val_accuracy": f"{accuracy:.5f}"}
            write_rows(run / "history.csv", HISTORY_COLUMNS, rows)


def share_kept(run: Path, epoch: int) -> float:
    """How far the weights of an epoch are from those of the start to those that were learnt, see ``Finished.meet``."""
    return float(json.loads((run / f"share_{epoch:02d}.json").read_text()))


def _losses(
    plain: keras.Model, weights: list[np.ndarray], recipe: Recipe, validation: Part
) -> tuple[float, float, float]:
    """Loss on validation once calibrated, loss as it is, and accuracy."""
    plain.set_weights(weights)
    logits, labels = judged(plain, validation, recipe)
    fitted = Calibration.fitted(logits, labels, shifted=not recipe.streams)
    loss = np.logaddexp(0, np.where(labels > 0.5, -logits, logits)).mean()
    return fitted.loss(logits, labels), float(loss), float(((logits > 0) == (labels > 0.5)).mean())


def judged(network: keras.Model, validation: Part, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """The network's logits and the labels, ``(n,)`` each."""
    batches = EvaluationBatches(validation, recipe.max_timesteps)
    verdicts = running(network)
    logits = [verdicts.predict_on_batch(batches[i][0])[:, -1, 0] for i in range(len(batches))]
    return np.concatenate(logits), np.concatenate([batches[i][1]["final"][:, 0] for i in range(len(batches))])
