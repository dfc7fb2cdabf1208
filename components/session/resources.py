"""The only caches of the app. Models are loaded once per process and shared by all visitors; texts are never kept."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import streamlit as st

from components.session import brought
from models import artifacts, catalog, settings
from models import histories as saved_histories
from models.card import ModelCard
from models.errors import ArtifactError, UnknownModel
from models.explain import epochs as growing
from models.explain import state_space
from models.explain.epochs import Growth
from models.explain.search import Corpus
from models.explain.state_space import LayerStates
from models.figures.records import Figures
from models.history.history import History
from models.sentiment import SentimentModel

Found = TypeVar("Found")


def shelf() -> Path:
    """The folder of pretrained models; ``UNROLLED_SHELF`` names another one."""
    return Path(_named(os.environ.get("UNROLLED_SHELF") or ""))


@functools.cache
def _named(asked: str) -> str:
    """The shelf's path, as it is asked for in the environment: a run of a page asks eight times."""
    return str(Path(asked or catalog.PRETRAINED))


def cards() -> tuple[ModelCard, ...]:
    """The models on the shelf, in display order, then the networks that this visitor has brought."""
    return *shelf_cards(), *(model.card for model in brought.mine().values())


def shelf_cards() -> tuple[ModelCard, ...]:
    """The models on the shelf, in display order; a folder that is put there appears by itself."""
    look = _look()
    return look.once("cards", lambda: catalog.list_models(Path(look.shelf)))


def brought_cards() -> tuple[ModelCard, ...]:
    """The networks that were brought in a file: those on the shelf of one's own machine, then this visitor's."""
    return tuple(card for card in cards() if card.facts.get("brought"))


def trained_cards() -> tuple[ModelCard, ...]:
    """The models on the shelf that were trained by this project's commands: their training and test are known."""
    return tuple(card for card in shelf_cards() if not card.facts.get("brought"))


def damaged() -> tuple[ArtifactError, ...]:
    """Folders on the shelf whose card cannot be read."""
    look = _look()
    return look.once("damaged", lambda: catalog.damaged_models(Path(look.shelf)))


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
    if (own := brought.mine().get(name)) is not None:
        return own
    look = _look()

    def find() -> SentimentModel:
        return _model(name, look.shelf, look.newest(name))

    # Of a longer shelf the cache lets go what is not read, and nothing else may hold it.
    return look.once(("model", name), find) if len(look.files) <= _MOST_MODELS else find()


def evaluation(card: ModelCard) -> Figures | None:
    """A model's figures on the test set; None where ``evaluation.json`` is missing or damaged."""

    def find() -> Figures:
        return _evaluation(str(card.folder), *_stamps(card, "evaluation.json"))

    look = _look()
    try:
        return look.once(("evaluation", card.name), find) if str(card.folder.parent) == look.shelf else find()
    except (OSError, ValueError, KeyError, TypeError, ArtifactError):
        return None


def states(card: ModelCard) -> tuple[LayerStates, ...]:
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


def histories() -> tuple[dict[str, History], tuple[ArtifactError, ...]]:
    """The saved trainings of the models on the shelf, by model, and what of them cannot be read."""
    return _look().once("histories", lambda: saved_histories.collect(trained_cards()))


def damaged_steps(card: ModelCard) -> ArtifactError | None:
    """What is wrong with the finer curve of a model's training; None where it can be read."""
    return _damaged_steps(str(card.folder), _stamps(card, "steps.csv"), card)


def _stamps(card: ModelCard, file: str) -> tuple[int, ...]:
    """When a file of a model and the card with its checksum were written; 0 where there is none."""
    look = _look()
    if str(card.folder.parent) == look.shelf:
        files = look.files.get(card.folder.name, {})
        return files.get(file, 0), files.get("card.json", 0)
    paths = (card.folder / file, card.folder / "card.json")
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


@dataclass(frozen=True, slots=True)
class _Look:
    """What lay on the shelf when it was looked at: when each file of each folder was written, in ns."""

    shelf: str
    at: float
    files: dict[str, dict[str, int]]
    found: dict[Hashable, object] = field(default_factory=dict)  # until anything there changes

    def newest(self, folder: str) -> int:
        """When the folder's newest file was written; 0 where there is no such folder."""
        return max(self.files.get(folder, {}).values(), default=0)

    def once(self, what: Hashable, find: Callable[[], Found]) -> Found:
        """What is found, asked once while nothing on the shelf changes; a failure is not kept.

        Streamlit's caches hash what they are asked first, which takes its time in every run of a page.
        """
        if what not in self.found:
            self.found[what] = find()
        return cast(Found, self.found[what])


LOOK_AGAIN = 1.0  # seconds
_MOST_MODELS = 24
_looked: dict[str, _Look] = {}  # by shelf: the last look


def _look() -> _Look:
    """The shelf as it is now, or was within the last second: some 130 files are not asked again by every run."""
    found, now = _named(os.environ.get("UNROLLED_SHELF") or ""), time.monotonic()
    last = _looked.get(found)
    if last is not None and now - last.at < LOOK_AGAIN:
        return last
    files = _files(found)
    unchanged = last is not None and last.files == files
    _looked[found] = _Look(found, now, files, last.found) if last and unchanged else _Look(found, now, files)
    return _looked[found]


def look_again() -> None:
    """Forget the last look: something was just put on the shelf or taken from it here."""
    _looked.clear()


def _files(shelf_path: str) -> dict[str, dict[str, int]]:
    """When each file of each folder was written; one that goes away meanwhile is left out."""
    found: dict[str, dict[str, int]] = {}
    try:
        folders = sorted((entry for entry in os.scandir(shelf_path) if entry.is_dir()), key=lambda entry: entry.name)
    except OSError:
        return found
    for folder in folders:
        found[folder.name] = files = {}
        try:
            for entry in os.scandir(folder.path):
                files[entry.name] = entry.stat().st_mtime_ns
        except OSError:
            continue
    return found


def searched_texts(card: ModelCard, place: int, read: Callable[[], Corpus]) -> Corpus:
    """What a layer did over our own texts: read once per process, until others need the room.

    Args:
        place: of the layer.
        read: reads them where they are not kept.
    """
    kept, key = _searched(), (str(card.folder), _look().newest(card.folder.name), place)
    found = kept.pop(key, None)
    if found is None:
        found = read()
    kept[key] = found
    room = settings.value("kept_texts") * settings.MB
    while len(kept) > 1 and sum(one.size for one in list(kept.values())) > room:
        kept.pop(next(iter(kept)), None)
    return found


@st.cache_resource(max_entries=1, show_spinner=False)
def _searched() -> dict[tuple[str, int, int], Corpus]:
    return {}


@st.cache_resource(max_entries=32, show_spinner=False)
def _damaged_steps(folder: str, stamps: tuple[int, ...], _card: ModelCard) -> ArtifactError | None:
    found = saved_histories.saved_steps(_card)
    return found if isinstance(found, ArtifactError) else None


@st.cache_resource(max_entries=32, show_spinner=False)
def _evaluation(folder: str, stamp: int, card_stamp: int) -> Figures:
    return artifacts.read_evaluation(Path(folder), checked=True)


@st.cache_resource(max_entries=_MOST_MODELS, show_spinner=False)
def _model(name: str, shelf_path: str, stamp: int) -> SentimentModel:
    return catalog.load_model(name, Path(shelf_path))


@st.cache_resource(max_entries=24, show_spinner=False)
def _states(folder: str, stamps: tuple[int, ...], _card: ModelCard) -> tuple[LayerStates, ...]:
    return state_space.load_states(_card)


@st.cache_resource(max_entries=24, show_spinner=False)
def _growth(folder: str, stamps: tuple[int, ...], _card: ModelCard) -> Growth:
    return growing.load_growth(_card, model(_card.name).vocabulary)
