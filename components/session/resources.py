"""The only caches of the app. Models are loaded once per process and shared by all visitors; texts are never kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import streamlit as st

from models import artifacts, catalog
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.explain import epochs as growing
from models.explain import state_space
from models.explain.epochs import Growth
from models.explain.state_space import StateSpace
from models.sentiment import SentimentModel


def shelf() -> Path:
    """The folder of pretrained models; ``UNROLLED_SHELF`` names another one."""
    return Path(os.environ.get("UNROLLED_SHELF") or catalog.PRETRAINED)


def cards() -> tuple[ModelCard, ...]:
    """The models on the shelf, in display order; a folder that is put there appears by itself."""
    return _cards(str(shelf()), _fingerprint())


def damaged() -> tuple[ArtifactError, ...]:
    """Folders on the shelf whose card cannot be read."""
    return catalog.damaged_models(shelf())


def card(name: str) -> ModelCard:
    """One model's card.

    Raises:
        UnknownModel: if there is none of that name.
    """
    for found in cards():
        if found.name == name:
            return found
    raise UnknownModel(name, tuple(found.name for found in cards()))


def model(name: str) -> SentimentModel:
    """A model, ready to read.

    Raises:
        UnknownModel, ArtifactError: see ``catalog.load_model``; a failure is not cached.
    """
    stamp = next((stamp for folder, stamp in _fingerprint() if folder == name), 0)
    return _model(name, str(shelf()), stamp)


def evaluation(card: ModelCard) -> dict[str, Any] | None:
    """A model's figures on the test set; None where ``evaluation.json`` is missing or damaged."""
    try:
        return _evaluation(str(card.folder), (card.folder / "evaluation.json").stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def states(card: ModelCard) -> StateSpace:
    """Where a model's hidden states lie on the test reviews.

    Raises:
        ArtifactError: if ``states.npz`` is missing or damaged; a failure is not cached.
    """
    return _states(str(card.folder), _stamps(card, state_space.FILE), card)


def growth(card: ModelCard) -> Growth:
    """A model's readings of our examples after every epoch of its training.

    Raises:
        ArtifactError: if ``growth.npz`` is missing or damaged; a failure is not cached.
    """
    return _growth(str(card.folder), _stamps(card, growing.FILE), card)


def _stamps(card: ModelCard, file: str) -> tuple[int, ...]:
    """When a file of a model and the card with its checksum were written; 0 where there is none."""
    paths = (card.folder / file, card.folder / "card.json")
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


def _fingerprint() -> tuple[tuple[str, int], ...]:
    """What tells that the shelf has changed: each folder's newest file."""
    found = shelf()
    if not found.is_dir():
        return ()
    return tuple(
        (folder.name, max((file.stat().st_mtime_ns for file in folder.iterdir()), default=0))
        for folder in sorted(found.iterdir())
        if folder.is_dir()
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _cards(shelf_path: str, fingerprint: tuple[tuple[str, int], ...]) -> tuple[ModelCard, ...]:
    return catalog.list_models(Path(shelf_path))


@st.cache_resource(max_entries=32, show_spinner=False)
def _evaluation(folder: str, stamp: int) -> dict[str, Any]:
    return artifacts.read_evaluation(Path(folder))


@st.cache_resource(max_entries=24, show_spinner=False)
def _model(name: str, shelf_path: str, stamp: int) -> SentimentModel:
    return catalog.load_model(name, Path(shelf_path))


@st.cache_resource(max_entries=24, show_spinner=False)
def _states(folder: str, stamps: tuple[int, ...], _card: ModelCard) -> StateSpace:
    return state_space.load_states(_card)


@st.cache_resource(max_entries=24, show_spinner=False)
def _growth(folder: str, stamps: tuple[int, ...], _card: ModelCard) -> Growth:
    return growing.load_growth(_card, model(_card.name).vocabulary)
