"""Many reviews: files, columns, streaming, export; and ``Scorer``, one model as a function for other machines."""

from models.scoring.scorer import Scorer

__all__ = ["Scorer"]
