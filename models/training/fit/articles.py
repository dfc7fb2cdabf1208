"""A published system becomes artefacts: plain Keras training with its own hyperparameters, nothing added.

A run is resumable: after every epoch its whole state lies in the working folder, and the same command goes on from
there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import pandas as pd

from models import artifacts
from models.training.data.batches import PlainBatches
from models.training.data.corpus import Corpus, read_article_corpus
from models.training.fit.callbacks import Curves, DropoutGoesOn
from models.training.fit.runs import alone_in, epochs_done, put_on_shelf, run_folder
from models.training.networks import build
from models.training.recipe import Article


def train_article(recipe: Article, data: Path | None, out: Path, work: Path, limit: int | None) -> Path:
    """Train one published system; returns the finished folder ``out/<name>``. Arguments as for ``fit.train``.

    The last epoch is kept, as its article does; with checkpoints, the best one.

    Raises:
        imdb.DatasetError: if the dataset is missing or altered.
        InUse: if another process trains the very same.
    """
    corpus = read_article_corpus(data, recipe, limit)
    with alone_in(run_folder(recipe, corpus, work)) as run:
        network = build(recipe, in_training=True)
        trained = keras.Model(network.input, network.get_layer("readout").output)
        notes: dict[str, object] = {"limit": limit}
        stop = min(recipe.resumed_after, recipe.epochs - 1)
        if stop > 0:
            _fit(trained, recipe, corpus, run, "backup", 0, stop)
            origin = _best(run, stop)
            notes["resumed"] = {"after_epoch": stop, "from_epoch": int(origin.epoch)}
            trained = keras.saving.load_model(run / "best_of_first.keras")
            _fit(trained, recipe, corpus, run, "backup_resumed", stop, recipe.epochs, float(origin.val_loss))
            notes["best_epoch"] = int(_best(run, recipe.epochs).epoch)
        else:
            _fit(trained, recipe, corpus, run, "backup", 0, recipe.epochs)
            notes["best_epoch"] = recipe.epochs
        network = build(recipe)
        network.load_weights(run / f"epoch_{notes['best_epoch']:02d}.weights.h5")
        return put_on_shelf(recipe, corpus, network, run, out, notes)


def _best(run: Path, epochs: int) -> pd.Series:
    """The row of the lowest validation loss among so many epochs."""
    history = artifacts.read_history(run / "history.csv").head(epochs)
    return history.iloc[int(history.val_loss.argmin())]


def _fit(
    trained: keras.Model,
    recipe: Article,
    corpus: Corpus,
    run: Path,
    backup: str,
    start: int,
    stop: int,
    lowest: float | None = None,
) -> None:
    """Train the epochs ``start`` … ``stop − 1``; ``lowest`` is the validation loss that a checkpoint has to beat."""
    done = max(start, epochs_done(run / backup))
    batches = PlainBatches(corpus.training, recipe, epoch=done)
    validation = PlainBatches(corpus.validation, recipe, ordered=True)
    if lowest is None:
        # A network that comes from a checkpoint brings its optimiser's state along.
        make = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam}[recipe.optimizer]
        trained.compile(
            make() if recipe.learning_rate is None else make(recipe.learning_rate),
            loss=keras.losses.BinaryCrossentropy(from_logits=True),
            metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
            jit_compile=False,  # XLA would compile anew for every length of a batch
        )
    callbacks = [
        keras.callbacks.BackupAndRestore(run / backup, delete_checkpoint=False),
        DropoutGoesOn(len(batches)),
        Curves(run),
        keras.callbacks.ModelCheckpoint(run / "epoch_{epoch:02d}.weights.h5", save_weights_only=True),
    ]
    if recipe.resumed_after:
        best = run / ("best_of_first.keras" if lowest is None else "best_of_all.keras")
        callbacks.append(keras.callbacks.ModelCheckpoint(best, save_best_only=True, initial_value_threshold=lowest))
    keras.utils.set_random_seed(recipe.seed)
    trained.fit(
        batches,
        epochs=stop,
        initial_epoch=start,
        validation_data=validation,
        shuffle=False,
        verbose=1 if sys.stderr.isatty() else 2,
        callbacks=callbacks,
    )
