"""Figures of one model on the official 25,000 test reviews. Figures only: no review, no title, no name."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from models import artifacts, one_move
from models.card import ModelCard
from models.catalog import load_model, read_card
from models.explain import running as explain
from models.figures import reading
from models.nn.cells import sigmoid
from models.sentiment import SentimentModel
from models.text import keys
from models.training.data import imdb, review_table
from models.training.data.batches import pad
from models.training.data.corpus import cut_pooled
from models.training.networks import load_network, refuse_brought
from models.training.report import challenges
from models.training.report.states import write_states

Array = np.ndarray
_LENGTHS = (0, 50, 100, 150, 200, 300, 400, 600, 1_000, 10_000)
_SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_BINS = 15


def evaluate(name: str, data: Path | None, shelf: Path) -> dict[str, Any]:
    """Judge a model; write ``evaluation.json`` and ``states.npz``, and the accuracy into its card; returns the figures.

    The figures come from the reader that serves pages; how far Keras is from it on a sample is one of them.

    Raises:
        UnknownModel, ArtifactError: if the model cannot be loaded.
        imdb.DatasetError: if the dataset is missing or altered.
    """
    model = load_model(name, shelf)
    refuse_brought(name, shelf)
    dataset = imdb.read(data)
    recipe = model.card.facts.get("recipe", {})
    review_table.same_source(model.card, dataset)
    official = not recipe.get("test_reviews") and dataset.origin is None
    trained, reviews = dataset.train, dataset.test
    if recipe.get("test_reviews"):
        trained, reviews = map(tuple, cut_pooled(dataset, recipe["test_reviews"], recipe["seed"]))
    documents = [model.vocabulary.encode(keys(review.text)) for review in reviews]
    labels = np.array([review.label for review in reviews])
    stars = np.array([review.stars for review in reviews])
    logits, early = _judge(model, documents)
    figures: dict[str, Any] = {"model": name, "test_reviews": len(labels), **_verdicts(logits, labels)}
    figures["official_test"] = official
    figures["without_duplicates"] = _without_duplicates(logits, labels, reviews, trained)
    figures["calibration"] = _calibration(sigmoid(logits), labels)
    lengths = np.array([len(ids) for ids in documents])
    right = (logits > 0) == (labels == 1)
    if official:
        figures["right_bits"] = _packed(right)
    figures["by_length"] = [
        {"from": low, "to": high, **_share(right[(lengths >= low) & (lengths < high)])}
        for low, high in pairwise(_LENGTHS)
    ]
    if dataset.origin is None:  # a table has no stars
        figures["by_stars"] = [{"stars": int(s), **_share(right[stars == s])} for s in np.unique(stars)]
    if early is not None:
        figures["by_share_read"] = [
            {"share": share, **_share((early[:, i] > 0) == (labels == 1))} for i, share in enumerate(_SHARES)
        ]
    figures["unread_words"] = int(np.maximum(0, lengths - model.card.max_timesteps).sum())
    figures["challenges"] = challenges.measure(model, dataset)
    figures["largest_difference_to_keras"] = _difference_to_keras(name, shelf, documents, logits)
    write_states(model, documents, labels)
    _save(model.card, figures)
    return figures


def _judge(model: SentimentModel, documents: Sequence[Array]) -> tuple[Array, Array | None]:
    """Logits of the verdicts, (n,), and of the running predictions at ``_SHARES`` of each review, (n, shares)."""
    logits = np.full(len(documents), model.network.bias, np.float32)
    early = np.full((len(documents), len(_SHARES)), model.network.bias, np.float32) if model.network.streams else None
    for which, lengths, _, readings in model.read_many(documents):
        logits[which] = model.network.final_logits(readings[-1], lengths)
        if early is not None:
            for column, (review, length) in enumerate(zip(which, lengths, strict=True)):
                words = min(len(documents[review]), model.card.max_timesteps)
                states = readings[-1][0].hidden_states[length - words : length, column]
                running = explain.running_logits(model.network, states)
                early[review] = running[[max(0, round(share * words) - 1) for share in _SHARES]]
    return logits, early


def _verdicts(logits: Array, labels: Array) -> dict[str, Any]:
    """Accuracy, loss, AUC, confusion, ROC and the threshold's effect."""
    positive = labels == 1
    predicted = logits > 0
    order = np.argsort(-logits, kind="stable")
    hits, alarms = np.cumsum(positive[order]), np.cumsum(~positive[order])
    ends = np.flatnonzero(np.append(np.diff(logits[order]), 1))  # equal scores make one point
    true_rate = np.concatenate([[0], hits[ends] / positive.sum()])
    false_rate = np.concatenate([[0], alarms[ends] / (~positive).sum()])
    points = np.unique(np.linspace(0, len(true_rate) - 1, 201).astype(int))
    probabilities = sigmoid(logits)
    losses = np.logaddexp(0, np.where(positive, -logits, logits).astype(np.float64))
    thresholds = np.round(np.arange(0.05, 1, 0.05), 2)
    return {
        "accuracy": float((predicted == positive).mean()),
        "loss": float(losses.mean()),
        "loss_deviation": float(losses.std()),
        "auc": float(np.trapezoid(true_rate, false_rate)),
        "confusion": {
            "true_positive": int((predicted & positive).sum()),
            "false_positive": int((predicted & ~positive).sum()),
            "true_negative": int((~predicted & ~positive).sum()),
            "false_negative": int((~predicted & positive).sum()),
        },
        "roc": [
            {"false_rate": round(float(false_rate[i]), 5), "true_rate": round(float(true_rate[i]), 5)} for i in points
        ],
        "thresholds": [
            {
                "threshold": float(t),
                "accuracy": float(((probabilities >= t) == positive).mean()),
                "true_positive": int(((probabilities >= t) & positive).sum()),
                "false_positive": int(((probabilities >= t) & ~positive).sum()),
            }
            for t in thresholds
        ],
    }


def _calibration(probabilities: Array, labels: Array) -> dict[str, Any]:
    """Of the reviews scored like this, how many were positive; ECE over equal-width bins (Guo et al. 2017)."""
    place = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    bins, error = [], 0.0
    for i in range(_BINS):
        inside = place == i
        n = int(inside.sum())
        mean = float(probabilities[inside].mean()) if n else None
        true = float(labels[inside].mean()) if n else None
        bins.append(
            {"from": i / _BINS, "to": (i + 1) / _BINS, "reviews": n, "mean_probability": mean, "positive": true}
        )
        if mean is not None and true is not None:
            error += n / len(labels) * abs(mean - true)
    return {"bins": bins, "expected_calibration_error": error}


def _without_duplicates(
    logits: Array, labels: Array, reviews: Iterable[imdb.Review], training: Iterable[imdb.Review]
) -> dict[str, Any]:
    """Accuracy on the test reviews whose text is not among the labelled training reviews."""
    trained = {review.text for review in training}
    fresh = np.array([review.text not in trained for review in reviews])
    return _share(((logits > 0) == (labels == 1))[fresh])


def _packed(right: Array) -> str:
    """One bit a test review, in the dataset's order, 1 where the verdict was right: two models can be compared later.

    Eight to a byte, the first review in the highest bit, as base64: 4.2 kB for 25,000 reviews, and no word of them.
    """
    return base64.b64encode(np.packbits(right).tobytes()).decode()


def _share(right: Array) -> dict[str, Any]:
    return {"reviews": len(right), "accuracy": float(right.mean()) if len(right) else None}


def _difference_to_keras(name: str, shelf: Path, documents: Sequence[Array], logits: Array, sample: int = 256) -> float:
    """Largest difference of P(positive) between our reader and the Keras network, over evenly chosen reviews."""
    network = load_network(name, shelf)
    card = read_card(shelf / name)
    limit = None if card.unread_end == "start" else card.max_timesteps  # those networks cut by themselves
    chosen = np.linspace(0, len(documents) - 1, min(sample, len(documents))).astype(int)
    by_length = sorted(chosen, key=lambda i: len(documents[i]))
    keras_says = [
        network.predict_on_batch(pad([documents[i][:limit] for i in by_length[start : start + 32]]))[:, 0]
        for start in range(0, len(by_length), 32)
    ]
    return float(np.abs(np.concatenate(keras_says) - sigmoid(logits[by_length])).max())


def _save(card: ModelCard, figures: dict[str, Any]) -> None:
    with one_move.written(card.folder / "evaluation.json") as fresh:
        fresh.write_text(json.dumps(figures, indent=1) + "\n")
    facts = artifacts.read_card(card.folder)
    facts["test_accuracy"] = round(figures["accuracy"], 5)
    facts["test"] = {
        "accuracy": round(figures["accuracy"], 5),
        "accuracy_without_duplicates": round(figures["without_duplicates"]["accuracy"], 5),
        "loss": round(figures["loss"], 5),
        "auc": round(figures["auc"], 5),
        "expected_calibration_error": round(figures["calibration"]["expected_calibration_error"], 5),
    }
    artifacts.write_card(card.folder, facts)
    from models.training.report.model_card import write_readme

    write_readme(read_card(card.folder), reading.read(figures))
