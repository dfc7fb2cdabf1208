"""What is on the shelf of pretrained models, and how to take one down. JSON and NumPy only, no TensorFlow."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models import artifacts
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.foreign import shelf as brought
from models.foreign.open import open_network
from models.nn import network
from models.sentiment import SentimentModel
from models.text import Vocabulary
from models.threads import one_blas_thread

__all__ = ["damaged_models", "list_models", "load_model", "open_network", "read_card"]

PRETRAINED = Path(__file__).resolve().parent / "pretrained"
FAMILIES = ("SimpleRNN", "LSTM", "GRU")
_MOST_FAILED = 200
_failed: dict[tuple[str, str, tuple[tuple[str, int, int], ...]], ArtifactError] = {}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


def list_models(shelf: Path = PRETRAINED) -> tuple[ModelCard, ...]:
    """The models with a readable card, in display order."""
    cards = [card for card in _cards(shelf) if isinstance(card, ModelCard)]
    return tuple(sorted(cards, key=lambda card: (card.order, card.name)))


def damaged_models(shelf: Path = PRETRAINED) -> tuple[ArtifactError, ...]:
    """Folders on the shelf whose card cannot be read, with the reason."""
    return tuple(error for error in _cards(shelf) if isinstance(error, ArtifactError))


def load_model(name: str, shelf: Path = PRETRAINED) -> SentimentModel:
    """Read a model's vocabulary and weights (about 50 ms). Callers keep it: it never changes.

    A model that failed is not unpacked again before one of its files has changed.

    Raises:
        UnknownModel: if there is no such folder.
        ArtifactError: if a file is missing, damaged, too large, or not the one its card describes.
    """
    one_blas_thread()
    known = tuple(card.name for card in list_models(shelf))
    if not _NAME.fullmatch(name) or not (shelf / name).is_dir():
        raise UnknownModel(name, known)
    key = (str(shelf), name, _state(shelf / name))
    if (failed := _failed.get(key)) is not None:
        raise ArtifactError(failed.model, failed.file, failed.reason)
    try:
        return _load(name, shelf)
    except ArtifactError as error:
        if len(_failed) >= _MOST_FAILED:
            _failed.clear()
        _failed[key] = ArtifactError(error.model, error.file, error.reason)
        raise


def _load(name: str, shelf: Path) -> SentimentModel:
    card = read_card(shelf / name)
    if card.facts.get("brought"):
        return brought.load(card)
    for file in ("model.keras", "vocabulary.txt"):
        artifacts.verify(card.folder, file, card.facts)
    with artifacts.blamed(name, "vocabulary.txt"):
        vocabulary = Vocabulary.load(card.folder / "vocabulary.txt")
    try:
        weights = network.load(card.folder / "model.keras")
    except Exception as error:  # a damaged zip or HDF5 file fails in many ways, all of them meaning the same
        raise ArtifactError(name, "model.keras", f"it cannot be read ({type(error).__name__})") from error
    if weights.padded_to not in (0, card.max_timesteps) or (weights.padded_to > 0) != (card.unread_end == "start"):
        raise ArtifactError(name, "card.json", "it tells of another padding than the network's")
    if weights.embedding.shape[0] < len(vocabulary):
        raise ArtifactError(name, "vocabulary.txt", "it has more words than the network")
    _fits(card, weights)
    return SentimentModel(card, vocabulary, weights)


def read_card(folder: Path) -> ModelCard:
    """One model's card.

    Raises:
        ArtifactError: if ``card.json`` is missing, damaged or of another format.
    """
    try:
        facts = artifacts.read_card(folder)
        if facts["format"] != artifacts.FORMAT:
            raise ValueError(f"format {facts['format']} is not the one this version reads")
        if facts["max_timesteps"] < 1:
            raise ValueError("max_timesteps must be at least 1")
        if facts["family"] not in FAMILIES:
            raise ValueError("its family is none that the pages can draw")
        if facts.get("brought"):
            brought.plainly_named(facts)
        units = facts["units"]
        return ModelCard(
            name=folder.name,
            title=str(facts["title"]),
            family=str(facts["family"]),
            order=int(facts.get("order", 1000)),
            summary=str(facts.get("summary", "")),
            bidirectional=bool(facts["bidirectional"]),
            layers=int(facts["layers"]),
            units=int(units[0] if isinstance(units, list) else units),
            embedding=int(facts["embedding"]),
            vocabulary=int(facts["vocabulary"]),
            max_timesteps=int(facts["max_timesteps"]),
            parameters=int(facts["parameters"]),
            test_accuracy=None if facts.get("test_accuracy") is None else float(facts["test_accuracy"]),
            folder=folder,
            facts=facts,
        )
    except Exception as error:  # whatever is wrong with one folder is that model's trouble alone
        raise ArtifactError(folder.name, "card.json", f"{type(error).__name__}: {error}") from error


def _cards(shelf: Path) -> Iterator[ModelCard | ArtifactError]:
    """The card of every folder, or what is wrong with it; none where there is no shelf, or it went away meanwhile."""
    with contextlib.suppress(OSError):
        for folder in sorted(path for path in shelf.iterdir() if _NAME.fullmatch(path.name) and path.is_dir()):
            try:
                yield read_card(folder)
            except ArtifactError as error:
                yield error


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What the files of a folder are: another value as soon as one of them is written again."""
    found = []
    for file in ("card.json", "model.keras", "model.h5", "vocabulary.txt", brought.WORDS):
        try:
            status = (folder / file).stat()
            found.append((file, status.st_mtime_ns, status.st_size))
        except OSError:
            found.append((file, 0, 0))
    return tuple(found)


def _fits(card: ModelCard, weights: network.Network) -> None:
    """Whether card and weights tell of the same network, and whether its parts fit together: it reads two words.

    Raises:
        ArtifactError: if not.
    """
    layers = weights.layers
    on_card = (card.embedding, card.layers, card.bidirectional)
    if on_card != (weights.embedding.shape[1], len(layers), any(layer.backward is not None for layer in layers)):
        raise ArtifactError(card.name, "card.json", "it tells of another network than the one in model.keras")
    try:
        ids, lengths = np.zeros((2, 1), int), np.array([2])
        logit = weights.final_logits(weights.read(ids, lengths)[-1], lengths)
    except Exception as error:  # arrays that do not fit fail in many ways
        raise ArtifactError(card.name, "model.keras", "its parts do not fit together") from error
    if not np.isfinite(logit).all():
        raise ArtifactError(card.name, "model.keras", "its weights are not all numbers")
