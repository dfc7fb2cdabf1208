"""A Recipe becomes artefacts: train, keep the best epoch, calibrate, write the folder of section "what is left".

A run is resumable: after every epoch its whole state lies in the working folder, and the same command goes on from
there. It is repeatable: every random choice comes from the recipe's seed.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from models import artifacts
from models.catalog import load_model
from models.training.article_fit import train_article
from models.training.articles import Article
from models.training.batches import EvaluationBatches, TrainingBatches
from models.training.callbacks import Curves, DropoutGoesOn, LabelledAccuracy
from models.training.corpus import Corpus, Part, read_corpus
from models.training.imdb import DatasetError
from models.training.networks import build, running
from models.training.optimizer import LayerwiseAdam
from models.training.recipes import RECIPES, Recipe
from models.training.runs import best_epoch, epochs_done, put_on_shelf, run_folder
from models.training.word_vectors import skip_gram

WORK = artifacts.WORK


def train(recipe: Recipe | Article, data: Path | None, out: Path, work: Path = WORK, limit: int | None = None) -> Path:
    """Train one recipe, and first the teachers it asks for; returns the finished folder ``out/<name>``.

    Args:
        data: the dataset, see ``imdb.read``.
        out: shelf to put the model on.
        work: word vectors, teachers' opinions and unfinished runs are kept here.
        limit: at most so many labelled reviews, for quick tries.

    Raises:
        imdb.DatasetError: if the dataset is missing or altered.
    """
    if isinstance(recipe, Article):
        return train_article(recipe, data, out, work, limit)
    with_unlabelled = recipe.unlabelled_per_epoch > 0
    corpus = read_corpus(data, recipe.vocabulary, recipe.validation_size, 1, limit, with_unlabelled)
    recipe = replace(recipe, vocabulary=len(corpus.vocabulary))  # a small dataset may have fewer words than asked for
    soft = _teachers_opinion(recipe, corpus, data, out, work, limit)
    corpus = replace(corpus, unlabelled=Part(corpus.unlabelled.ids, soft))
    vectors = skip_gram(corpus, recipe.embedding, 1, work) if with_unlabelled else None
    run = run_folder(recipe, corpus, work)
    network = _fit(recipe, corpus, vectors, run)
    temperature = _calibrate(network, corpus.validation, recipe)
    notes: dict[str, object] = {"best_epoch": best_epoch(run), "temperature": round(temperature, 4), "limit": limit}
    return put_on_shelf(recipe, corpus, network, run, out, notes)


def _teachers_opinion(
    recipe: Recipe, corpus: Corpus, data: Path | None, out: Path, work: Path, limit: int | None
) -> np.ndarray:
    """P(positive) of every unlabelled review: the teachers' mean logit, never exactly 0 or 1."""
    logits = []
    for teacher in recipe.teachers:
        if teacher == "naive_bayes":
            version = "1"
        else:
            if not (out / teacher / "card.json").exists():
                train(RECIPES[teacher], data, out, work, limit)
            version = artifacts.sha256(out / teacher / "model.keras")[:12]
        saved = work / f"opinion-{teacher}-{version}-{corpus.fingerprint}.npy"
        if not saved.exists():
            if teacher == "naive_bayes":
                from models.training.naive_bayes import NaiveBayesWeighted

                opinion = NaiveBayesWeighted(recipe.vocabulary).fit(corpus.training, 1).logits(corpus.unlabelled.ids)
            else:
                opinion = _network_opinion(teacher, corpus, out)
            work.mkdir(parents=True, exist_ok=True)
            np.save(saved, opinion)
        logits.append(np.load(saved))
    mean = np.mean(logits, axis=0) if logits else np.zeros(len(corpus.unlabelled))
    return (1 / (1 + np.exp(-mean))).clip(1e-3, 1 - 1e-3).astype(np.float32)


def _network_opinion(teacher: str, corpus: Corpus, out: Path) -> np.ndarray:
    model = load_model(teacher, out)
    if model.vocabulary.words != corpus.vocabulary.words:
        raise DatasetError(f"The teacher {teacher} in {out} learnt other words; name another shelf with --out.")
    return model.logits_of_ids(corpus.unlabelled.ids)


def _fit(recipe: Recipe, corpus: Corpus, vectors: np.ndarray | None, run: Path) -> keras.Model:
    """Train or go on training in the folder ``run``; the network with its best epoch's averaged weights."""
    run.mkdir(parents=True, exist_ok=True)
    network = build(recipe, vectors, fused=True)
    logits = network.get_layer("readout").output
    trained = keras.Model(network.input, {"final": logits[:, -1], "running": logits})
    done = epochs_done(run / "backup")
    batches = TrainingBatches(corpus.training, corpus.unlabelled, recipe, epoch=done)
    validation = EvaluationBatches(corpus.validation, recipe.max_timesteps)
    steps = len(batches) * recipe.epochs
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps, alpha=0.02, warmup_target=recipe.learning_rate, warmup_steps=max(1, steps // 20)
    )
    optimizer = LayerwiseAdam(
        schedule,
        factors={"embedding": recipe.embedding_rate},
        global_clipnorm=recipe.clip_norm,
        use_ema=True,
        ema_momentum=recipe.averaging,
    )
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    trained.compile(
        optimizer,
        loss={"final": entropy, "running": entropy},
        loss_weights={"final": 1 - recipe.running_loss, "running": recipe.running_loss},
        metrics={"final": [LabelledAccuracy()], "running": []},
    )
    trained.fit(
        batches,
        epochs=recipe.epochs,
        validation_data=validation,
        shuffle=False,
        verbose=1 if sys.stderr.isatty() else 2,
        callbacks=[
            keras.callbacks.BackupAndRestore(run / "backup", delete_checkpoint=False),
            keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
            DropoutGoesOn(len(batches)),
            Curves(run, "final_"),
            keras.callbacks.ModelCheckpoint(run / "epoch_{epoch:02d}.weights.h5", save_weights_only=True),
        ],
    )
    trained.load_weights(run / f"epoch_{best_epoch(run):02d}.weights.h5")
    return network


def _calibrate(network: keras.Model, validation: Part, recipe: Recipe) -> float:
    """Divide the output layer by the temperature that makes P(positive) fit validation best; returns it.

    Guo et al. 2017, "On Calibration of Modern Neural Networks". Verdicts do not change, only how sure they are.
    """
    batches = EvaluationBatches(validation, recipe.max_timesteps)
    verdicts = running(network)
    logits = np.concatenate([verdicts.predict_on_batch(batches[i][0])[:, -1, 0] for i in range(len(batches))])
    labels = np.concatenate([batches[i][1]["final"][:, 0] for i in range(len(batches))])
    signed = logits * (2 * labels - 1)
    grid = np.exp(np.linspace(np.log(0.5), np.log(4), 400))
    temperature = float(grid[np.argmin([np.logaddexp(0, -signed / t).mean() for t in grid])])
    layer = network.get_layer("readout")
    layer.set_weights([weights / temperature for weights in layer.get_weights()])
    return temperature
