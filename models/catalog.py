"""What is on the shelf of pretrained models, and how to take one down. JSON and NumPy only, no TensorFlow."""

from __future__ import annotations

import re
from pathlib import Path

from models import artifacts
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.nn import network
from models.sentiment import SentimentModel
from models.text import Vocabulary
from models.threads import one_blas_thread

PRETRAINED = Path(__file__).resolve().parent / "pretrained"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


def list_models(shelf: Path = PRETRAINED) -> tuple[ModelCard, ...]:
    """The models with a readable card, in display order."""
    cards = []
    for folder in _folders(shelf):
        try:
            cards.append(read_card(folder))
        except ArtifactError:
            continue
    return tuple(sorted(cards, key=lambda card: (card.order, card.name)))


def damaged_models(shelf: Path = PRETRAINED) -> tuple[ArtifactError, ...]:
    """Folders on the shelf whose card cannot be read, with the reason."""
    damaged = []
    for folder in _folders(shelf):
        try:
            read_card(folder)
        except ArtifactError as error:
            damaged.append(error)
    return tuple(damaged)


def load_model(name: str, shelf: Path = PRETRAINED) -> SentimentModel:
    """Read a model's vocabulary and weights (about 50 ms). Callers keep it: it never changes.

    Raises:
        UnknownModel: if there is no such folder.
        ArtifactError: if a file is missing, damaged, or not the one its card describes.
    """
    one_blas_thread()
    known = tuple(card.name for card in list_models(shelf))
    if not _NAME.fullmatch(name) or not (shelf / name).is_dir():
        raise UnknownModel(name, known)
    card = read_card(shelf / name)
    for file in ("model.keras", "vocabulary.txt"):
        _verify(card, file)
    try:
        vocabulary = Vocabulary.load(card.folder / "vocabulary.txt")
    except (OSError, ValueError) as error:
        raise ArtifactError(name, "vocabulary.txt", str(error)) from error
    try:
        weights = network.load(card.folder / "model.keras")
    except Exception as error:  # a damaged zip or HDF5 file fails in many ways, all of them meaning the same
        raise ArtifactError(name, "model.keras", f"it cannot be read ({type(error).__name__})") from error
    if weights.padded_to not in (0, card.max_timesteps) or (weights.padded_to > 0) != (card.unread_end == "start"):
        raise ArtifactError(name, "card.json", "it tells of another padding than the network's")
    if weights.embedding.shape[0] < len(vocabulary):
        raise ArtifactError(name, "vocabulary.txt", "it has more words than the network")
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
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise ArtifactError(folder.name, "card.json", f"{type(error).__name__}: {error}") from error


def _folders(shelf: Path) -> list[Path]:
    return sorted(p for p in shelf.glob("*") if p.is_dir() and _NAME.fullmatch(p.name)) if shelf.is_dir() else []


def _verify(card: ModelCard, file: str) -> None:
    path = card.folder / file
    if not path.is_file():
        raise ArtifactError(card.name, file, "it is missing")
    try:
        expected = card.facts["files"][file]["sha256"]
    except (KeyError, TypeError) as error:
        raise ArtifactError(card.name, "card.json", f"it has no checksum of {file}") from error
    if artifacts.sha256(path) != expected:
        raise ArtifactError(card.name, file, "it is not the file that was trained: its checksum differs")
