"""Figures of one model on the official 25,000 test reviews. Figures only: no review, no title, no name."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from models import artifacts, card_facts, one_move
from models.card import ModelCard
from models.catalog import load_model, read_card
from models.explain import running as explain
from models.figures import metrics
from models.figures.json_file import as_json
from models.figures.records import (
    AtThreshold,
    Figures,
    LengthSlice,
    ShareSlice,
    Slice,
    StarSlice,
)
from models.nn.cells import sigmoid
from models.sentiment import SentimentModel
from models.text import keys
from models.training.data import imdb, review_table
from models.training.data.batches import pad
from models.training.data.corpus import cut_pooled
from models.training.networks import load_network, refuse_brought
from models.training.report import challenges
from models.training.report.states import read_many, write_states

Array = np.ndarray
_SAMPLE = 256  # reviews that Keras reads too
_LENGTHS = (0, 50, 100, 150, 200, 300, 400, 600, 1_000, 10_000)
_SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def evaluate(name: str, data: Path | None, shelf: Path) -> Figures:
    """Judge a model; write ``evaluation.json`` and ``states.npz``, and the accuracy into its card; returns the figures.

    The figures come from the reader that serves pages; how far Keras is from it on a sample is one of them.

    Raises:
        UnknownModel, ArtifactError: if the model cannot be loaded.
        imdb.DatasetError: if the dataset is missing or altered.
    """
    model = load_model(name, shelf)
    refuse_brought(name, shelf)
    dataset = imdb.read(data)
    recipe = card_facts.recipe(model.card)
    review_table.same_source(model.card, dataset)
    official = not recipe.test_reviews and dataset.origin is None
    trained, reviews = dataset.train, dataset.test
    if recipe.test_reviews:
        trained, reviews = map(tuple, cut_pooled(dataset, int(recipe.test_reviews), int(recipe.seed or 0)))
    documents = [model.vocabulary.encode(keys(review.text)) for review in reviews]
    labels = np.array([review.label for review in reviews])
    stars = np.array([review.stars for review in reviews])
    logits, early = _judge(model, documents)
    lengths = np.array([len(ids) for ids in documents])
    right = (logits >= 0) == (labels == 1)
    figures = replace(
        _verdicts(logits, labels),
        model=name,
        official_test=official,
        without_duplicates=_without_duplicates(right, reviews, trained),
        right_bits=_packed(right) if official else None,
        by_length=tuple(
            LengthSlice(low, high, *_share(right[(lengths >= low) & (lengths < high)]))
            for low, high in pairwise(_LENGTHS)
        ),
        # A table has no stars.
        by_stars=tuple(StarSlice(int(s), *_share(right[stars == s])) for s in np.unique(stars))
        if dataset.origin is None
        else (),
        by_share_read=()
        if early is None
        else tuple(ShareSlice(share, *_share((early[:, i] >= 0) == (labels == 1))) for i, share in enumerate(_SHARES)),
        unread_words=int(np.maximum(0, lengths - model.card.max_timesteps).sum()),
        challenges=challenges.measure(model, dataset),
        largest_difference_to_keras=_difference_to_keras(model.card, documents, logits),
    )
    write_states(model, documents, labels)
    _save(model.card, figures)
    return figures


def _judge(model: SentimentModel, documents: Sequence[Array]) -> tuple[Array, Array | None]:
    """Logits of the verdicts, (n,), and of the running predictions at ``_SHARES`` of each review, (n, shares)."""
    logits = np.full(len(documents), model.network.bias, np.float32)
    early = np.full((len(documents), len(_SHARES)), model.network.bias, np.float32) if model.network.streams else None
    for which, lengths, _, readings in read_many(model, documents, "verdicts"):
        logits[which] = model.network.final_logits(readings[-1], lengths)
        if early is not None:
            for column, (review, length) in enumerate(zip(which, lengths, strict=True)):
                words = min(len(documents[review]), model.card.max_timesteps)
                states = readings[-1][0].hidden_states[length - words : length, column]
                running = explain.running_logits(model.network, states)
                early[review] = running[[max(0, round(share * words) - 1) for share in _SHARES]]
    return logits, early


def _verdicts(logits: Array, labels: Array) -> Figures:
    """Accuracy, loss, AUC, confusion, ROC, the threshold's effect and calibration."""
    positive = labels == 1
    fit = metrics.fit(logits, positive, 0.0)
    probabilities = sigmoid(logits)
    losses = np.logaddexp(0, np.where(positive, -logits, logits).astype(np.float64))
    return Figures(
        test_reviews=fit.reviews,
        accuracy=fit.accuracy,
        loss=float(losses.mean()),
        loss_deviation=float(losses.std()),
        auc=fit.auc,
        confusion=fit.confusion,
        roc=fit.points,
        thresholds=tuple(
            AtThreshold(
                threshold=float(t),
                accuracy=float(((probabilities >= t) == positive).mean()),
                true_positive=int(((probabilities >= t) & positive).sum()),
                false_positive=int(((probabilities >= t) & ~positive).sum()),
            )
            for t in np.round(np.arange(0.05, 1, 0.05), 2)
        ),
        calibration=metrics.calibration(probabilities, positive),
    )


def _without_duplicates(right: Array, reviews: Iterable[imdb.Review], training: Iterable[imdb.Review]) -> Slice:
    """Accuracy on the test reviews whose text is not among the labelled training reviews."""
    trained = {review.text for review in training}
    return Slice(*_share(right[np.array([review.text not in trained for review in reviews])]))


def _packed(right: Array) -> str:
    """One bit a test review, in the dataset's order, 1 where the verdict was right: two models can be compared later.

    Eight to a byte, the first review in the highest bit, as base64: 4.2 kB for 25,000 reviews, and no word of them.
    """
    return base64.b64encode(np.packbits(right).tobytes()).decode()


def _share(right: Array) -> tuple[int, float]:
    """How many reviews, and the share of them that is right; NaN of none."""
    return len(right), float(right.mean()) if len(right) else math.nan


def _difference_to_keras(card: ModelCard, documents: Sequence[Array], logits: Array) -> float:
    """Largest difference of P(positive) between our reader and the Keras network, over evenly chosen reviews."""
    network = load_network(card.name, card.folder.parent)
    limit = None if card.unread_end == "start" else card.max_timesteps  # those networks cut by themselves
    chosen = np.linspace(0, len(documents) - 1, min(_SAMPLE, len(documents))).astype(int)
    by_length = sorted(chosen, key=lambda i: len(documents[i]))
    keras_says = [
        network.predict_on_batch(pad([documents[i][:limit] for i in by_length[start : start + 32]]))[:, 0]
        for start in range(0, len(by_length), 32)
    ]
    return float(np.abs(np.concatenate(keras_says) - sigmoid(logits[by_length])).max())


def _save(card: ModelCard, figures: Figures) -> None:
    unseen, calibration = figures.without_duplicates, figures.calibration
    assert unseen is not None
    assert calibration is not None
    with one_move.written(card.folder / "evaluation.json") as fresh:
        fresh.write_text(json.dumps(as_json(figures), indent=1) + "\n")
    facts = artifacts.read_card(card.folder)
    facts["test_accuracy"] = round(figures.accuracy, 5)
    facts["test"] = {
        "accuracy": round(figures.accuracy, 5),
        "accuracy_without_duplicates": round(unseen.accuracy, 5),
        "loss": round(figures.loss, 5),
        "auc": round(figures.auc, 5),
        "expected_calibration_error": round(calibration.expected_calibration_error, 5),
    }
    artifacts.write_card(card.folder, facts)
    from models.training.report.model_card import write_readme

    write_readme(read_card(card.folder), figures)
