"""A brought network's figures on a labelled file of its user's own: accuracy, confusion, ROC, calibration."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from itertools import islice

import numpy as np

from models.figures import metrics
from models.figures.records import Figures
from models.scoring.columns import pick_label, pick_text
from models.scoring.decoding import TableError
from models.scoring.label_words import own_words
from models.scoring.labels import read_labels
from models.scoring.scoring import score
from models.scoring.tables import Table
from models.sentiment import SentimentModel
from models.wording import counted

Array = np.ndarray
MOST_ROWS, _AT_ONCE, _SAMPLE = 5_000, 100, 2_000
_BETWEEN_LOOKS = 20_000_000_000  # multiplications


@dataclass(frozen=True, slots=True)
class OnOwnFile:
    """What a file showed; ``summary``: how it was understood, in one line that may quote the file: plain text only."""

    figures: Figures
    summary: str


def judge(
    model: SentimentModel, data: bytes, name: str, sides: tuple[str, str], seconds: float, most_characters: int
) -> OnOwnFile:
    """Read a labelled file with a network.

    Args:
        sides: what 0 and 1 mean to it; the file's labels may be these words, or any that Batch reads.
        seconds: of work after which the rows that were read have to do.

    Raises:
        TableError: if there are no labelled texts in it.
    """
    table = Table(io.BytesIO(data), name, None, None, None, seconds)
    words = own_words([sides])
    found = list(islice(table.rows(), MOST_ROWS + 1))
    rows = found[:MOST_ROWS]
    text = pick_text(table.columns, [table.fitted(row, 0) for row in rows[:_SAMPLE]]) if rows else None
    if text is None:
        raise TableError("There is no text in it.")
    fitted = [table.fitted(row, text) for row in rows]
    label = pick_label(table.columns, fitted[:_SAMPLE], text, words)
    labels = read_labels([row[label] for row in fitted], table.columns[label], own=words) if label is not None else None
    if labels is None:
        raise TableError("There are no labels in it: a column with 0 and 1, or the two words, is needed.")
    cells = [row[text] for row in fitted]
    read_as, until = np.full(len(cells), np.nan, np.float32), time.thread_time() + seconds
    # Between two looks at the clock lie a hundred rows, or fewer with a large network.
    per_row = model.card.recurrent_parameters * model.card.max_timesteps
    at_once, read = max(1, min(_AT_ONCE, _BETWEEN_LOOKS // per_row)), 0
    while read < len(cells) and (not read or time.thread_time() < until):
        part = cells[read : read + at_once]
        read_as[read : read + len(part)] = score([model], part, most_characters).probabilities[model.card.name]
        read += len(part)
    known = np.array([value is not None for value in labels.positive]) & ~np.isnan(read_as)
    if not known.any():
        raise TableError("No row of it has both a label and a word that the network reads.")
    truth = np.array([bool(value) for value in labels.positive])
    rest = f" of the first {read:,}" if read < len(cells) or len(found) > MOST_ROWS else ""
    return OnOwnFile(
        figures_of(read_as[known], truth[known]),
        f"{counted(int(known.sum()), 'labelled row')}{rest} from column “{table.columns[text][:40]}”, labels from "
        f"“{table.columns[label or 0][:40]}”.",
    )


def figures_of(probabilities: Array, positive: Array) -> Figures:
    """Figures from P (n,) and labels (n,) bool, n at least 1; without a ROC curve where all labels are of one kind."""
    fit = metrics.fit(probabilities, positive)
    p = np.clip(probabilities.astype(np.float64), 1e-7, 1 - 1e-7)
    return Figures(
        test_reviews=fit.reviews,
        accuracy=fit.accuracy,
        loss=float(-np.log(np.where(positive, p, 1 - p)).mean()),
        auc=fit.auc,
        confusion=fit.confusion,
        official_test=False,
        calibration=metrics.calibration(probabilities, positive),
        roc=() if np.isnan(fit.auc) else fit.points,
    )
