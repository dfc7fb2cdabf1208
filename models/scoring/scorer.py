"""One model as a function of texts, to be sent to other machines: NumPy and h5py are all that it needs there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from models.card import ModelCard
from models.catalog import PRETRAINED, load_model, read_card
from models.errors import ArtifactError, UnknownModel
from models.sentiment import SentimentModel

Array = np.ndarray
# What a probability depends on. Everything else in a model's folder is there to be looked at.
_FILES = ("model.keras", "vocabulary.txt")
_BROUGHT = ("preparation", "labels", "file")  # on the card of one that was brought in a file


class Scorer:
    """P(positive) of texts: ``Scorer("gru")(["What a film!"])`` is (1,) float32.

    It is constructed where the job is planned and pickled as the model's name and checksum, a few dozen bytes. Where
    the work is done the weights are read at the first call, and refused unless they are the same.

    Args:
        name: a model of the shelf.
        checksum: as ``checksum_of`` gives it; None: that of the shelf here.
        shelf: the folder of models; None: the shelf of the installed package, on every machine its own.

    Raises:
        UnknownModel: if there is no such model.
        ArtifactError: if its files are not those of the checksum.
    """

    def __init__(self, name: str, checksum: str | None = None, shelf: Path | None = None) -> None:
        self.name, self.shelf = name, shelf
        self._model: SentimentModel | None = None
        self.checksum = checksum_of(name, shelf) if checksum is None else checksum
        self._refuse_another(checksum_of(name, shelf))

    def __call__(self, texts: Iterable[str | None]) -> Array:
        """P(positive), (n,) float32 0…1; NaN where there is no word to read, or no text at all.

        Raises:
            UnknownModel, ArtifactError: at the first call, if this machine has not the model that was meant.
        """
        documents = [text if isinstance(text, str) else "" for text in texts]
        model = self.model()
        return model.predict(documents) if documents else np.empty(0, np.float32)

    def __getstate__(self) -> dict[str, object]:
        return {"name": self.name, "checksum": self.checksum, "shelf": self.shelf}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state, _model=None)

    def __repr__(self) -> str:
        return f"Scorer({self.name!r}, {self.checksum!r})"

    @classmethod
    def of(cls, model: SentimentModel) -> Scorer:
        """The scorer of a model that was loaded already, from whatever shelf."""
        folder = model.card.folder
        return cls(folder.name, _checksum(model.card), folder.parent)

    def model(self) -> SentimentModel:
        """The model itself, read at the first call.

        Raises:
            UnknownModel, ArtifactError: if this machine has not the model that was meant.
        """
        if self._model is None:
            model = load_model(self.name, self.shelf or PRETRAINED)
            self._refuse_another(_checksum(model.card))
            self._model = model
        return self._model

    def _refuse_another(self, found: str) -> None:
        if found != self.checksum:
            raise ArtifactError(
                self.name, "model.keras", f"it is another model: its checksum is {found}, not {self.checksum}"
            )


def checksum_of(name: str, shelf: Path | None = None) -> str:
    """What tells a model from every other of its name, 64 hexadecimal digits; read from its card, in a moment.

    Raises:
        UnknownModel: if there is no such folder.
        ArtifactError: if its card cannot be read or says nothing of its files.
    """
    folder = (shelf or PRETRAINED) / name
    if not name.isidentifier() or not folder.is_dir():
        raise UnknownModel(name, ())
    return _checksum(read_card(folder))


def _checksum(card: ModelCard) -> str:
    brought = bool(card.facts.get("brought"))
    parts = [json.dumps(card.facts.get(part), sort_keys=True) for part in _BROUGHT] if brought else []
    checksums = [card.checksum(file) for file in (["words.json"] if brought else _FILES)]
    if None in checksums or "null" in parts:
        raise ArtifactError(card.name, "card.json", "it lacks the checksums of its files")
    # How much of a long review is read stands on the card alone.
    parts += [*map(str, checksums), str(card.max_timesteps), card.unread_end]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
