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

from models import artifacts
from models.catalog import load_model, read_card
from models.nn.cells import sigmoid
from models.training.data import imdb
from models.training.data.batches import EvaluationBatches, TrainingBatches
from models.training.data.corpus import NOBODY_JUDGED, Corpus, Part, fingerprint, read_corpus
from models.training.data.rewriting import Rewriter
from models.training.data.word_vectors import skip_gram
from models.training.fit.calibration import Calibration
from models.training.fit.callbacks import Curves, DropoutGoesOn, LabelledAccuracy
from models.training.fit.optimizer import LayerwiseAdam
from models.training.fit.runs import alone_in, epochs_done, put_on_shelf, run_folder
from models.training.networks import build, load_network, running
from models.training.recipes import RECIPES, TEACHERS, Recipe, Unlabelled
from models.training.teachers.additions import Additions
from models.training.teachers.adversarial import AdversarialModel
from models.training.teachers.article_fit import train_article
from models.training.teachers.articles import Article

if TYPE_CHECKING:
    from models.sentiment import SentimentModel
    from models.training.teachers.language_model import Start

WORK = artifacts.WORK
_WON_BACK = 0.01  # nats; what calibration may lower a loss by


def train(recipe: Recipe | Article, data: Path | None, out: Path, work: Path = WORK, limit: int | None = None) -> Path:
    """Train one recipe, and first the teachers it asks for; returns the finished folder ``out/<name>``.

    Args:
        data: the dataset, see ``imdb.read``.
        out: shelf to put the model on.
        work: word vectors, teachers' opinions and unfinished runs are kept here.
        limit: at most so many labelled reviews, for quick tries.

    Raises:
        imdb.DatasetError: if the dataset is missing or altered.
        InUse: if another process trains the very same.
    """
    if isinstance(recipe, Article):
        return train_article(recipe, data, out, work, limit)
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
    taught = Teachers(recipe, read, data, out, work, limit)
    corpus = replace(
        read, unlabelled=taught.judge("unlabelled"), sentences=taught.judge("sentences"), parts=taught.judge("parts")
    )
    vectors = skip_gram(corpus, recipe.embedding, 1, work) if recipe.reads_unlabelled else None
    start = None
    if recipe.language_model_epochs and vectors is not None:
        from models.training.teachers.language_model import pretrained

        before = None
        if recipe.continues:
            before = _start_from(recipe.continues, corpus, _shelf_with(recipe.continues, data, out, work, limit))
        # As of the word vectors, there is one for all seeds: it takes longer than everything after it.
        start = pretrained(replace(recipe, seed=1), corpus, vectors, work, before)
    with alone_in(run_folder(recipe, corpus, work)) as run:
        network, kept, calibration = _fit(recipe, corpus, vectors, start, run)
        notes: dict[str, object] = {"best_epoch": kept, **asdict(calibration), "limit": limit}
        if start is not None:
            notes["pretraining_minutes"] = round(start.minutes, 1)
        return put_on_shelf(recipe, corpus, network, run, out, notes)


class Teachers:
    """The recipe's teachers, each trained first if it is not there yet; their opinions are kept in ``work``."""

    def __init__(
        self, recipe: Recipe, corpus: Corpus, data: Path | None, out: Path, work: Path, limit: int | None
    ) -> None:
        self._recipe, self._corpus, self._work = recipe, corpus, work
        self._shelves: dict[str, Path] = {}
        for teacher in recipe.teachers:
            if teacher == "naive_bayes":
                continue
            self._shelves[teacher] = _shelf_with(teacher, data, out, work, limit)

    def judge(self, part: Unlabelled) -> Part:
        """These texts with P(positive): the teachers' mean logit, never exactly 0 or 1.

        Nobody judges them if the recipe has no teachers or does not ask for opinions of these texts. Naive Bayes, which
        counts the words of whole reviews, judges pieces of them only where it is the only teacher. Single sentences
        are judged without a teacher's shift: it was fitted on whole reviews, and on a dozen words it leans too far.
        """
        texts: Part = getattr(self._corpus, part)
        if not (self._recipe.teachers and self._recipe.opinions_of(part)):
            return Part(texts.ids, np.full(len(texts), NOBODY_JUDGED, np.float32))
        names = [name for name in self._recipe.teachers if part == "unlabelled" or name in self._shelves]
        names = names or list(self._recipe.teachers)
        logits = [
            self._opinion(name, part, texts) - (self._shift(name) if part == "sentences" else 0) for name in names
        ]
        mean = np.mean(logits, axis=0)
        return Part(texts.ids, sigmoid(mean).clip(1e-3, 1 - 1e-3).astype(np.float32))

    def _shift(self, teacher: str) -> float:
        """What calibration added to this teacher's logits, see ``Calibration``."""
        if teacher not in self._shelves:
            return 0.0
        return float(read_card(self._shelves[teacher] / teacher).facts["training"].get("shift", 0.0))

    def _opinion(self, teacher: str, part: str, texts: Part) -> np.ndarray:
        version = "1"
        if teacher in self._shelves:
            version = artifacts.sha256(self._shelves[teacher] / teacher / "model.keras")[:12]
        # The corpus's own fingerprint does not say how its reviews are cut.
        pieces = fingerprint(self._corpus.vocabulary, [texts])
        saved = self._work / f"opinion-{teacher}-{version}-{self._corpus.fingerprint}-{pieces}-{part}.npy"
        if saved.exists():
            return np.asarray(np.load(saved))
        if teacher in self._shelves:
            model = _of_the_same_words(teacher, self._corpus, self._shelves[teacher])
            opinion = model.logits_of_ids(texts.ids)
        else:
            from models.training.teachers.naive_bayes import NaiveBayesWeighted

            opinion = NaiveBayesWeighted(self._recipe.vocabulary).fit(self._corpus.training, 1).logits(texts.ids)
        self._work.mkdir(parents=True, exist_ok=True)
        np.save(saved, opinion)
        return opinion


def _shelf_with(name: str, data: Path | None, out: Path, work: Path, limit: int | None) -> Path:
    """The shelf on which a network lies that another one needs, trained first if it is not there yet."""
    shelf = out if name in RECIPES else work / "teachers"
    if not (shelf / name / "card.json").exists():
        train(RECIPES.get(name) or TEACHERS[name], data, shelf, work, limit)
    return shelf


def _start_from(name: str, corpus: Corpus, shelf: Path) -> Start:
    """A finished network's word vectors and first recurrent layer, and all minutes that were needed for it."""
    from models.training.teachers.language_model import Start

    training = _of_the_same_words(name, corpus, shelf).card.facts["training"]
    network = load_network(name, shelf)
    (vectors,) = network.get_layer("embedding").get_weights()
    minutes = training.get("pretraining_minutes", 0.0) + training["minutes"]
    return Start(vectors, _first_recurrent(network).get_weights(), minutes)


def _first_recurrent(network: keras.Model) -> keras.layers.Layer:
    return next(layer for layer in network.layers if layer.name.startswith("recurrent"))


def _of_the_same_words(name: str, corpus: Corpus, shelf: Path) -> SentimentModel:
    model = load_model(name, shelf)
    if model.vocabulary.words != corpus.vocabulary.words:
        raise imdb.DatasetError(f"The network {name} in {shelf} learnt other words; name another shelf with --out.")
    return model


def _additions(recipe: Recipe, corpus: Corpus, vectors: np.ndarray | None) -> Additions | None:
    if not recipe.additions or vectors is None:
        return None
    rewriter = Rewriter(corpus.vocabulary.words, vectors, corpus.training, corpus.unlabelled)
    return Additions(corpus.sentences, corpus.parts, rewriter, corpus.vocabulary.words)


def _fit(
    recipe: Recipe, corpus: Corpus, vectors: np.ndarray | None, start: Start | None, run: Path
) -> tuple[keras.Model, int, Calibration]:
    """Train or go on training in the folder ``run``; the plain network, which epoch it is of, and its calibration."""
    network = build(recipe, vectors, in_training=True)
    if start is not None:
        network.get_layer("embedding").set_weights([start.vectors])
        _first_recurrent(network).set_weights(start.weights)
    logits = network.get_layer("readout").output
    by_word = recipe.running_loss > 0
    outputs = {"final": logits[:, -1], **({"running": logits} if by_word else {})}
    trained = (
        AdversarialModel(recipe.adversarial, network.input, outputs)
        if recipe.adversarial
        else keras.Model(network.input, outputs)
    )
    done = epochs_done(run / "backup")
    additions = _additions(recipe, corpus, vectors)
    batches = TrainingBatches(corpus.training, corpus.unlabelled, recipe, additions, epoch=done)
    validation = EvaluationBatches(corpus.validation, recipe.max_timesteps, running=by_word)
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
    shares = {"final": 1 - recipe.running_loss, "running": recipe.running_loss}
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    trained.compile(
        optimizer,
        loss=dict.fromkeys(outputs, entropy),
        loss_weights={name: weight for name, weight in shares.items() if name in outputs},
        metrics={name: [LabelledAccuracy()] if name == "final" else [] for name in outputs},
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
            DropoutGoesOn(len(batches) * (2 if recipe.adversarial else 1)),
            Curves(run, "final_" if by_word else ""),
            keras.callbacks.ModelCheckpoint(run / "epoch_{epoch:02d}.weights.h5", save_weights_only=True),
        ],
    )
    return _kept(trained, network, recipe, corpus.validation, run)


def _kept(
    trained: keras.Model, network: keras.Model, recipe: Recipe, validation: Part, run: Path
) -> tuple[keras.Model, int, Calibration]:
    """The plain network as of the epoch whose calibrated loss on validation is lowest, calibrated.

    Only epochs near the lowest loss before calibration are looked at: it does not win back more.
    """
    history = artifacts.read_history(run / "history.csv")
    near = history.epoch[history.val_loss <= history.val_loss.min() + _WON_BACK]
    plain = build(recipe)
    found: list[tuple[float, int, Calibration, list[np.ndarray]]] = []
    for epoch in map(int, near):
        trained.load_weights(run / f"epoch_{epoch:02d}.weights.h5")
        plain.set_weights(network.get_weights())
        logits, labels = _judged(plain, validation, recipe)
        calibration = Calibration.fitted(logits, labels, shifted=not recipe.streams)
        found.append((calibration.loss(logits, labels), epoch, calibration, plain.get_weights()))
    _, epoch, calibration, weights = min(found, key=lambda one: one[:2])
    plain.set_weights(weights)
    layer = plain.get_layer("readout")
    layer.set_weights(calibration.readout(*layer.get_weights()))
    return plain, epoch, calibration


def _judged(network: keras.Model, validation: Part, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """The network's logits and the labels, ``(n,)`` each."""
    batches = EvaluationBatches(validation, recipe.max_timesteps)
    verdicts = running(network)
    logits = [verdicts.predict_on_batch(batches[i][0])[:, -1, 0] for i in range(len(batches))]
    return np.concatenate(logits), np.concatenate([batches[i][1]["final"][:, 0] for i in range(len(batches))])
