"""Reading the ``.npz`` files of a model's folder: only arrays, never pickles, and only the file the card describes."""

from __future__ import annotations

import zipfile

import numpy as np

from models import artifacts
from models.card import ModelCard
from models.errors import ArtifactError

Array = np.ndarray

FORMAT = 1


def read_arrays(card: ModelCard, file: str) -> dict[str, Array]:
    """All arrays of a file of the model's folder.

    Raises:
        ArtifactError: if it is missing, damaged, of another format, or not the one the card gives the checksum of.
    """
    path = card.folder / file
    if not path.is_file():
        raise ArtifactError(card.name, file, "it is missing")
    if artifacts.sha256(path) != card.facts.get("files", {}).get(file, {}).get("sha256"):
        raise ArtifactError(card.name, file, "its checksum is not the one on the card")
    try:
        with np.load(path, allow_pickle=False) as saved:
            arrays = {name: saved[name] for name in saved.files}
        if int(arrays["format"]) != FORMAT:
            raise ValueError(f"format {int(arrays['format'])} is not the one this version reads")
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ArtifactError(card.name, file, f"it cannot be read ({type(error).__name__})") from error
    return arrays
