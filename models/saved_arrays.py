"""Reading the ``.npz`` files of a model's folder: only arrays, never pickles, and only the file the card describes."""

from __future__ import annotations

import numpy as np

from models import artifacts, limited
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
    artifacts.verify(card.name, card.folder, file, card.facts)
    try:
        arrays = limited.arrays(path)
        if int(arrays["format"]) != FORMAT:
            raise ValueError(f"format {int(arrays['format'])} is not the one this version reads")
    except Exception as error:  # a damaged zip fails in many ways, all of them meaning the same
        raise ArtifactError(card.name, file, f"it cannot be read ({type(error).__name__})") from error
    return arrays
