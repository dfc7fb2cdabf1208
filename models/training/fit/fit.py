"""A Recipe becomes artefacts: train, keep the best epoch, calibrate, write the folder.

A run is resumable: after every epoch its whole state lies in the working folder, and the same command goes on from
there. It is repeatable: every random choice comes from the recipe's seed.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np

from models import artifacts, card_facts
from models.training.data import imdb
from models.training.data.batches import EvaluationBatches, TrainingBatches
from models.training.data.composing import Composer
from models.training.data.corpus import Corpus, Part, read_corpus
from models.training.data.lexicon import Lexicon
from models.training.data.rewriting import Rewriter
from models.training.data.word_vectors import skip_gram
from models.training.fit.articles import train_article
from models.training.fit.calibration import Calibration
from models.training.fit.callbacks import Curves, DropoutGoesOn, LabelledAccuracy
from models.training.fit.opinions import Teachers, of_the_same_words
from models.training.fit.optimizer import LayerwiseAdam
from models.training.fit.refining import Finished, judged, share_kept
from models.training.fit.runs import alone_in, epochs_done, put_on_shelf, run_folder, whole_folder
from models.training.networks import build, load_network
from models.training.recipe import Article, Recipe
from models.training.recipes import RECIPES, TEACHERS
from models.training.teachers.additions import Additions
from models.training.teachers.adversarial import AdversarialModel

if TYPE_CHECKING:
    from models.training.teachers.language_model import Start

_WON_BACK = 0.01  # nats; what calibration may lower a loss by


def train(
    recipe: Recipe | Article,
    data: Path | None,
    out: Path,
    work: Path,
    limit: int | None = None,
    teachers: Path | None = None,
) -> Path:
    """Train one recipe, and first the teachers it asks for; returns the finished folder ``out/<name>``.

    Args:
        data: the dataset, see ``imdb.read``.
        out: shelf to put the model on.
        work: word vectors, teachers' opinions and unfinished runs are kept here.
        limit: at most so many labelled reviews, for quick tries.
        teachers: shelf of the networks that teach it; None for ``out``.

    Raises:
        imdb.DatasetError: if the dataset is missing or altered.
        InUse: if another process trains the very same.
    """
    if isinstance(recipe, Article):
        return train_article(recipe, data, out, work, limit)
    teachers = teachers or out
    before: Path | None = None
    if recipe.short_epochs:
        before = whole_folder(recipe.whole, work, limit)
        if not (before / "card.json").exists():
            train(recipe.whole, data, before.parent, work, limit, teachers)
    stage = recipe if before is None else recipe.short
    return _train(recipe, stage, before, data, out, work, limit, teachers)


def _train(
    whole: Recipe,
    recipe: Recipe,
    before: Path | None,
    data: Path | None,
    out: Path,
    work: Path,
    limit: int | None,
    shelf: Path,
) -> Path:
    """One stage ``recipe`` of the recipe ``whole``; it goes on from the finished network ``before`` if there is one."""
    read = read_corpus(
        data,
        recipe.vocabulary,
        recipe.validation_size,
        imdb.SPLIT_SEED,
        limit,
        recipe.reads_unlabelled,
        recipe.additions,
    )
    recipe = replace(recipe, vocabulary=len(read.vocabulary))  # a small dataset may have fewer words than asked for
    taught = Teachers(recipe, read, work, lambda name: _shelf_with(name, data, shelf, work, limit))
    corpus = replace(
        read, unlabelled=taught.judge("unlabelled"), sentences=taught.judge("sentences"), parts=taught.judge("parts")
    )
    finished = Finished.read(before, corpus) if before else None
    vectors = finished.vectors if finished else None
    if vectors is None and recipe.reads_unlabelled:
        vectors = skip_gram(corpus, recipe.embedding, 1, work)
    start = None
    if recipe.language_model_epochs and vectors is not None:
        from models.training.teachers.language_model import pretrained

        earlier = None
        if recipe.continues:
            earlier = _start_from(recipe.continues, corpus, _shelf_with(recipe.continues, data, shelf, work, limit))
        # As of the word vectors, there is one for all seeds: it takes longer than everything after it.
        start = pretrained(replace(recipe, seed=1), corpus, vectors, work, earlier)
    with alone_in(run_folder(recipe, corpus, work)) as run:
        additions = _additions(recipe, corpus, vectors, read.unlabelled)
        network, kept, calibration = _fit(recipe, corpus, vectors, additions, start, run, finished)
        notes: dict[str, object] = {"best_epoch": kept, **asdict(calibration), "limit": limit}
        if start is not None:
            notes["pretraining_minutes"] = round(start.minutes, 1)
        if finished is not None:
            notes |= {"refined_after": finished.epochs, "pretraining_minutes": finished.pretraining_minutes}
            notes |= {"unlabelled_reviews": len(read.unlabelled), "share_kept": share_kept(run, kept)}
            notes["short_opinions"] = recipe.epochs * recipe.composed_per_epoch
        recipe = replace(whole, vocabulary=recipe.vocabulary)
        return put_on_shelf(recipe, corpus, network, run, out, notes, before)


def _shelf_with(name: str, data: Path | None, out: Path, work: Path, limit: int | None) -> Path:
    """The shelf on which a network lies that another one needs, trained first if it is not there yet."""
    shelf = out if name in RECIPES else work / "teachers"
    if not (shelf / name / "card.json").exists():
        train(RECIPES.get(name) or TEACHERS[name], data, shelf, work, limit)
    return shelf


def _start_from(name: str, corpus: Corpus, shelf: Path) -> Start:
    """A finished network's word vectors and first recurrent layer, and all minutes that were needed for it."""
    from models.training.teachers.language_model import Start

    minutes = card_facts.training_minutes(of_the_same_words(name, corpus, shelf).card)
    network = load_network(name, shelf)
    (vectors,) = network.get_layer("embedding").get_weights()
    return Start(vectors, _first_recurrent(network).get_weights(), minutes or 0.0)


def _first_recurrent(network: keras.Model) -> keras.layers.Layer:
    return next(layer for layer in network.layers if layer.name.startswith("recurrent"))


def _additions(recipe: Recipe, corpus: Corpus, vectors: np.ndarray | None, unlabelled: Part) -> Additions | None:
    """What is made of the corpus; words are counted in all ``unlabelled`` reviews, judged or not."""
    if not recipe.additions or vectors is None:
        return None
    rewriter = Rewriter(corpus.vocabulary.words, vectors, corpus.training, unlabelled)
    words = corpus.vocabulary.words
    composer = None
    if recipe.composed_per_epoch:
        lexicon = Lexicon.learnt(words, vectors, rewriter.leaning, corpus.training, unlabelled, corpus.sentences)
        composer = Composer(words, lexicon)
    return Additions(corpus.sentences, corpus.parts, rewriter, words, composer)


def _fit(
    recipe: Recipe,
    corpus: Corpus,
    vectors: np.ndarray | None,
    additions: Additions | None,
    start: Start | None,
    run: Path,
    finished: Finished | None = None,
) -> tuple[keras.Model, int, Calibration]:
    """Train or go on training in the folder ``run``; the plain network, which epoch it is of, and its calibration."""
    network = build(recipe, vectors, in_training=True)
    if start is not None:
        network.get_layer("embedding").set_weights([start.vectors])
        _first_recurrent(network).set_weights(start.weights)
    before = (0, 0)
    if finished is not None:
        network.set_weights(finished.weights)
        finished.begin(run)
        before = (finished.epochs, finished.steps)
    logits = network.get_layer("readout").output
    by_word = recipe.running_loss > 0
    outputs = {"final": logits[:, -1], **({"running": logits} if by_word else {})}
    trained = (
        AdversarialModel(recipe.adversarial, network.input, outputs)
        if recipe.adversarial
        else keras.Model(network.input, outputs)
    )
    done = max(before[0], epochs_done(run / "backup"))
    batches = TrainingBatches(corpus.training, corpus.unlabelled, recipe, additions, epoch=done)
    validation = EvaluationBatches(corpus.validation, recipe.max_timesteps, running=by_word)
    steps = len(batches) * recipe.epochs
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps, alpha=0.02, warmup_target=recipe.learning_rate, warmup_steps=max(1, steps // 20)
    )
    optimizer = LayerwiseAdam(
        schedule,
        factors={"embedding": recipe.embedding_rate, "recurrent": recipe.state_rate, "readout": recipe.state_rate},
        global_clipnorm=recipe.clip_norm,
        use_ema=True,
        ema_momentum=recipe.averaging,
    )
    shares = {"final": 1 - recipe.running_loss, "running": recipe.running_loss}
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    trained.compile(
        optimizer,
        loss=dict.fromkeys(outputs, entropy),
        loss_weights={name: weight for name, weight in shares.items() if name in outputs},
        metrics={name: [LabelledAccuracy()] if name == "final" else [] for name in outputs},
        jit_compile=False,  # XLA would compile anew for every length of a batch
    )
    trained.fit(
        batches,
        initial_epoch=before[0],
        epochs=before[0] + recipe.epochs,
        validation_data=validation,
        shuffle=False,
        verbose=1 if sys.stderr.isatty() else 2,
        callbacks=[
            keras.callbacks.BackupAndRestore(run / "backup", delete_checkpoint=False),
            keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
            DropoutGoesOn(len(batches) * (2 if recipe.adversarial else 1)),
            Curves(run, "final_" if by_word else "", before),
            keras.callbacks.ModelCheckpoint(run / "epoch_{epoch:02d}.weights.h5", save_weights_only=True),
        ],
    )
    if finished is not None:
        finished.meet(trained, network, recipe, corpus.validation, run)
    return _kept(trained, network, recipe, corpus.validation, run)


def _kept(
    trained: keras.Model, network: keras.Model, recipe: Recipe, validation: Part, run: Path
) -> tuple[keras.Model, int, Calibration]:
    """The plain network as of the epoch whose calibrated loss on validation is lowest, calibrated.

    Only epochs near the lowest loss before calibration are looked at: it does not win back more.
    """
    history = artifacts.read_history(run / "history.csv")
    history = history[[(run / f"epoch_{epoch:02d}.weights.h5").exists() for epoch in history.epoch]]
    near = history.epoch[history.val_loss <= history.val_loss.min() + _WON_BACK]
    plain = build(recipe)
    found: list[tuple[float, int, Calibration, list[np.ndarray]]] = []
    for epoch in map(int, near):
        trained.load_weights(run / f"epoch_{epoch:02d}.weights.h5")
        plain.set_weights(network.get_weights())
        logits, labels = judged(plain, validation, recipe)
        calibration = Calibration.fitted(logits, labels, shifted=not recipe.streams)
        found.append((calibration.loss(logits, labels), epoch, calibration, plain.get_weights()))
    _, epoch, calibration, weights = min(found, key=lambda one: one[:2])
    plain.set_weights(weights)
    layer = plain.get_layer("readout")
    layer.set_weights(calibration.readout(*layer.get_weights()))
    return plain, epoch, calibration
